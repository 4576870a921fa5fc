package dev.tidemark.sweeper.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {

    private static final RunId RUN = new RunId("20260101-000000");

    private final PartitionProgress progress = PartitionProgress.begin(RUN);

    @Test
    void aSparedManifestKeepsItsBlobAndNoOther() {
        done(progress, "a", Kind.MANIFEST, Outcome.SPARED);
        assertThat(progress.stillNamed(eligible("a", Kind.BLOB))).isTrue();
        done(progress, "b", Kind.LAYER, Outcome.FAILED);
        assertThat(progress.stillNamed(eligible("b", Kind.BLOB))).isTrue();
        done(progress, "c", Kind.LAYER, Outcome.ALREADY_GONE);
        assertThat(progress.stillNamed(eligible("c", Kind.BLOB))).isFalse();
    }

    @Test
    void anotherSweeperInTheMiddleOfADigestKnowsThatItsBlobHasToStay() {
        done(progress, "a", Kind.MANIFEST, Outcome.SPARED);

        PartitionProgress next = PartitionProgress.resume(progress.metadata()).orElseThrow();

        assertThat(next.stillNamed(eligible("a", Kind.BLOB))).isTrue();
        assertThat(next.stillNamed(eligible("b", Kind.BLOB))).isFalse();
    }

    @Test
    void anotherSweeperInTheMiddleOfADigestKnowsThatItWasLinked() {
        done(progress, "a", Kind.MANIFEST, Outcome.DELETED);

        PartitionProgress next = PartitionProgress.resume(progress.metadata()).orElseThrow();

        assertThat(next.linked(eligible("a", Kind.BLOB))).isTrue();
        assertThat(next.linked(eligible("b", Kind.BLOB))).isFalse();
    }

    @Test
    void anotherSweeperKnowsWhatWasDoneAndWhatMayHaveBeenBegun() {
        progress.reachTo(100);
        done(progress, "a", Kind.BLOB, Outcome.DELETED);
        done(progress, "b", Kind.BLOB, Outcome.FAILED);

        PartitionProgress next = PartitionProgress.resume(progress.metadata()).orElseThrow();

        assertThat(next.run()).isEqualTo(RUN);
        assertThat(next.records()).isEqualTo(2);
        assertThat(next.sweep()).isEqualTo(progress.sweep());
        assertThat(next.checksum()).isEqualTo(progress.checksum()).isNotEqualTo(Checksum.NONE);
        assertThat(next.sweep().deletions()).isEqualTo(1);
        assertThat(next.until()).isEqualTo(100 + PartitionProgress.WINDOW);
    }

    @Test
    void aTextThatLacksAFieldWasSavedByNoSweeper() throws IOException {
        var saved = (ObjectNode) JsonSerde.MAPPER.readTree(progress.metadata());

        for (String field :
                List.of("run", "sweep", "records", "until", "barrier", "stillNamed", "linked", "checksum")) {
            ObjectNode without = saved.deepCopy();
            assertThat(without.remove(field)).as(field).isNotNull();
            assertThatThrownBy(() -> PartitionProgress.resume(without.toString()))
                    .as(field)
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void nothingCommittedIsNothingToGoOnWith() {
        assertThat(PartitionProgress.resume("")).isEmpty();
        assertThatThrownBy(() -> PartitionProgress.resume("by hand")).isInstanceOf(IllegalStateException.class);
    }

    private static void done(PartitionProgress progress, String seed, Kind kind, Outcome outcome) {
        Eligible eligible = eligible(seed, kind);
        progress.stillNamed(eligible);
        var deletion = new DeletionRecord(
                RUN,
                kind,
                eligible.digest(),
                eligible.repository(),
                outcome,
                5,
                outcome == Outcome.DELETED ? null : "why",
                0);
        progress.done(deletion, seed.getBytes(StandardCharsets.UTF_8));
    }

    private static Eligible eligible(String seed, Kind kind) {
        Digest digest = Digest.Algorithm.SHA256.of(seed.getBytes(StandardCharsets.UTF_8));
        return new Eligible(RUN, kind, digest, kind == Kind.BLOB ? null : "app", null, 5, "test", 0, List.of(), RUN);
    }
}
