package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.index.IndexReader;

/**
 * The queries to an index that explain one digest or one tag. Each looks up rows by a key: none reads a large table
 * from end to end.
 */
enum Question implements IndexReader.Query {
    DIGEST("SELECT id, text FROM digest WHERE text = ?"),
    DIGESTS_BETWEEN("SELECT id, text FROM digest WHERE text >= ? AND text < ? ORDER BY text LIMIT ?"),
    TEXT("SELECT text FROM digest WHERE id = ?"),
    REPOSITORY("SELECT id FROM repository WHERE name = ?"),
    REPOSITORY_NAME("SELECT name FROM repository WHERE id = ?"),

    BLOB("SELECT size, modified, pinned FROM blob WHERE digest = ?"),
    MANIFEST("""
      SELECT repository, media_type, size, modified, subject, pinned, dangling FROM manifest WHERE digest = ?
        AND repository = ?"""),
    MANIFESTS("""
      SELECT repository, media_type, size, modified, subject, pinned, dangling FROM manifest WHERE digest = ?
      ORDER BY repository LIMIT ?"""),
    /** A leftover, by any of its records. */
    LEFTOVER("""
      SELECT kind, repository, path FROM leftover WHERE digest = ?1
      UNION ALL SELECT kind, repository, tag FROM eligible WHERE digest = ?1
      UNION ALL SELECT kind, repository, tag FROM deletion WHERE digest = ?1 LIMIT 1"""),
    FOUND_LEFTOVER("""
      SELECT modified, bytes, pinned, EXISTS (SELECT 1 FROM abandoned a WHERE a.digest = f.digest) AS goes
      FROM leftover f WHERE f.digest = ?"""),
    LINK("SELECT repository, modified, target, pinned FROM layer WHERE digest = ? AND repository = ?"),
    LINKS("SELECT repository, modified, target, pinned FROM layer WHERE digest = ? ORDER BY repository LIMIT ?"),
    COUNT_MANIFESTS("SELECT count(*) FROM manifest WHERE digest = ?"),
    COUNT_LINKS("SELECT count(*) FROM layer WHERE digest = ?"),
    DANGLING("SELECT 1 FROM manifest WHERE digest = ? AND repository = ? AND dangling = 1"),
    COUNT_HOLDERS("""
      SELECT count(*) FROM (SELECT repository FROM manifest WHERE digest = ?1 UNION SELECT repository FROM layer
        WHERE digest = ?1)"""),
    FIRST_MODIFIED("""
      SELECT min(modified) AS modified FROM
        (SELECT modified FROM manifest WHERE digest = ?1 UNION ALL SELECT modified FROM layer WHERE digest = ?1)"""),

    /** The manifest that a tag names; a dangling one as well. */
    TAG("SELECT digest FROM tag WHERE repository = ? AND name = ? AND current = 1"),
    TAG_HISTORY("SELECT digest FROM tag WHERE repository = ? AND name = ? AND current = 0"),
    TAGS_OF("SELECT name FROM tag WHERE digest = ? AND repository = ? AND current = ? ORDER BY name LIMIT ?"),
    /** A tag that stays. */
    STAYING_TAG_OF(
            "SELECT name FROM tag WHERE digest = ? AND repository = ? AND current = 1 AND going IS NULL ORDER BY name "
                    + "LIMIT 1"),
    TAG_VERDICT(
            "SELECT kept, policy, rule, why, until FROM tagged WHERE repository = ? AND name = ? AND kept IS NOT NULL"),
    TAG_PULLED("SELECT pulled FROM tagged WHERE repository = ? AND name = ? AND pulled IS NOT NULL"),
    PULLS_SINCE("SELECT json_extract(json, '$.pullsSince') FROM life WHERE type = 'enumerated' "
            + "AND json_extract(json, '$.pullsSince') IS NOT NULL"),
    TAG_ELIGIBLE("SELECT 1 FROM eligible WHERE digest = ? AND kind = 'tag' AND repository = ? AND tag = ?"),
    /** Why a policy lets a manifest go: for a tag that goes, or as no tag names it. */
    LET_GO("""
      SELECT coalesce(
        (SELECT 'its tag ' || t.name || ' goes' || coalesce(' by ' || g.rule, '') || ': ' || g.why
         FROM tag t JOIN tagged g ON g.repository = t.repository AND g.name = t.name
         WHERE t.digest = m.digest AND t.repository = m.repository AND t.going IS NOT NULL ORDER BY t.name LIMIT 1),
        'the policy lets go what no tag names')
      FROM manifest m WHERE m.digest = ? AND m.repository = ? AND m.let_go = 1"""),
    COUNT_TAGS_OF("SELECT count(*) FROM tag WHERE digest = ? AND repository = ? AND current = ?"),
    /** Another tag, in whatever repository, whose image the digest is. */
    OTHER_TAG("""
      SELECT t.repository, t.name FROM tag t JOIN manifest m ON m.digest = t.digest AND m.repository = t.repository
      WHERE t.digest = ? AND t.current = 1 AND t.going IS NULL AND m.dangling = 0
        AND NOT (t.repository = ? AND t.name = ?) LIMIT 1"""),
    HELD_ELSEWHERE("SELECT repository FROM manifest WHERE digest = ? AND repository <> ? AND dangling = 0 LIMIT 1"),
    PINNED("""
      SELECT repository, pinned FROM manifest WHERE digest = ?1 AND pinned IS NOT NULL
      UNION ALL SELECT repository, pinned FROM layer WHERE digest = ?1 AND pinned IS NOT NULL
      UNION ALL SELECT NULL, pinned FROM blob WHERE digest = ?1 AND pinned IS NOT NULL"""),

