package dev.tidemark.kafka.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.OnBroker;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import org.junit.jupiter.api.Test;

/** When a run has last come to its end, as the topic {@code runs} says it. */
class LastGoodEndIT extends OnBroker {

    private static final RunId FIRST = new RunId("20260101-000000");
    private static final RunId SECOND = new RunId("20260102-000000");
    private static final RunId THIRD = new RunId("20260103-000000");
    private static final RunId FOURTH = new RunId("20260104-000000");

    private final Cluster cluster = new Cluster(broker.clients(), new Topics("good.", 1));

    @Test
    void onlyARunThatIsThroughCountsAndWithoutOneTheFirstRequest() throws Exception {
        broker.create(cluster.topics().runs(), 1);
        try (var log = new RunLog(cluster)) {
            log.toEnd();
            assertThat(log.succeededAt()).isZero();

            long asked = written(log, requested(FIRST, false));
            assertThat(log.succeededAt()).isEqualTo(asked);
            written(log, new Failed(FIRST, "enumerator", "a test"));
            written(log, requested(SECOND, true));
            written(log, enumerated(SECOND));
            assertThat(log.succeededAt()).isEqualTo(asked);
            long dry = written(log, decided(SECOND));
            assertThat(log.succeededAt()).as("a dry run that has decided").isEqualTo(dry);

            written(log, requested(THIRD, false));
            written(log, enumerated(THIRD));
            written(log, decided(THIRD));
            assertThat(log.succeededAt()).as("a run that is not swept").isEqualTo(dry);
            long swept = written(log, new Swept(THIRD, 0, 1, Sweep.NONE, Checksum.NONE, null, null));
            assertThat(log.succeededAt()).as("a run that is swept").isEqualTo(swept);

            written(log, requested(FOURTH, false));
            written(log, new Failed(FOURTH, "enumerator", "a test"));
            assertThat(log.succeededAt()).isEqualTo(swept);
        }
    }

    /** Times are whole milliseconds: each record has one of its own. */
    private long written(RunLog log, RunRecord record) throws Exception {
        long before = log.changedAt();
        while (System.currentTimeMillis() <= before) {
            Thread.onSpinWait();
        }
        broker.send(
                cluster.topics().runs(),
                0,
                new JsonSerde<>(RunRecord.class).serializer().serialize("", record));
        log.toEnd();
        assertThat(log.changedAt()).isGreaterThan(before);
        return log.changedAt();
    }

    private static Requested requested(RunId run, boolean dryRun) {
        return new Requested(run, 1, new Options(0, false, dryRun), 100, "test", null, null, null);
    }

    private static Enumerated enumerated(RunId run) {
        return new Enumerated(
                run,
                "test",
                1,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                0,
                Checksum.NONE,
                DescriptorCache.UNKNOWN,
                null,
                null,
                Fingerprint.NONE,
                OtherFiles.NONE);
    }

    private static Decided decided(RunId run) {
        return new Decided(run, 0, 1, 1, Totals.NONE, Checksum.NONE);
    }
}
