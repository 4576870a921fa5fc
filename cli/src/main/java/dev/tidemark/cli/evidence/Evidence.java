package dev.tidemark.cli.evidence;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.local.KafkaInside;
import dev.tidemark.cli.run.NamedRun;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ProgressLine;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;

/** The topics of a registry's runs, and the indexes that are made of them. */
public final class Evidence implements AutoCloseable {

    private final Cluster cluster;
    private final Function<KafkaException, CollectionException> unread;
    private final Path indexes;
    private final Terminal terminal;
    private final Consumer<String> progress;
    private final Optional<EmbeddedKafka> broker;
    private final Optional<DataDirectory> directory;
    private RunHistory history;

    private Evidence(
            Cluster cluster,
            Function<KafkaException, CollectionException> unread,
            Path indexes,
            Terminal terminal,
            Output output,
            Optional<EmbeddedKafka> broker,
            Optional<DataDirectory> directory) {
        this.cluster = cluster;
        this.unread = unread;
        this.indexes = indexes;
        this.terminal = terminal;
        this.progress = output.progress(terminal);
        this.broker = broker;
        this.directory = directory;
    }

    /** Of a cluster. Its indexes are kept under the user's cache directory. */
    public static Evidence of(
            Connection connection, Map<String, String> environment, Terminal terminal, Output output) {
        String name = connection.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) + " " + connection.prefix();
        Path indexes = DataDirectory.userDirectory(environment, "XDG_CACHE_HOME", Path.of(".cache"))
                .resolve("index")
                .resolve(DataDirectory.id(name));
        output.progress(terminal).accept("asking " + connection.name());
        connection.awaitAnswer(output.silence(terminal, connection.name()));
        Cluster cluster = connection.cluster(Duration.ZERO);
        terminal.clearProgress();
        return new Evidence(cluster, connection::failed, indexes, terminal, output, Optional.empty(), Optional.empty());
    }

    /** Of a data directory, which is closed with it. */
    public static Evidence of(DataDirectory directory, Terminal terminal, Output output) {
        try {
            return of(directory, Optional.of(directory), terminal, output);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Of a data directory, which stays open. */
    public static Evidence beside(DataDirectory directory, Terminal terminal, Output output) {
        return of(directory, Optional.empty(), terminal, output);
    }

    private static Evidence of(
            DataDirectory directory, Optional<DataDirectory> closed, Terminal terminal, Output output) {
        terminal.logsTo(directory.log());
        output.progress(terminal).accept("starting");
        EmbeddedKafka broker = null;
        try {
            broker = KafkaInside.start(directory.kafka(), 0, output.progress(terminal));
            Cluster cluster = new Connection(KafkaInside.clientSettings(broker), Topics.DEFAULT_PREFIX)
                    .cluster(Duration.ZERO)
                    .watched(broker::trouble);
            return new Evidence(
                    cluster,
                    e -> new CollectionException(cluster.why(e), e),
                    directory.index(),
                    terminal,
                    output,
                    Optional.of(broker),
                    closed);
        } catch (RuntimeException e) {
            if (broker != null) {
                broker.close();
            }
            throw e;
        } finally {
            terminal.clearProgress();
        }
    }

    /** Whether it is of a data directory: no service works on it. */
    public boolean local() {
        return broker.isPresent();
    }

    /** The file by which whoever collects by a schedule learns of an approval; empty if it is of a cluster. */
    public Optional<Path> approval() {
        return directory.map(DataDirectory::approval);
    }

    public Cluster cluster() {
        return cluster;
    }

    /** All runs that are still known. */
    public RunHistory history() {
        if (history == null) {
            history = read(() -> RunHistory.read(cluster));
        }
        return history;
    }

    /**
     * @param id a run's, or {@code latest}
     * @throws UsageException if there is no such run
     */
    public Run run(String id) {
        return NamedRun.in(history(), id).run();
    }

    /** The run's index, up to date; made if it isn't there. */
    public RunIndex index(RunId run) {
        return shown(progress -> RunIndex.open(indexes, cluster, run, progress));
    }

    /** Whether the run's index is there already. */
    boolean hasIndex(RunId run) {
        return RunIndex.isThere(indexes, run);
    }

    /** The run's index, made anew of all that is in the topics. */
    public RunIndex newIndex(RunId run) {
        return shown(progress -> RunIndex.rebuild(indexes, cluster, run, progress));
    }

    private interface Making {
        RunIndex with(Consumer<RunIndex.Progress> progress);
    }

    private RunIndex shown(Making making) {
        var line = new IndexProgress();
        try {
            return read(() -> making.with(line::show));
        } catch (IndexException e) {
            throw new CollectionException(e.getMessage(), e);
        } finally {
            terminal.clearProgress();
        }
    }

    /**
     * Reads the topics by the given function.
     *
     * @throws CollectionException if Kafka does not give it
     */
    public <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (KafkaException e) {
            throw unread.apply(e);
        }
    }

    /** How far the reading is, on a terminal. */
    private final class IndexProgress {

        private static final Duration EVERY = Duration.ofMillis(100);

        private final Instant start = Instant.now();
        private Instant last = Instant.EPOCH;

        void show(RunIndex.Progress made) {
            Instant now = Instant.now();
            if (Duration.between(last, now).compareTo(EVERY) >= 0 || made.of() == 0) {
                last = now;
                progress.accept(
                        made.of() == 0
                                ? made.step()
                                : ProgressLine.line(
                                        made.step(),
                                        made.read(),
                                        made.of(),
                                        "records",
                                        made.read(),
                                        Duration.between(start, now)));
            }
        }
    }

    @Override
    public void close() {
        // Of a Kafka that has stopped: to close takes its own time.
        Thread.interrupted();
        broker.ifPresent(kafka -> {
            progress.accept("stopping");
            kafka.close();
            terminal.clearProgress();
        });
        directory.ifPresent(DataDirectory::close);
    }
}
