-- Two indexes side by side, attached as earlier and later. Each numbers digests and repositories by itself, so first
-- comes what the same one is called in the other. A blob that the earlier run deleted and that is there again was
-- pushed again: it is new.

CREATE TEMP TABLE same_digest (earlier INTEGER PRIMARY KEY, later INTEGER NOT NULL);
INSERT INTO same_digest SELECT e.id, l.id FROM earlier.digest e JOIN later.digest l ON l.text = e.text;
CREATE TEMP TABLE same_repository (earlier INTEGER PRIMARY KEY, later INTEGER NOT NULL);
INSERT INTO same_repository SELECT e.id, l.id FROM earlier.repository e JOIN later.repository l ON l.name = e.name;

-- now: its number in the later index; NULL if it is not there any more.
CREATE TEMP TABLE blob_then (id INTEGER PRIMARY KEY, now INTEGER, size INTEGER, eligible INTEGER, deleted INTEGER);
INSERT INTO blob_then
  SELECT b.digest, l.digest, b.size,
    EXISTS (SELECT 1 FROM earlier.eligible x WHERE x.digest = b.digest AND x.kind = 'blob' AND x.repository = 0),
    EXISTS (SELECT 1 FROM earlier.deletion x WHERE x.digest = b.digest AND x.kind = 'blob' AND x.repository = 0
      AND x.outcome = 'deleted')
  FROM earlier.blob b LEFT JOIN same_digest s ON s.earlier = b.digest LEFT JOIN later.blob l ON l.digest = s.later;
CREATE INDEX blob_then_now ON blob_then (now);

-- known: whether the earlier run had it, and left it. was: whether it was eligible then.
CREATE TEMP TABLE blob_now (id INTEGER PRIMARY KEY, size INTEGER, eligible INTEGER, deleted INTEGER, known INTEGER,
  was INTEGER);
INSERT INTO blob_now
  SELECT b.digest, b.size,
    EXISTS (SELECT 1 FROM later.eligible x WHERE x.digest = b.digest AND x.kind = 'blob' AND x.repository = 0),
    EXISTS (SELECT 1 FROM later.deletion x WHERE x.digest = b.digest AND x.kind = 'blob' AND x.repository = 0
      AND x.outcome = 'deleted'),
    t.id IS NOT NULL AND NOT t.deleted, coalesce(t.eligible AND NOT t.deleted, 0)
  FROM later.blob b LEFT JOIN blob_then t ON t.now = b.digest;

CREATE TEMP TABLE manifest_then (
  id INTEGER, repository INTEGER, now INTEGER, there INTEGER, eligible INTEGER, deleted INTEGER,
    PRIMARY KEY (id, repository)
) WITHOUT ROWID;
INSERT INTO manifest_then
  SELECT m.digest, m.repository, l.digest, l.repository,
    EXISTS (SELECT 1 FROM earlier.eligible x WHERE x.digest = m.digest AND x.kind = 'manifest'
      AND x.repository = m.repository),
    EXISTS (
      SELECT 1 FROM earlier.deletion x
      WHERE x.digest = m.digest AND x.kind = 'manifest' AND x.repository = m.repository AND x.outcome = 'deleted')
  FROM earlier.manifest m LEFT JOIN same_digest d ON d.earlier = m.digest
    LEFT JOIN same_repository r ON r.earlier = m.repository
  LEFT JOIN later.manifest l ON l.digest = d.later AND l.repository = r.later
  WHERE NOT m.dangling;
CREATE INDEX manifest_then_now ON manifest_then (now, there);

CREATE TEMP TABLE manifest_now (
  id INTEGER, repository INTEGER, eligible INTEGER, deleted INTEGER, known INTEGER, was INTEGER,
    PRIMARY KEY (id, repository)
) WITHOUT ROWID;
INSERT INTO manifest_now
  SELECT m.digest, m.repository,
    EXISTS (SELECT 1 FROM later.eligible x WHERE x.digest = m.digest AND x.kind = 'manifest'
      AND x.repository = m.repository),
    EXISTS (
      SELECT 1 FROM later.deletion x
      WHERE x.digest = m.digest AND x.kind = 'manifest' AND x.repository = m.repository AND x.outcome = 'deleted'),
    t.id IS NOT NULL AND NOT t.deleted, coalesce(t.eligible AND NOT t.deleted, 0)
  FROM later.manifest m LEFT JOIN manifest_then t ON t.now = m.digest AND t.there = m.repository
  WHERE NOT m.dangling;

-- The bytes of the blobs that a repository links or holds, each counted in full in every one of them.
CREATE TEMP TABLE bytes_then (name TEXT PRIMARY KEY, bytes INTEGER);
INSERT INTO bytes_then
  SELECT r.name, coalesce(sum(u.size), 0) FROM earlier.repository r LEFT JOIN (
    SELECT l.repository, b.size FROM earlier.layer l JOIN earlier.blob b ON b.digest = l.digest
    UNION ALL
    SELECT m.repository, b.size FROM earlier.manifest m JOIN earlier.blob b ON b.digest = m.digest
    WHERE NOT EXISTS (SELECT 1 FROM earlier.layer l WHERE l.digest = m.digest AND l.repository = m.repository)
  ) u ON u.repository = r.id GROUP BY r.id;
CREATE TEMP TABLE bytes_now (name TEXT PRIMARY KEY, bytes INTEGER);
INSERT INTO bytes_now
  SELECT r.name, coalesce(sum(u.size), 0) FROM later.repository r LEFT JOIN (
    SELECT l.repository, b.size FROM later.layer l JOIN later.blob b ON b.digest = l.digest
    UNION ALL
    SELECT m.repository, b.size FROM later.manifest m JOIN later.blob b ON b.digest = m.digest
    WHERE NOT EXISTS (SELECT 1 FROM later.layer l WHERE l.digest = m.digest AND l.repository = m.repository)
  ) u ON u.repository = r.id GROUP BY r.id;
