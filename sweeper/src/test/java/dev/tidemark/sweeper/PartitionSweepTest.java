package dev.tidemark.sweeper;

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

class PartitionSweepTest {

  private static final RunId RUN = new RunId("20260101-000000");

  private final PartitionSweep sweep = PartitionSweep.begin(RUN);

  @Test
  void whatIsSparedKeepsItsBlobAndNoOther() {
    done(sweep, "a", Kind.MANIFEST, Outcome.SPARED);
    assertThat(sweep.stillNamed(eligible("a", Kind.BLOB))).isTrue();
    done(sweep, "b", Kind.LAYER, Outcome.FAILED);
    assertThat(sweep.stillNamed(eligible("b", Kind.BLOB))).isTrue();
    done(sweep, "c", Kind.LAYER, Outcome.ALREADY_GONE);
    assertThat(sweep.stillNamed(eligible("c", Kind.BLOB))).isFalse();
  }

  @Test
  void whoTakesOverInTheMiddleOfADigestKnowsThatItsBlobHasToStay() {
    done(sweep, "a", Kind.MANIFEST, Outcome.SPARED);

    PartitionSweep next = PartitionSweep.resume(sweep.metadata()).orElseThrow();

    assertThat(next.stillNamed(eligible("a", Kind.BLOB))).isTrue();
    assertThat(next.stillNamed(eligible("b", Kind.BLOB))).isFalse();
  }

  @Test
  void whoTakesOverKnowsWhatWasDoneAndWhatMayHaveBeenBegun() {
    sweep.reachTo(100);
    done(sweep, "a", Kind.BLOB, Outcome.DELETED);
    done(sweep, "b", Kind.BLOB, Outcome.FAILED);

    PartitionSweep next = PartitionSweep.resume(sweep.metadata()).orElseThrow();

    assertThat(next.run()).isEqualTo(RUN);
    assertThat(next.records()).isEqualTo(2);
    assertThat(next.sweep()).isEqualTo(sweep.sweep());
    assertThat(next.checksum()).isEqualTo(sweep.checksum()).isNotEqualTo(Checksum.NONE);
    assertThat(next.sweep().deletions()).isEqualTo(1);
    assertThat(next.until()).isEqualTo(100 + PartitionSweep.WINDOW);
  }

  @Test
  void whatLacksSomethingWasSavedByNoSweeper() throws IOException {
    var saved = (ObjectNode) JsonSerde.MAPPER.readTree(sweep.metadata());

    for (String field : List.of("run", "sweep", "records", "until", "stillNamed", "checksum")) {
      ObjectNode without = saved.deepCopy();
      assertThat(without.remove(field)).as(field).isNotNull();
      assertThatThrownBy(() -> PartitionSweep.resume(without.toString())).as(field).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void nothingCommittedIsNothingToGoOnWith() {
    assertThat(PartitionSweep.resume("")).isEmpty();
    assertThatThrownBy(() -> PartitionSweep.resume("by hand")).isInstanceOf(IllegalStateException.class);
  }

  private static void done(PartitionSweep sweep, String seed, Kind kind, Outcome outcome) {
    Eligible eligible = eligible(seed, kind);
    sweep.stillNamed(eligible);
    var deletion =
        new DeletionRecord(RUN, kind, eligible.digest(), eligible.repository(), outcome, 5, outcome == Outcome.DELETED ? null : "why", 0);
    sweep.done(deletion, seed.getBytes(StandardCharsets.UTF_8));
  }

  private static Eligible eligible(String seed, Kind kind) {
    Digest digest = Digest.Algorithm.SHA256.of(seed.getBytes(StandardCharsets.UTF_8));
    return new Eligible(RUN, kind, digest, kind == Kind.BLOB ? null : "app", 5, "test", 0, List.of(), RUN);
  }
}
