package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Insert;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** The totals that the marker reports of each partition, counted again from the records and from what is live. */
final class Recount {

    private final Expected expected;
    private final Connection connection;
    private final Totals[] counted;
    private final BrokenRecount broken;
    private final UnlinkedRecount unlinked;
    private final WrongSizesRecount wrongSizes;

    Recount(Expected expected) {
        this.expected = expected;
        connection = expected.connection();
        counted = new Totals[expected.topics().partitions()];
        broken = new BrokenRecount(expected);
        unlinked = new UnlinkedRecount(expected);
        wrongSizes = new WrongSizesRecount(expected);
        Arrays.fill(counted, Totals.NONE);
        blobs();
        tags();
        manifests();
        layers();
        kept();
        freed();
        leftovers();
    }

    private void leftovers() {
        Sql.each(connection, """
        SELECT r.partition, f.kind, f.digest IN (SELECT digest FROM abandoned), count(*), sum(f.bytes)
        FROM leftover f JOIN record r ON r.id = f.record GROUP BY 1, 2, 3""", row -> {
            Kind kind = Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT));
            var tally = new Tally(row.getLong(4), row.getLong(5));
            add(row.getInt(1), Totals.of(Totals.Leftovers.of(kind, tally, row.getBoolean(3))));
        });
    }

    private void add(int partition, Totals more) {
        if (partition >= 0 && partition < counted.length) {
            counted[partition] = counted[partition].plus(more);
        }
    }

    private static Totals totals(
            Tally live,
            Tally eligible,
            Map<String, Tally> kept,
            long liveManifests,
            long eligibleManifests,
            long liveLinks,
            long eligibleLinks,
            Map<String, Long> freed) {
        return new Totals(
                live,
                eligible,
                kept,
                liveManifests,
                eligibleManifests,
                0,
                liveLinks,
                eligibleLinks,
                freed,
                0,
                List.of(),
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);
    }

    private void blobs() {
        Sql.each(connection, """
        SELECT r.partition, l.digest IS NOT NULL, count(*), sum(b.size) FROM blob b JOIN record r ON r.id = b.record
        LEFT JOIN live l ON l.digest = b.digest GROUP BY 1, 2""", row -> {
            var tally = new Tally(row.getLong(3), row.getLong(4));
            boolean live = row.getBoolean(2);
            add(
                    row.getInt(1),
                    totals(live ? tally : Tally.NONE, live ? Tally.NONE : tally, Map.of(), 0, 0, 0, 0, Map.of()));
        });
    }

    private void tags() {
        Sql.each(
                connection,
                "SELECT partition, count(*) FROM temp.expected_eligible WHERE kind = 'tag' GROUP BY 1",
                row -> add(row.getInt(1), Totals.ofTags(row.getLong(2))));
    }

    private void manifests() {
        Sql.each(connection, """
        SELECT r.partition, l.digest IS NOT NULL OR m.dangling, count(*) FROM manifest m
          JOIN record r ON r.id = m.record
        LEFT JOIN live l ON l.digest = m.digest GROUP BY 1, 2""", row -> {
            boolean live = row.getBoolean(2);
            long count = row.getLong(3);
            add(
                    row.getInt(1),
                    totals(Tally.NONE, Tally.NONE, Map.of(), live ? count : 0, live ? 0 : count, 0, 0, Map.of()));
        });
    }

    private void layers() {
        Sql.each(
                connection,
                "SELECT r.partition, count(*) FROM layer k JOIN record r ON r.id = k.record GROUP BY 1",
                row -> add(row.getInt(1), totals(Tally.NONE, Tally.NONE, Map.of(), 0, 0, row.getLong(2), 0, Map.of())));
        Sql.each(
                connection,
                "SELECT partition, count(*) FROM temp.expected_eligible WHERE kind = 'layer' GROUP BY 1",
                row -> add(
                        row.getInt(1),
                        totals(Tally.NONE, Tally.NONE, Map.of(), 0, 0, -row.getLong(2), row.getLong(2), Map.of())));
    }

    /**
     * Counts the blobs that are kept only for their age, by a hold, by a policy, or because something could not be
     * understood. The reasons are in the marker's words.
     */
    private void kept() {
        Sql.each(
                connection,
                """
        WITH spared AS (
          SELECT b.digest, b.size, r.partition
          FROM blob b JOIN live l ON l.digest = b.digest JOIN record r ON r.id = b.record
          WHERE l.rule NOT IN ('tag', 'untagged-root', 'reference', 'referrer', 'alias')
            AND NOT EXISTS (SELECT 1 FROM temp.referenced f WHERE f.digest = b.digest)),
        pin AS (
          SELECT digest, pinned LIKE ?2 AS held, pinned LIKE ?3 AS policy FROM (
            SELECT digest, pinned FROM blob
            UNION ALL SELECT digest, pinned FROM manifest WHERE NOT dangling
            UNION ALL SELECT digest, pinned FROM layer)
          WHERE pinned IS NOT NULL)
        SELECT s.partition,
          CASE
            WHEN EXISTS (SELECT 1 FROM pin WHERE digest = s.digest AND NOT held AND NOT policy)
              THEN 'kept conservatively'
            WHEN EXISTS (SELECT 1 FROM pin WHERE digest = s.digest AND held) THEN 'held'
            WHEN EXISTS (SELECT 1 FROM pin WHERE digest = s.digest) THEN 'kept by the policy'
            WHEN EXISTS (
              SELECT 1 FROM manifest m WHERE m.digest = s.digest AND NOT m.dangling AND m.modified >= ?1
            ) THEN 'young manifest'
            WHEN EXISTS (SELECT 1 FROM layer k WHERE k.digest = s.digest AND k.modified >= ?1) THEN 'young layer link'
            ELSE 'young blob'
          END, count(*), sum(s.size)
        FROM spared s GROUP BY 1, 2""",
                row -> add(
                        row.getInt(1),
                        totals(
                                Tally.NONE,
                                Tally.NONE,
                                Map.of(row.getString(2), new Tally(row.getLong(3), row.getLong(4))),
                                0,
                                0,
                                0,
                                0,
                                Map.of())),
                expected.options().cutoff(),
                Hold.HELD + "%",
                PolicyText.KEEPS + "%");
    }

    /**
     * A blob's bytes are shared evenly among the repositories that link or hold it; what is left over goes to the first
     * by name.
     */
    private void freed() {
        List<String> names = new ArrayList<>();
        Map<String, Long> ids = new HashMap<>();
        Sql.each(connection, "SELECT name, id FROM repository", row -> {
            names.add(row.getString(1));
            ids.put(row.getString(1), row.getLong(2));
        });
        // In the order of the marker: SQLite's is another beyond the basic plane.
        names.sort(null);
        Sql.runAll(
                connection,
                List.of(
                        "DROP TABLE IF EXISTS temp.place",
                        "CREATE TEMP TABLE place (repository INTEGER PRIMARY KEY, place INTEGER NOT NULL)"));
        var place = new Insert(connection, "INSERT INTO temp.place VALUES (?, ?)");
        for (int i = 0; i < names.size(); i++) {
            place.of(ids.get(names.get(i)), i);
        }
        Sql.each(
                connection,
                """
        WITH holder AS (
            SELECT x.digest, x.bytes, x.partition, k.repository FROM temp.expected_eligible x
              JOIN layer k ON k.digest = x.digest WHERE x.kind = 'blob'
            UNION
            SELECT x.digest, x.bytes, x.partition, m.repository FROM temp.expected_eligible x
              JOIN manifest m ON m.digest = x.digest
            WHERE x.kind = 'blob'),
          share AS (
            SELECT h.partition, h.repository, h.bytes, count(*) OVER (PARTITION BY h.digest) AS holders,
              row_number() OVER (PARTITION BY h.digest ORDER BY p.place) AS place
            FROM holder h JOIN temp.place p ON p.repository = h.repository)
        SELECT s.partition, p.name, sum(s.bytes / s.holders + (s.place <= s.bytes % s.holders)) AS freed
        FROM share s JOIN repository p ON p.id = s.repository GROUP BY 1, 2 HAVING freed > 0
        UNION ALL
        SELECT x.partition, '', sum(x.bytes) FROM temp.expected_eligible x
        WHERE x.kind = 'blob' AND NOT EXISTS (SELECT 1 FROM layer k WHERE k.digest = x.digest)
          AND NOT EXISTS (SELECT 1 FROM manifest m WHERE m.digest = x.digest)
        GROUP BY 1 HAVING sum(x.bytes) > 0""",
                row -> add(
                        row.getInt(1),
                        totals(
                                Tally.NONE,
                                Tally.NONE,
                                Map.of(),
                                0,
                                0,
                                0,
                                0,
                                Map.of(row.getString(2), row.getLong(3)))));
    }

    /** The differences, in words, between a partition's totals as it says them and as they are counted here. */
    List<String> differences(int partition, Totals said) {
        Totals here = counted[partition];
        List<String> differences = new ArrayList<>();
        compare("live blobs", said.live(), here.live(), differences);
        compare("eligible blobs", said.eligible(), here.eligible(), differences);
        compare("what is kept for its age alone", said.kept(), here.kept(), differences);
        compare("eligible tags", said.eligibleTags(), here.eligibleTags(), differences);
        compare("live manifests", said.liveManifests(), here.liveManifests(), differences);
        compare("eligible manifests", said.eligibleManifests(), here.eligibleManifests(), differences);
        compare("live layer links", said.liveLayerLinks(), here.liveLayerLinks(), differences);
        compare("eligible layer links", said.eligibleLayerLinks(), here.eligibleLayerLinks(), differences);
        compare("what was left behind", said.leftovers(), here.leftovers(), differences);
        if (here.freed().size() <= Totals.LISTED) {
            compare("what each repository frees", said.freed(), here.freed(), differences);
        } else if (said.freed().entrySet().stream()
                .anyMatch(freed -> freed.getValue() > here.freed().getOrDefault(freed.getKey(), 0L))) {
            // The marker forgets a repository that is not among the largest when a slice ends: its sum can be less.
            differences.add("what each repository frees");
        }
        differences.addAll(broken.differences(partition, said));
        differences.addAll(unlinked.differences(partition, said.unlinked()));
        differences.addAll(wrongSizes.differences(partition, said.wrongSizes()));
        return differences;
    }

    /**
     * Whether what a partition lists is right: there are as many as fit, each is there once, and each is one.
     *
     * @param all how many there are to list
     * @param key what tells one from another
     */
    static <T> boolean lists(List<T> listed, long all, Function<T, ?> key, Predicate<T> is) {
        return listed.size() == Math.min(all, Totals.LISTED)
                && listed.stream().map(key).distinct().count() == listed.size()
                && listed.stream().allMatch(is);
    }

    private static void compare(String what, Object said, Object counted, List<String> differences) {
        if (!said.equals(counted)) {
            differences.add(what + " (" + said + ", and counted again " + counted + ")");
        }
    }
}
