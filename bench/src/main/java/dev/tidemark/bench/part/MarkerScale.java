package dev.tidemark.bench.part;

import dev.tidemark.bench.output.BenchException;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.marker.MarkerSettings;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Topics;
import dev.tidemark.storage.file.FilesystemStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;

/**
 * The marker alone, as a service: what an enumerator has written of a tree is marked and decided on, by as many threads
 * as wanted. The embedded Kafka is in the same process.
 */
public final class MarkerScale implements AutoCloseable {

    private static final int WORK_PARTITIONS = 4;
    private static final int READERS = 4;
    private static final Duration STALL = Duration.ofMinutes(15);
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * @param entries manifests, blobs and layer links that were taken in
     * @param marks that were taken in
     * @param seconds from the first entry to the last partition's decision
     */
    public record Marked(long entries, long marks, double seconds) {}

    private final Path directory;
    private final EmbeddedKafka kafka;
    private final Cluster cluster;
    private final RunFollower runs;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    public MarkerScale(Path directory, int partitions) {
        this.directory = directory;
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
        var settings = new TopicSettings(
                Topics.DEFAULT_PREFIX,
                OptionalInt.of(partitions),
                WORK_PARTITIONS,
                (short) 1,
                TopicSettings.DEFAULT_RETENTION,
                TopicSettings.DEFAULT_RUNS_RETENTION);
        try (Admin admin = Admin.create(clients)) {
            cluster = new Cluster(clients, TopicCreation.ensure(admin, settings));
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        }
        runs = new RunFollower(cluster, failure::set);
        runs.start();
    }

    /** Writes all of the tree into the topics. */
    public void enumerate(Path root) {
        Instant now = Instant.now();
        try (var publisher = new RunPublisher(cluster)) {
            publisher.publish(new Requested(
                    RunId.next(now, Optional.empty()),
                    now.toEpochMilli(),
                    new Options(now.toEpochMilli(), false, true),
                    100,
                    "bench",
                    null,
                    null,
                    null));
        }
        try (var enumerator = new EnumeratorService(
                cluster,
                FilesystemStorage.open(root),
                Optional.empty(),
                DescriptorCache.NONE,
                directory.resolve("enumerator"),
                TopicSettings.DEFAULT_RETENTION,
                READERS,
                Optional.empty(),
                STALL,
                new EnumeratorMeter(),
                failure::set)) {
            enumerator.start();
            await(run -> run.enumerated() != null);
        }
    }

    /** Marks all that was written. */
    public Marked mark(int threads) {
        var meter = new MarkerMeter();
        var settings =
                new MarkerSettings(directory.resolve("marker"), threads, 0, 1, MarkerSettings.COMMIT_INTERVAL, 0);
        try (var marker = new MarkerService(cluster, settings, meter, failure::set)) {
            marker.start();
            awaitFirst(meter);
            long start = System.nanoTime();
            await(Run::allDecided);
            return new Marked(meter.enumerated(), meter.marks(), (System.nanoTime() - start) / 1e9);
        }
    }

    private void awaitFirst(MarkerMeter meter) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (meter.enumerated() == 0) {
            requireWorking(deadline);
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw BenchException.interrupted(e);
            }
        }
    }

    private void await(Predicate<Run> wanted) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try {
            Run run = runs.await(
                            latest -> wanted.test(latest) || latest.ended() || failure.get() != null,
                            () -> System.nanoTime() > deadline)
                    .orElseThrow(() -> new BenchException(
                            "the run has not come to its end within " + LONGEST.toMinutes() + " minutes"));
            requireWorking(deadline);
            if (!wanted.test(run)) {
                throw new BenchException("the run has ended: " + run.end());
            }
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        }
    }

    private void requireWorking(long deadline) {
        if (failure.get() != null) {
            throw new BenchException("a service has stopped: " + failure.get(), failure.get());
        }
        if (System.nanoTime() > deadline) {
            throw new BenchException("nothing has come within " + LONGEST.toMinutes() + " minutes");
        }
    }

    @Override
    public void close() {
        runs.close();
        kafka.close();
    }
}
