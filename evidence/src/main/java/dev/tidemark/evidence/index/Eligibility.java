package dev.tidemark.evidence.index;

/** The tags, manifests, layer links, blobs and leftovers that are eligible, as they follow from what is live. */
public final class Eligibility {

    /** Of an index: what its tables {@code live} and {@code live_link} leave, and the tags that a policy lets go. */
    public static final String SELECT = """
        SELECT t.digest, 'tag' AS kind, t.repository, t.name AS tag, 0 AS bytes, 'the policy lets it go' AS reason,
          t.going AS modified, m.record
        FROM tag t JOIN manifest m ON m.digest = t.digest AND m.repository = t.repository
        WHERE t.current AND t.going IS NOT NULL AND NOT m.dangling
        UNION ALL
        SELECT m.digest, 'manifest', m.repository, '', 0, 'no tag names it, and nothing live references it',
          m.modified, m.record
        FROM manifest m
        WHERE NOT m.dangling AND NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = m.digest)
        UNION ALL
        SELECT k.digest, 'layer', k.repository, '', 0, 'no live manifest of the repository references it', k.modified,
          k.record
        FROM layer k
        WHERE NOT EXISTS (SELECT 1 FROM live_link n WHERE n.digest = k.digest AND n.repository = k.repository)
          AND NOT (EXISTS (SELECT 1 FROM live l WHERE l.digest = k.digest)
            AND EXISTS (SELECT 1 FROM manifest m WHERE m.digest = k.digest AND m.repository = k.repository))
        UNION ALL
        SELECT b.digest, 'blob', 0, '', b.size, 'nothing live references it', b.modified, b.record
        FROM blob b WHERE NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = b.digest)
        UNION ALL
        SELECT a.digest, a.kind, a.repository, a.path, a.bytes,
          CASE a.kind WHEN 'upload' THEN 'nobody has finished it' WHEN 'multipart' THEN 'nobody has finished it'
            WHEN 'link' THEN 'what it names is not there' ELSE 'nothing is in it' END, a.modified, a.record
        FROM abandoned a""";

    private Eligibility() {}
}
