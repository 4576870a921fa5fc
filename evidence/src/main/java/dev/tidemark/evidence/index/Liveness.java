package dev.tidemark.evidence.index;

import java.sql.Connection;
import java.util.List;

/**
 * Computes the live digests, by the rules of docs/design.md, from the tables by plain SQL, level by level: all roots,
 * then the digests that these lead to in one step, in two, until a step finds nothing new. The first step that reaches
 * a digest is so the last of a shortest chain.
 */
public final class Liveness {

    private final Connection connection;
    private final long cutoff;
    private final boolean deleteUntagged;

    public Liveness(Connection connection, long cutoff, boolean deleteUntagged) {
        this.connection = connection;
        this.cutoff = cutoff;
        this.deleteUntagged = deleteUntagged;
    }

    /** Fills {@code live} and {@code live_link}. */
    public void compute() {
        Sql.runAll(
                connection,
                List.of(
                        "DELETE FROM live",
                        "DELETE FROM live_link",
                        "CREATE TEMP TABLE frontier (digest INTEGER PRIMARY KEY, rule TEXT NOT NULL, parent "
                                + "INTEGER, repository INTEGER)",
                        "CREATE TEMP TABLE next (digest INTEGER PRIMARY KEY, rule TEXT NOT NULL, parent INTEGER, "
                                + "repository INTEGER)",
                        "CREATE TEMP TABLE alias AS SELECT digest, repository, target, 0 AS followed FROM layer "
                                + "WHERE target IS NOT NULL"));
        roots();
        int distance = 0;
        while (settle(distance)) {
            distance++;
            step();
        }
        Sql.runAll(connection, List.of("DROP TABLE temp.frontier", "DROP TABLE temp.next", "DROP TABLE temp.alias"));
    }

    /**
     * Rules 1 and 3. A dangling manifest protects nothing, and nor does a tag that a policy lets go. Of several rules
     * that make a digest a root, the first counts.
     */
    private void roots() {
        root("tag", """
        SELECT m.digest, min(m.repository) FROM manifest m JOIN tag t ON t.digest = m.digest
          AND t.repository = m.repository
        WHERE t.current AND t.going IS NULL AND NOT m.dangling GROUP BY m.digest""");
        if (!deleteUntagged) {
            root(
                    "untagged-root",
                    "SELECT digest, min(repository) FROM manifest WHERE NOT dangling AND NOT let_go GROUP BY digest");
        }
        root(
                "pinned",
                "SELECT digest, min(repository) FROM manifest WHERE pinned IS NOT NULL AND NOT dangling GROUP BY "
                        + "digest");
        root("pinned", "SELECT digest, min(repository) FROM layer WHERE pinned IS NOT NULL GROUP BY digest");
        root("pinned", "SELECT digest, NULL FROM blob WHERE pinned IS NOT NULL");
        root(
                "young-manifest",
                "SELECT digest, min(repository) FROM manifest WHERE modified >= ? AND NOT dangling GROUP BY digest",
                cutoff);
        root("young-link", "SELECT digest, min(repository) FROM layer WHERE modified >= ? GROUP BY digest", cutoff);
        root("young-blob", "SELECT digest, NULL FROM blob WHERE modified >= ?", cutoff);
        Sql.run(
                connection,
                "INSERT OR IGNORE INTO live_link SELECT digest, repository FROM layer WHERE modified >= ? OR "
                        + "pinned IS NOT NULL",
                cutoff);
    }

    private void root(String rule, String select, Object... values) {
        Sql.run(
                connection,
                "WITH root (digest, repository) AS (" + select + ") INSERT OR IGNORE INTO temp.next SELECT digest, '"
                        + rule + "', NULL, repository FROM root",
                values);
    }

    /** Takes what the last step found as live; false if that was nothing. */
    private boolean settle(int distance) {
        Sql.runAll(
                connection,
                List.of(
                        "DELETE FROM temp.frontier",
                        "INSERT INTO temp.frontier SELECT * FROM temp.next",
                        "DELETE FROM temp.next"));
        int found = Sql.run(
                connection, "INSERT INTO live SELECT digest, rule, ?, parent, repository FROM temp.frontier", distance);
        boolean aliased = followAliases();
        return found > 0 || aliased;
    }

    /**
     * Rule 2: what a live digest references in each repository that holds it as a manifest, and the links to that.
     * Rule 4: what refers to it there.
     */
    private void step() {
        Sql.run(connection, """
        INSERT OR IGNORE INTO temp.next SELECT r.child, 'reference', r.parent, r.repository
        FROM temp.frontier f JOIN reference r ON r.parent = f.digest
        WHERE NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = r.child)""");
        Sql.run(connection, """
        INSERT OR IGNORE INTO live_link SELECT r.child, r.repository FROM temp.frontier f
          JOIN reference r ON r.parent = f.digest""");
        Sql.run(connection, """
        INSERT OR IGNORE INTO temp.next SELECT m.digest, 'referrer', m.subject, m.repository
        FROM temp.frontier f JOIN manifest s ON s.digest = f.digest
          JOIN manifest m ON m.subject = s.digest AND m.repository = s.repository
        WHERE NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = m.digest)""");
        Sql.run(connection, """
        INSERT OR IGNORE INTO live_link SELECT m.digest, m.repository
        FROM temp.frontier f JOIN manifest s ON s.digest = f.digest
          JOIN manifest m ON m.subject = s.digest AND m.repository = s.repository""");
        followAliases();
    }

    /**
     * A live link keeps the digest that its content names, and the repository's link to that. True if there was a new
     * one.
     */
    private boolean followAliases() {
        int followed = Sql.run(connection, """
        UPDATE temp.alias SET followed = 1 WHERE followed = 0 AND EXISTS (
          SELECT 1 FROM live_link k WHERE k.digest = alias.digest AND k.repository = alias.repository)""");
        if (followed == 0) {
            return false;
        }
        Sql.run(connection, """
        INSERT OR IGNORE INTO temp.next SELECT target, 'alias', digest, repository FROM temp.alias a
        WHERE followed = 1 AND NOT EXISTS (SELECT 1 FROM live l WHERE l.digest = a.target)""");
        Sql.run(
                connection,
                "INSERT OR IGNORE INTO live_link SELECT target, repository FROM temp.alias WHERE followed = 1");
        Sql.run(connection, "UPDATE temp.alias SET followed = 2 WHERE followed = 1");
        return true;
    }
}
