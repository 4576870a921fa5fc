package dev.tidemark.evidence.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;

/**
 * The index of one run: all that the topics say of it, in the tables of {@code index.sql}. It is built once, and then
 * only brought up to date with what was appended since.
 */
public final class RunIndex implements AutoCloseable {

    /** Clocks of those who write differ: as much older than the run a record of it may seem. */
    private static final Duration SLACK = Duration.ofHours(1);

    private static final int TRIES = 3;

    private final RunId run;
    private final Topics topics;
    private final Connection connection;

    private RunIndex(RunId run, Topics topics, Connection connection) {
        this.run = run;
        this.topics = topics;
        this.connection = connection;
    }

    /**
     * How far the reading is.
     *
     * @param step {@code reading}, or {@code marking}
     * @param read how many records, of all runs
     * @param of how many are to be read
     */
    public record Progress(String step, long read, long of) {}

    /**
     * Opens the run's index: builds it, or brings it up to date. Records from before the run began are left out.
     *
     * @param directory where indexes are kept; made if it isn't there
     * @param progress told how far it is, every so often
     * @throws IndexException if it can't be written or read
     */
    public static RunIndex open(Path directory, Cluster cluster, RunId run, Consumer<Progress> progress) {
        return retried(cluster, source -> open(directory, source, cluster.topics(), run, progress));
    }

    /**
     * As {@link #open}, but of all that is in the topics, from their beginning, whatever was known before: a proof
     * takes nothing on trust.
     */
    public static RunIndex rebuild(Path directory, Cluster cluster, RunId run, Consumer<Progress> progress) {
        return retried(cluster, source -> build(directory, source, cluster.topics(), run, true, progress));
    }

    private interface Step {
        RunIndex on(RecordSource source);
    }

