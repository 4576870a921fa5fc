package dev.tidemark.sweeper.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** A run's records are read before they are swept, and are the marker's, or none is swept. */
class ReadAheadTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final RunId EARLIER = new RunId("20251231-000000");
    private static final Topics TOPICS = new Topics("t.", 2);
    private static final TopicPartition PARTITION = new TopicPartition(TOPICS.eligible(), 1);
    private static final Serializer<EligibleRecord> SERIALIZER = new JsonSerde<>(EligibleRecord.class).serializer();

    private final List<byte[]> records = new ArrayList<>();
    private final List<EligibleRecord> decidedOn = List.of(eligible(RUN, "a"), eligible(RUN, "b"));
    private boolean stopped;

    @Test
    void theMarkersRecordsAreProvedUpToTheirBarrier() {
        add(eligible(EARLIER, "x"));
        decidedOn.forEach(this::add);
        add(eligible(EARLIER, "y"));
        records.add("{not json".getBytes(StandardCharsets.UTF_8));
        records.add(null);
        add(barrier(2));
        add(eligible(RUN, "forged"));

        assertThat(ahead(1)).hasValue(6);
    }

    @Test
    void aRecordAmongThemThatIsNotTheMarkersIsSeen() {
        add(decidedOn.getFirst());
        add(eligible(RUN, "forged"));
        add(decidedOn.getLast());
        add(barrier(2));

        assertThatIllegalStateException()
                .isThrownBy(() -> ahead(0))
                .withMessage("t.eligible-1 has other records of it than the marker has decided on: "
                        + "who else may write there?");
    }

    @Test
    void aBarrierThatIsForgedWithThemDoesNotHelp() {
        add(eligible(RUN, "forged"));
        add(new EndOfEligible(RUN, 1, 1, sum(List.of(eligible(RUN, "forged")))));
        decidedOn.forEach(this::add);
        add(barrier(2));

        assertThatIllegalStateException().isThrownBy(() -> ahead(0));
    }

    @Test
    void aRecordThatIsMissingIsSeen() {
        add(decidedOn.getLast());
        add(barrier(2));

        assertThatIllegalStateException().isThrownBy(() -> ahead(0));
    }

    @Test
    void aBarrierThatIsNotThereYetIsWaitedForUntilItIsToStop() {
        add(decidedOn.getFirst());
        stopped = true;

        assertThat(ahead(0)).isEmpty();
    }

    private OptionalLong ahead(long from) {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        for (int i = 0; i < records.size(); i++) {
            long offset = i;
            byte[] value = records.get(i);
            consumer.schedulePollTask(() -> {
                if (offset >= from) {
                    consumer.addRecord(new ConsumerRecord<>(PARTITION.topic(), 1, offset, null, value));
                }
            });
        }
        try {
            return new ReadAhead(new Cluster(Map.of(), TOPICS), () -> consumer).barrier(run(), 1, from, () -> stopped);
        } finally {
            assertThat(consumer.closed()).isTrue();
        }
    }

    private Run run() {
        Optional<Run> run = Run.after(
                Optional.empty(),
                new RunRecord.Requested(RUN, 0, new Options(0, true, false), 100, "test", null, null, null));
        return Run.after(run, new RunRecord.Decided(RUN, 1, 2, 1, Totals.NONE, sum(decidedOn)))
                .orElseThrow();
    }

    private void add(EligibleRecord record) {
        records.add(bytes(record));
    }

    private static byte[] bytes(EligibleRecord record) {
        return SERIALIZER.serialize(null, record);
    }

    private static Checksum sum(List<EligibleRecord> records) {
        return records.stream().map(record -> Checksum.of(bytes(record))).reduce(Checksum.NONE, Checksum::plus);
    }

    private EndOfEligible barrier(long count) {
        return new EndOfEligible(RUN, 1, count, sum(decidedOn));
    }

    private static Eligible eligible(RunId run, String seed) {
        Digest digest = Digest.Algorithm.SHA256.of(seed.getBytes(StandardCharsets.UTF_8));
        return new Eligible(run, Kind.BLOB, digest, null, null, 1, "test", 0, List.of(), run);
    }
}