    /** The references of a manifest, in each repository that holds it. */
    CHILDREN("SELECT repository, position, child, optional, wrong FROM named WHERE parent = ? ORDER BY repository, "
            + "position"),
    /** A live manifest that says another size of a blob than that has. */
    WRONG_SIZE("""
      SELECT n.parent, n.repository, n.wrong FROM named n JOIN live l ON l.digest = n.parent
      WHERE n.child = ? AND n.wrong IS NOT NULL ORDER BY n.parent, n.repository LIMIT 1"""),
    PARENTS("""
      SELECT r.parent, r.repository, r.position, r.optional, l.digest IS NOT NULL AS live
      FROM reference r LEFT JOIN live l ON l.digest = r.parent WHERE r.child = ? LIMIT ?"""),
    COUNT_PARENTS("""
      SELECT count(DISTINCT r.parent), count(DISTINCT l.digest), min(r.optional)
      FROM reference r LEFT JOIN live l ON l.digest = r.parent WHERE r.child = ?"""),
    POSITION("SELECT position, optional FROM reference WHERE child = ? AND parent = ? AND repository = ? ORDER BY "
            + "position LIMIT 1"),
    LIVE_PARENTS("""
      SELECT r.parent, r.repository FROM reference r JOIN live l ON l.digest = r.parent WHERE r.child = ?"""),
    /** In one repository: of those that hold what references it there, the one that is nearest to a root. */
    NEAREST_PARENT("""
      SELECT r.parent FROM reference r JOIN live l ON l.digest = r.parent
      WHERE r.child = ? AND r.repository = ? ORDER BY l.distance, r.parent LIMIT 1"""),
    /** In one repository: the manifest that one refers to, if it is live, and held there. */
    LIVE_SUBJECT("""
      SELECT m.subject FROM manifest m JOIN manifest s ON s.digest = m.subject AND s.repository = m.repository
      JOIN live l ON l.digest = s.digest WHERE m.digest = ? AND m.repository = ?"""),
    /** In whatever repository. */
    LIVE_SUBJECTS("""
      SELECT m.subject, m.repository FROM manifest m JOIN manifest s ON s.digest = m.subject
        AND s.repository = m.repository
      JOIN live l ON l.digest = s.digest WHERE m.digest = ?"""),
    /** The manifests that refer to one, in each repository that holds that. */
    REFERRERS("""
      SELECT m.digest, m.repository FROM manifest s JOIN manifest m ON m.subject = s.digest
        AND m.repository = s.repository
      WHERE s.digest = ? ORDER BY m.repository, m.digest"""),
    TARGET("SELECT target FROM layer WHERE digest = ? AND repository = ? AND target IS NOT NULL"),
    /** Live links, in whatever repository, whose content names the digest. */
    LIVE_ALIASES("""
      SELECT a.digest, a.repository FROM layer a
      JOIN live_link k ON k.digest = a.digest AND k.repository = a.repository WHERE a.target = ?"""),
    /** The tags from which a digest can be reached. */
    TAGS_ABOVE("""
      WITH RECURSIVE above(digest) AS (
        VALUES (?)
        UNION SELECT r.parent FROM above a JOIN reference r ON r.child = a.digest
        UNION SELECT s.digest FROM above a JOIN manifest m ON m.digest = a.digest
          JOIN manifest s ON s.digest = m.subject AND s.repository = m.repository
        UNION SELECT l.digest FROM above a JOIN layer l ON l.target = a.digest)
      SELECT count(*), count(DISTINCT t.repository)
      FROM above a CROSS JOIN tag t ON t.digest = a.digest AND t.current = 1
      CROSS JOIN manifest m ON m.digest = t.digest AND m.repository = t.repository AND m.dangling = 0"""),

    LIVE("SELECT rule, distance, parent, repository FROM live WHERE digest = ?"),
    LIVE_LINK("SELECT 1 FROM live_link WHERE digest = ? AND repository = ?"),
    /** The repository is 0 for a blob. */
    ELIGIBLE("""
      SELECT bytes, reason, since FROM eligible WHERE digest = ? AND kind = ? AND repository = ?
        ORDER BY record DESC LIMIT 1"""),
    /** The last record counts. */
    DELETION("""
      SELECT outcome, bytes, why, keep, at FROM deletion
      WHERE digest = ? AND kind = ? AND repository = ? AND (kind <> 'tag' OR tag = ?)
      ORDER BY record DESC, at DESC LIMIT 1"""),
    /** The last record counts: what could not be purged, after that was begun, may be restored. */
    WAY_OUT("""
      SELECT outcome, why, asked_by, at FROM trash
      WHERE digest = ? AND kind = ? AND repository = ? AND (kind <> 'tag' OR tag = ?)
      ORDER BY record DESC, at DESC LIMIT 1"""),
    SINCE("SELECT min(since) FROM eligible WHERE digest = ? AND kind <> 'tag'"),
    COUNT_ELIGIBLE("SELECT kind, count(*) FROM eligible WHERE digest = ? AND kind <> 'tag' GROUP BY kind"),
    COUNT_DELETIONS("SELECT kind, outcome, count(*) FROM deletion WHERE digest = ? AND kind <> 'tag' GROUP BY kind, "
            + "outcome"),
    /** There are few problems: each repository reports a handful. */
    PROBLEM("SELECT why FROM problem WHERE place = ? LIMIT 1");

    private final String sql;

    Question(String sql) {
        this.sql = sql;
    }

    @Override
    public String sql() {
        return sql;
    }
}
