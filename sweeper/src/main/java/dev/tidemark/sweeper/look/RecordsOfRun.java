package dev.tidemark.sweeper.look;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.Run;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Reads again what a run has recorded of its manifests and deletions. */
public final class RecordsOfRun implements AutoCloseable {

    private final Cluster cluster;
    private final TopicScan<DeletionRecord> deletions;
    private final TopicScan<EnumeratedRecord> manifests;
    private final Run run;
    private final BooleanSupplier goOn;

    public RecordsOfRun(Cluster cluster, Run run, BooleanSupplier goOn) {
        this.cluster = cluster;
        deletions = new TopicScan<>(cluster, cluster.topics().deletions(), DeletionRecord.class);
        manifests = new TopicScan<>(cluster, cluster.topics().manifests(), EnumeratedRecord.class);
        this.run = run;
        this.goOn = goOn;
    }

    public Run run() {
        return run;
    }

    public void requireGoing() {
        StoppedException.unless(goOn);
    }

    public List<Integer> partitions() {
        return IntStream.range(0, cluster.topics().partitions()).boxed().toList();
    }

    /** Hands out the deletions in a partition, and says how many they are. */
    public long deletions(int partition, Consumer<DeletionRecord> each) {
        var count = new Count();
        read(deletions, partition, deletion -> {
            if (deletion.run().equals(run.id())) {
                count.records++;
                each.accept(deletion);
            }
        });
        return count.records;
    }

    /** Hands out the packs of manifests in a partition, and says how many manifests are in them. */
    public long manifests(int partition, Consumer<Manifests> each) {
        var count = new Count();
        read(manifests, partition, record -> {
            if (record instanceof Manifests pack && pack.run().equals(run.id())) {
                count.records += pack.manifests().size();
                each.accept(pack);
            }
        });
        return count.records;
    }

    private static final class Count {
        private long records;
    }

    private <T> void read(TopicScan<T> topic, int partition, Consumer<T> each) {
        long since = run.requested().at() - Run.CLOCKS_DIFFER.toMillis();
        if (!topic.read(partition, OptionalLong.of(since), goOn, each)) {
            throw new StoppedException();
        }
    }

    /**
     * Compares what was read with what the run says.
     *
     * @throws IllegalStateException if some are not there
     */
    public void requireWhole(long deletions, long manifests) {
        long recorded = run.sweep().records();
        if (deletions < recorded) {
            throw new IllegalStateException("%,d of its records are in %s, and it has written %,d"
                    .formatted(deletions, cluster.topics().deletions(), recorded));
        }
        lacking(manifests).ifPresent(why -> {
            throw new IllegalStateException(why);
        });
    }

    /** How many of the run's manifests are not there any more, in words; empty if none is. */
    Optional<String> lacking(long manifests) {
        long found = run.enumerated().manifests();
        return manifests < found
                ? Optional.of("%,d of its manifests are in %s, and it has found %,d"
                        .formatted(manifests, cluster.topics().manifests(), found))
                : Optional.empty();
    }

    @Override
    public void close() {
        deletions.close();
        manifests.close();
    }
}
