package dev.tidemark.sweeper.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final RunId RUN = new RunId("20260101-000000");

    /** The records of a digest may be cut apart, by a batch that is full or by a sweeper that is killed. */
    @Test
    void aBlobIsLinkedByARecordOfItsBatchOrOfOneBefore() {
        PartitionProgress progress = PartitionProgress.begin(RUN);
        Eligible manifest = record(Kind.MANIFEST, "a");
        progress.stillNamed(manifest);
        progress.done(
                new DeletionRecord(
                        RUN, Kind.MANIFEST, manifest.digest(), "app", null, null, Outcome.DELETED, 0, null, null, 0),
                new byte[0]);

        Batch batch = Batch.of(
                List.of(
                        record(Kind.BLOB, "a"),
                        record(Kind.BLOB, "b"),
                        record(Kind.LAYER, "c"),
                        record(Kind.BLOB, "c")),
                progress,
                index -> index == 1,
                Optional.empty());

        assertThat(batch.linked(digest("a"))).isTrue();
        assertThat(batch.linked(digest("b"))).isFalse();
        assertThat(batch.linked(digest("c"))).isTrue();
        assertThat(batch.candidate(0).begun()).isFalse();
        assertThat(batch.candidate(1).begun()).isTrue();
    }

    @Test
    void onlyTheDigestAtHandHasItsBlobStay() {
        PartitionProgress progress = PartitionProgress.begin(RUN);
        progress.passedOver(record(Kind.MANIFEST, "a"));

        Batch batch = Batch.of(
                List.of(record(Kind.BLOB, "a"), record(Kind.BLOB, "b")), progress, index -> false, Optional.empty());

        assertThat(batch.candidate(0).stillNamed()).isTrue();
        assertThat(batch.candidate(1).stillNamed()).isFalse();
    }

    private static Eligible record(Kind kind, String digit) {
        return new Eligible(
                RUN, kind, digest(digit), kind == Kind.BLOB ? null : "app", null, 1, "test", 0, List.of(), RUN);
    }

    private static Digest digest(String digit) {
        return Digest.parse("sha256:" + digit.repeat(64));
    }
}
