-- The records of one run: one SQLite file a run. Records go in as they are; the tables under "computed" are worked out
-- from them by plain SQL, which shares nothing with the marker.

-- Where the index is up to date to: the next offset that is to be read, the first that is still there, and when that
-- was written (NULL if there is none), and the first that was read: what is older than the run can be left out.
CREATE TABLE source (
  topic TEXT NOT NULL, partition INTEGER NOT NULL, log_start INTEGER NOT NULL, next INTEGER NOT NULL,
  start_at INTEGER, read_from INTEGER NOT NULL,
  PRIMARY KEY (topic, partition)
) WITHOUT ROWID;

-- Every record of the run, and how many digests it carries: the coordinates of all evidence.
CREATE TABLE record (
  id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL, at INTEGER NOT NULL,
  type TEXT NOT NULL
);

-- Records that came twice: the first is in its own table, the others are here. kind: manifest, layer, blob, repository.
CREATE TABLE duplicate (kind TEXT NOT NULL, digest INTEGER, repository INTEGER, record INTEGER NOT NULL);

-- Records that lie where they don't belong: of another topic, or with a digest of another partition.
CREATE TABLE misplaced (record INTEGER NOT NULL, why TEXT NOT NULL);

-- The sum of the checksums of the run's records in a partition, barriers left out. records: how many they are.
CREATE TABLE checksum (
  topic TEXT NOT NULL, partition INTEGER NOT NULL, records INTEGER NOT NULL, sum TEXT NOT NULL,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;

-- The run's own records of the topics runs, work and work.done, and all barriers, as JSON. type: as the record says it;
-- also end-of-approved (of the dry run that this run approves), later-request (of a later run), unreadable (of whatever
-- run: why) and rejected (of whatever run: its key).
CREATE TABLE life (record INTEGER PRIMARY KEY REFERENCES record, type TEXT NOT NULL, json TEXT NOT NULL);
CREATE INDEX life_of ON life (type);

-- text: algorithm:hex.
CREATE TABLE digest (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
-- going: how many of the tags a policy lets go. tagged: the checksum of the repository's records in tags. checksum: of
-- its own record, where there is one.
CREATE TABLE repository (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, manifests INTEGER, tags INTEGER, going INTEGER,
    layer_links INTEGER, tagged TEXT, record INTEGER,
  checksum TEXT
);
CREATE TABLE problem (repository INTEGER, kind TEXT NOT NULL, place TEXT NOT NULL, why TEXT NOT NULL,
  record INTEGER NOT NULL);

-- Times are ms since the epoch, sizes are bytes. pinned: why it is kept whatever else, or NULL. subject: the manifest
-- that it refers to, or NULL. let_go: 1 if a policy lets it go where no tag that stays names it.
CREATE TABLE blob (
  digest INTEGER PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, pinned TEXT, record INTEGER NOT NULL
);
CREATE TABLE manifest (
  digest INTEGER NOT NULL, repository INTEGER NOT NULL, media_type TEXT, size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
  subject INTEGER, pinned TEXT, let_go INTEGER NOT NULL, dangling INTEGER NOT NULL, record INTEGER NOT NULL,
  PRIMARY KEY (digest, repository)
) WITHOUT ROWID;
CREATE INDEX referrer_of ON manifest (subject, repository) WHERE subject IS NOT NULL;
-- The tags that the records of manifests have. current: 1 if the tag names the manifest, 0 if it only has it in its
-- history. going: when it was pushed, if a policy lets it go; NULL if it stays.
CREATE TABLE tag (
  repository INTEGER NOT NULL, name TEXT NOT NULL, digest INTEGER NOT NULL, current INTEGER NOT NULL, going INTEGER,
  PRIMARY KEY (repository, name, current, digest)
) WITHOUT ROWID;
CREATE INDEX tag_of ON tag (digest, repository);
-- The records of the topic tags, and the checksum of each.
CREATE TABLE tag_pack (record INTEGER PRIMARY KEY REFERENCES record, repository INTEGER NOT NULL, sum TEXT NOT NULL);
-- The tags that they have. history: what it has named, a JSON array of {digest, pushed}. held: why it stays whatever a
-- policy says, or NULL. subject: JSON, what is known of the subject of a tag of referrers, or NULL. kept to until: the
-- policy's verdict; all NULL if there is no policy.
CREATE TABLE tagged (
  repository INTEGER NOT NULL, name TEXT NOT NULL, digest INTEGER NOT NULL, pushed INTEGER NOT NULL,
    pulled INTEGER, history TEXT NOT NULL, held TEXT, subject TEXT,
  kept INTEGER, policy TEXT, rule TEXT, why TEXT, until INTEGER, record INTEGER NOT NULL,
  PRIMARY KEY (repository, name)
) WITHOUT ROWID;
-- optional: kept as well, and its absence is no damage. said: the size that the manifest says, or NULL.
CREATE TABLE reference (
  parent INTEGER NOT NULL, repository INTEGER NOT NULL, position INTEGER NOT NULL, child INTEGER NOT NULL,
    optional INTEGER NOT NULL, said INTEGER,
  PRIMARY KEY (parent, repository, position)
) WITHOUT ROWID;
CREATE INDEX reference_to ON reference (child);
-- References with what is known of the blob's size. size: NULL if it is not there. wrong: what the manifest says, if that
-- is another. A blob without size and time is one that nobody could look at.
CREATE VIEW named AS
  SELECT r.parent, r.repository, r.position, r.child, r.optional, b.size,
    CASE WHEN r.said <> b.size AND NOT (b.size = 0 AND b.modified = 0) THEN r.said END AS wrong
  FROM reference r LEFT JOIN blob b ON b.digest = r.child;
-- target: the digest that the link's content names, if it is another.
CREATE TABLE layer (
  digest INTEGER NOT NULL, repository INTEGER NOT NULL, modified INTEGER NOT NULL, target INTEGER, pinned TEXT,
  record INTEGER NOT NULL,
  PRIMARY KEY (digest, repository)
) WITHOUT ROWID;
CREATE INDEX layer_in ON layer (repository);
CREATE INDEX layer_target ON layer (target) WHERE target IS NOT NULL;
-- Leftovers. digest: of the whole path. kind: upload, multipart, directory, repository, link. repository: 0 for a blob's
-- directory, and for a multipart upload that is of none. path: below that of the repository; empty for a repository.
-- pinned: why it is kept, or NULL. abandoned:
-- those that are old enough for the run.
CREATE TABLE leftover (
  digest INTEGER PRIMARY KEY, kind TEXT NOT NULL, repository INTEGER NOT NULL, path TEXT NOT NULL,
    modified INTEGER NOT NULL, bytes INTEGER NOT NULL, pinned TEXT, record INTEGER NOT NULL
);
CREATE VIEW abandoned AS
  SELECT * FROM leftover WHERE pinned IS NULL
    AND modified < (SELECT max(json_extract(json, '$.options.leftovers')) FROM life WHERE type = 'start-of-input')
    AND modified < (SELECT max(json_extract(json, '$.options.cutoff')) FROM life WHERE type = 'start-of-input');

-- The marker's records. exchange: each record of marks, as numbered by its sender; superstep and sent: of barriers.
CREATE TABLE exchange (
  record INTEGER PRIMARY KEY REFERENCES record, sender INTEGER NOT NULL, sequence INTEGER NOT NULL,
    receiver INTEGER NOT NULL,
  marks INTEGER NOT NULL, superstep INTEGER, sent INTEGER
);
CREATE TABLE mark (
  parent INTEGER NOT NULL, repository INTEGER NOT NULL, child INTEGER NOT NULL, optional INTEGER NOT NULL,
    said INTEGER, record INTEGER NOT NULL
);
-- A manifest's subject was told who refers to it.
CREATE TABLE referral (
  referrer INTEGER NOT NULL, repository INTEGER NOT NULL, subject INTEGER NOT NULL, record INTEGER NOT NULL
);
-- kind: tag, manifest, layer, blob, or that of a leftover. repository: 0 for a blob. tag: its name, or a leftover's
-- path; empty for anything else. history: a JSON array of tags. since: the run id from which on it was not live, or a
-- policy let the tag go.
CREATE TABLE eligible (
  digest INTEGER NOT NULL, kind TEXT NOT NULL, repository INTEGER NOT NULL, tag TEXT NOT NULL, bytes INTEGER NOT NULL,
    reason TEXT NOT NULL,
  modified INTEGER NOT NULL, since TEXT, history TEXT, record INTEGER NOT NULL
);
CREATE INDEX eligible_of ON eligible (digest, kind, repository, tag);
-- The eligible records of the dry run that this run approves, as far as they are still there.
CREATE TABLE approved (digest INTEGER NOT NULL, kind TEXT NOT NULL, repository INTEGER NOT NULL, tag TEXT NOT NULL,
  record INTEGER NOT NULL);
CREATE INDEX approved_of ON approved (digest, kind, repository, tag);
-- The sweeper's records. outcome: deleted, already-gone, spared, failed. keep: how long the trash keeps it at
-- least, in ms, or NULL.
CREATE TABLE deletion (
  digest INTEGER NOT NULL, kind TEXT NOT NULL, repository INTEGER NOT NULL, tag TEXT NOT NULL, outcome TEXT NOT NULL,
  bytes INTEGER NOT NULL, why TEXT,
  keep INTEGER, at INTEGER NOT NULL, record INTEGER NOT NULL
);
CREATE INDEX deletion_of ON deletion (digest, kind, repository, tag);
CREATE INDEX deletion_of_tag ON deletion (repository, tag) WHERE kind = 'tag';
CREATE INDEX deletion_of_link ON deletion (repository, tag) WHERE kind = 'link';
-- The ways out of the trash of what this run swept. digest: that of a tag is as its deletion has it, or NULL. kind: that
-- of the deletion, too: a record can't tell a dangling link from a tag or a manifest. outcome:
-- restored, purging, purged. asked_by: the user and the command, or NULL. Of what was purged: since when it was there,
-- how long it had to be, in ms, and when the look began that found no need of it.
CREATE TABLE trash (
  digest INTEGER, kind TEXT NOT NULL, repository INTEGER NOT NULL, tag TEXT NOT NULL, outcome TEXT NOT NULL,
  bytes INTEGER NOT NULL, why TEXT,
  asked_by TEXT, since INTEGER, least INTEGER, looked INTEGER, at INTEGER NOT NULL, record INTEGER NOT NULL
);
CREATE INDEX trash_of ON trash (digest, kind, repository, tag);

-- Computed: the least fixed point of the rules of what is live (docs/design.md, "The live set"). rule: tag,
-- untagged-root, young-manifest, pinned, young-blob, young-link, reference, referrer, alias. distance: from a root,
-- along the shortest chain; parent and repository: the step before, NULL for a root but for the repository that makes
-- it one.
CREATE TABLE live (
  digest INTEGER PRIMARY KEY, rule TEXT NOT NULL, distance INTEGER NOT NULL, parent INTEGER, repository INTEGER
);
CREATE TABLE live_link (digest INTEGER NOT NULL, repository INTEGER NOT NULL,
  PRIMARY KEY (digest, repository)) WITHOUT ROWID;
