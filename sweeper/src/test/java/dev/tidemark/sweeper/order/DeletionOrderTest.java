package dev.tidemark.sweeper.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.Batch.Look;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeletionOrderTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Digest DIGEST = Digest.Algorithm.SHA256.of("a".getBytes(StandardCharsets.UTF_8));

    /** However the records came. */
    private final Batch batch =
            new Batch(List.of(candidate(Kind.BLOB), candidate(Kind.LAYER), candidate(Kind.MANIFEST)), Optional.empty());

    @Test
    void allThatNamesADigestGoesBeforeItsBlob() {
        see(new Look.Delete(true, List.of("history of a tag", "signature"), "revision"));
        List<String> order = new ArrayList<>();

        for (DeletionOrder step : DeletionOrder.values()) {
            batch.files(step).keySet().forEach(file -> {
                order.add(file);
                batch.gone(file);
            });
        }

        assertThat(order).containsExactly("history of a tag", "signature", "revision", "layer link", "blob");
        assertThat(batch.open()).isEmpty();
    }

    @Test
    void aBlobThatIsStillNamedStays() {
        see(new Look.Spare(WhyKept.TAGGED));

        assertThat(batch.files(DeletionOrder.BLOBS)).isEmpty();
        assertThat(batch.done(0))
                .extracting(done -> done.deletion().why())
                .containsExactly(WhyKept.STILL_NAMED, WhyKept.TAGGED);
    }

    private void see(Look manifest) {
        batch.seen(0, new Look.Delete(true, List.of(), "blob"));
        batch.seen(1, new Look.Delete(true, List.of(), "layer link"));
        batch.seen(2, manifest);
    }

    private static Candidate candidate(Kind kind) {
        return new Candidate(
                new Eligible(RUN, kind, DIGEST, kind == Kind.BLOB ? null : "app", null, 1, "test", 0, List.of(), RUN),
                false,
                false);
    }
}
