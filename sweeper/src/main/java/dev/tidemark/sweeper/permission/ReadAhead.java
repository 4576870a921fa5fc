package dev.tidemark.sweeper.permission;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Decided;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads a run's records ahead, up to their barrier, and compares their checksum with the one that the marker has
 * written to {@code runs}: a record that another has written among them is seen before anything is deleted.
 */
public final class ReadAhead implements Proof {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Deserializer<Parsed<EligibleRecord>> PARSER = new JsonSerde<>(EligibleRecord.class).parser();

    private final Cluster cluster;
    private final Supplier<Consumer<byte[], byte[]>> reader;

    public ReadAhead(Cluster cluster) {
        this(cluster, cluster::laneReader);
    }

    ReadAhead(Cluster cluster, Supplier<Consumer<byte[], byte[]>> reader) {
        this.cluster = cluster;
        this.reader = reader;
    }

    @Override
    public OptionalLong barrier(Run run, int partition, long from, BooleanSupplier stop) {
        var source = new TopicPartition(cluster.topics().eligible(), partition);
        Consumer<byte[], byte[]> consumer = reader.get();
        try {
            consumer.assign(List.of(source));
            consumer.seek(source, from);
            Checksum sum = Checksum.NONE;
            while (!stop.getAsBoolean()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    EligibleRecord said = read(record);
                    if (said == null || !said.run().equals(run.id())) {
                        continue;
                    }
                    if (said instanceof EndOfEligible) {
                        require(sum, run, source);
                        return OptionalLong.of(record.offset());
                    }
                    sum = sum.plus(record.value());
                }
            }
            return OptionalLong.empty();
        } finally {
            cluster.closeNow(consumer);
        }
    }

    /** Null if it can't be read: it is set aside, and fails the run, when its turn comes. */
    private static EligibleRecord read(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null
                        && PARSER.deserialize(record.topic(), record.value())
                                instanceof Parsed.Readable<EligibleRecord>(EligibleRecord value)
                ? value
                : null;
    }

    private static void require(Checksum sum, Run run, TopicPartition source) {
        Decided decided = run.decided().get(source.partition());
        if (decided == null || !decided.checksum().equals(sum)) {
            throw new IllegalStateException(
                    source + " has other records of it than the marker has decided on: who else may write there?");
        }
    }
}