    /** Retention may take away what is just being read: then the reading begins anew. */
    private static RunIndex retried(Cluster cluster, Step step) {
        for (int attempt = 1; ; attempt++) {
            try (var source = new TopicSource(cluster)) {
                return step.on(source);
            } catch (InvalidOffsetException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    static RunIndex open(Path directory, RecordSource source, Topics topics, RunId run, Consumer<Progress> progress) {
        Optional<Connection> known = IndexFile.of(directory, run).openWhole();
        if (known.isPresent()) {
            var index = new RunIndex(run, topics, known.get());
            if (index.bringUpToDate(source, progress)) {
                return index;
            }
            index.close();
        }
        return build(directory, source, topics, run, false, progress);
    }

    static RunIndex build(
            Path directory,
            RecordSource source,
            Topics topics,
            RunId run,
            boolean fromTheBeginning,
            Consumer<Progress> progress) {
        IndexFile file = IndexFile.of(directory, run);
        file.build(connection -> new RunIndex(run, topics, connection).fill(source, fromTheBeginning, progress));
        return new RunIndex(run, topics, file.open());
    }

    /** Whether the run's index is there, so that opening it takes no time. */
    public static boolean isThere(Path directory, RunId run) {
        return IndexFile.of(directory, run).isThere();
    }

    private void fill(RecordSource source, boolean fromTheBeginning, Consumer<Progress> progress) {
        // Nobody reads the file before it is whole.
        Sql.runAll(
                connection,
                List.of(
                        "PRAGMA journal_mode = OFF",
                        "PRAGMA synchronous = OFF",
                        "PRAGMA locking_mode = EXCLUSIVE",
                        "BEGIN"));
        List<String> tables = IndexFile.tables();
        Sql.runAll(
                connection,
                tables.stream()
                        .filter(statement -> !statement.startsWith("CREATE INDEX"))
                        .toList());
        load(source, fromTheBeginning, progress);
        Sql.runAll(
                connection,
                tables.stream()
                        .filter(statement -> statement.startsWith("CREATE INDEX"))
                        .toList());
        mark(progress);
        Sql.runAll(connection, List.of("PRAGMA user_version = " + IndexFile.version(), "COMMIT"));
    }

    private void load(RecordSource source, boolean fromTheBeginning, Consumer<Progress> progress) {
        var loader = new RunLoader(connection, topics, run);
        List<RecordSource.Extent> extents = source.extents(RunLoader.topics(topics));
        var read = new ReadProgress(extents, progress);
        for (String topic : RunLoader.topics(topics)) {
            List<RecordSource.Extent> of = extents.stream()
                    .filter(extent -> extent.topic().equals(topic))
                    .toList();
            Map<RecordSource.Extent, Long> from = new LinkedHashMap<>();
            of.forEach(extent -> from.put(extent, extent.start()));
            Optional<Instant> began =
                    topic.equals(topics.runs()) || fromTheBeginning ? Optional.empty() : loader.began(topic);
            began.ifPresent(
                    time -> from.putAll(source.since(of, time.minus(SLACK).toEpochMilli())));
            var starts = new HashMap<Integer, Long>();
            read.skip(from);
            source.read(from, entry -> {
                loader.add(entry);
                starts.putIfAbsent(entry.partition(), entry.timestamp());
                read.one();
            });
            from.forEach((extent, offset) -> Sql.run(
                    connection,
                    "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?)",
                    topic,
                    extent.partition(),
                    extent.start(),
                    extent.end(),
                    offset == extent.start() ? starts.get(extent.partition()) : null,
                    offset));
        }
        loader.finish();
    }

    /** False if it can't be: what is there now doesn't continue what was there. */
    private boolean bringUpToDate(RecordSource source, Consumer<Progress> progress) {
        Map<RecordSource.Extent, Long> from = new LinkedHashMap<>();
        for (RecordSource.Extent extent : source.extents(RunLoader.topics(topics))) {
            long next = Sql.number(
                    connection,
                    "SELECT coalesce(max(next), -1) FROM source WHERE topic = ? AND partition = ?",
                    extent.topic(),
                    extent.partition());
            if (next < extent.start() || next > extent.end()) {
                return false;
            }
            if (next < extent.end()) {
                from.put(extent, next);
            }
        }
        if (from.isEmpty()) {
            return true;
        }
        Sql.runAll(connection, List.of("PRAGMA cache_size = -128000", "BEGIN"));
        var loader = new RunLoader(connection, topics, run);
        long inputs = inputs();
        var read = new ReadProgress(List.copyOf(from.keySet()), progress);
        for (String topic : RunLoader.topics(topics)) {
            Map<RecordSource.Extent, Long> of = new LinkedHashMap<>(from);
            of.keySet().removeIf(extent -> !extent.topic().equals(topic));
            source.read(of, entry -> {
                loader.add(entry);
                read.one();
            });
        }
        loader.finish();
        from.keySet()
                .forEach(extent -> Sql.run(
                        connection,
                        "UPDATE source SET next = ? WHERE topic = ? AND partition = ?",
                        extent.end(),
                        extent.topic(),
                        extent.partition()));
        if (inputs() != inputs) {
            mark(progress);
        }
        Sql.runAll(connection, List.of("COMMIT"));
        return true;
    }

    /** How many records there are that what is live depends on. */
    private long inputs() {
        return Sql.number(
                connection,
                "SELECT count(*) FROM record WHERE type IN ('manifests', 'blobs', 'layers', 'start-of-input', "
                        + "'requested')");
    }

    private void mark(Consumer<Progress> progress) {
        progress.accept(new Progress("marking", 0, 0));
        options().ifPresent(options -> new Liveness(connection, options.cutoff(), options.deleteUntagged()).compute());
    }

    /** The options of the run: as its request has them or, if that is gone, its first barriers. */
    Optional<EnumeratedRecord.Options> options() {
        String[] said = new String[1];
        Sql.each(
                connection,
                "SELECT json FROM life WHERE type IN ('requested', 'start-of-input') ORDER BY type = "
                        + "'start-of-input', record LIMIT 1",
                row -> said[0] = row.getString(1));
        if (said[0] == null) {
            return Optional.empty();
        }
        try {
            JsonNode options = JsonSerde.MAPPER.readTree(said[0]).path("options");
            return Optional.of(JsonSerde.MAPPER.treeToValue(options, EnumeratedRecord.Options.class));
        } catch (IOException e) {
            throw new IllegalStateException("what the index holds was read before: " + said[0], e);
        }
    }

    /** The tables. */
    public Connection connection() {
        return connection;
    }

    public RunId run() {
        return run;
    }

    /** The topics that its records are in. */
    public Topics topics() {
        return topics;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }
}
