package dev.tidemark.evidence.index;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordSource.Extent;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The files in the trash, of all runs, as the topics say: sweeps have moved them there, and no record says that they
 * have left. Files that somebody has removed by hand are still among them. The history of a tag counts as its link, and
 * an upload leaves with the first of its files.
 */
public final class TrashInventory {

    /** How many repositories are listed of a run. */
    private static final int LARGEST = 5;

    private static final ObjectReader DELETIONS = JsonSerde.MAPPER.readerFor(DeletionRecord.class);
    private static final ObjectReader TRASH = JsonSerde.MAPPER.readerFor(TrashRecord.class);

    private final Connection connection;

    private TrashInventory(Connection connection) {
        this.connection = connection;
    }

    /**
     * The files that a run has in the trash, in numbers.
     *
     * @param bytes of the blobs and uploads among the files
     * @param until when the first of them may be purged, in ms since the epoch
     * @param repositories how many have something there
     * @param largest those with the most bytes
     */
    public record OfRun(
            String run, long files, long bytes, long until, long repositories, List<OfRepository> largest) {}

    /**
     * The files that a run has in the trash of one repository, in numbers.
     *
     * @param repository empty for blobs that no manifest or layer link there names
     * @param links tags, manifests and layer links
     * @param bytes of the uploads, and of the blobs that these links name; one that several repositories name is shared
     *     among them evenly
     */
    public record OfRepository(String repository, long links, long bytes) {}

    /**
     * Reads it from the topics, the latest run first.
     *
     * @param connection of an index; the tables for this are gone with it
     * @throws IndexException if there is no room for that
     */
    public static List<OfRun> read(Cluster cluster, Connection connection) {
        try (var source = new TopicSource(cluster)) {
            return read(source, cluster.topics(), connection);
        }
    }

    static List<OfRun> read(RecordSource source, Topics topics, Connection connection) {
        var inventory = new TrashInventory(connection);
        inventory.load(source, topics);
        return inventory.runs();
    }

    private void load(RecordSource source, Topics topics) {
        Sql.runAll(connection, List.of("DROP TABLE IF EXISTS temp.stay", """
                CREATE TEMP TABLE stay (
                  run TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, repository TEXT NOT NULL,
                  bytes INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (run, name, kind, repository)
                ) WITHOUT ROWID""", "BEGIN"));
        var in = new Insert(connection, "INSERT OR REPLACE INTO temp.stay VALUES (?, ?, ?, ?, ?, ?)");
        read(
                source,
                topics.deletions(),
                entry -> entry.<DeletionRecord>read(DELETIONS)
                        .filter(deletion -> deletion.keep() != null && leavesAlone(deletion))
                        .ifPresent(deletion -> in.of(
                                deletion.run().toString(),
                                name(deletion.tag(), deletion.digest()),
                                deletion.kind().name(),
                                deletion.repository() == null ? "" : deletion.repository(),
                                deletion.bytes(),
                                deletion.at() + deletion.keep())));
        var out = new Insert(
                connection, "DELETE FROM temp.stay WHERE run = ? AND name = ? AND kind = ? AND repository = ?");
        read(
                source,
                topics.trash(),
                entry -> entry.<TrashRecord>read(TRASH)
                        // A file that is about to be destroyed may stay.
                        .filter(way -> way.outcome() != TrashRecord.Outcome.PURGING)
                        .ifPresent(way -> {
                            String repository = way.repository() == null ? "" : way.repository();
                            String run = way.run().toString();
                            out.of(
                                    run,
                                    name(way.tag(), way.digest()),
                                    way.kind().name(),
                                    repository);
                            ManifestLink.of(way)
                                    .map(link -> Layout.leftoverDigest(repository, link.path()))
                                    .ifPresent(link -> out.of(run, link.toString(), Kind.LINK.name(), repository));
                        }));
        Sql.runAll(connection, List.of("COMMIT"));
    }

    /** An entry of a tag's history has no record of its own when it leaves. */
    private static boolean leavesAlone(DeletionRecord deletion) {
        return deletion.kind() != Kind.LINK
                || ManifestLink.of(deletion.path())
                        .filter(link -> link.isTag() || link.isRevision())
                        .isPresent();
    }

    /** A tag goes by its name. */
    private static String name(String tag, Digest digest) {
        return tag != null ? tag : digest.toString();
    }

    private static void read(RecordSource source, String topic, Consumer<Entry> each) {
        Map<Extent, Long> from = new HashMap<>();
        source.extents(List.of(topic)).forEach(extent -> from.put(extent, extent.start()));
        source.read(from, each);
    }

    private List<OfRun> runs() {
        List<OfRun> runs = new ArrayList<>();
        Sql.each(
                connection,
                "SELECT run, count(*), sum(bytes), min(until) FROM temp.stay GROUP BY run ORDER BY run DESC",
                row -> {
                    List<OfRepository> repositories = repositories(row.getString(1));
                    runs.add(new OfRun(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            repositories.size(),
                            repositories.stream().limit(LARGEST).toList()));
                });
        return runs;
    }

    private List<OfRepository> repositories(String run) {
        List<OfRepository> repositories = new ArrayList<>();
        Sql.each(
                connection,
                """
                WITH owner AS (SELECT DISTINCT name, repository FROM temp.stay WHERE run = ?1 AND kind <> 'BLOB'),
                owners AS (SELECT name, count(*) AS number FROM owner GROUP BY name),
                blob AS (SELECT name, bytes FROM temp.stay WHERE run = ?1 AND kind = 'BLOB')
                SELECT repository, sum(links), sum(bytes) FROM (
                  SELECT repository, kind <> 'UPLOAD' AS links, bytes FROM temp.stay WHERE run = ?1 AND kind <> 'BLOB'
                  UNION ALL
                  SELECT repository, 0, bytes / number FROM owner JOIN owners USING (name) JOIN blob USING (name)
                  UNION ALL SELECT '', 0, bytes FROM blob WHERE name NOT IN (SELECT name FROM owners))
                GROUP BY repository ORDER BY sum(bytes) DESC, repository""",
                row -> repositories.add(new OfRepository(row.getString(1), row.getLong(2), row.getLong(3))),
                run);
        return repositories;
    }
}
