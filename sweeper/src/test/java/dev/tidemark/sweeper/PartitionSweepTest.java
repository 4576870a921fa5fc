package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Sweep;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class PartitionSweepTest {

  private static final RunId RUN = new RunId("20260101-000000");

  @Test
  void offsetsAreCommittedBetweenDigestsOnly() {
    var sweep = PartitionSweep.resume(RUN, 10, null);

    done(sweep, "a", Kind.MANIFEST, 10, Outcome.DELETED);
    done(sweep, "a", Kind.BLOB, 11, Outcome.DELETED);
    assertThat(sweep.committable().offset()).isEqualTo(10);

    done(sweep, "b", Kind.LAYER, 12, Outcome.DELETED);
    assertThat(sweep.committable().offset()).isEqualTo(12);

    sweep.end(14);
    assertThat(sweep.committable().offset()).isEqualTo(14);
  }

  @Test
  void whatIsSparedKeepsItsBlobAndNoOther() {
    var sweep = PartitionSweep.resume(RUN, 0, null);

    done(sweep, "a", Kind.MANIFEST, 0, Outcome.SPARED);
    assertThat(sweep.stillNamed(eligible("a", Kind.BLOB), 1)).isTrue();
    done(sweep, "b", Kind.LAYER, 2, Outcome.FAILED);
    assertThat(sweep.stillNamed(eligible("b", Kind.BLOB), 3)).isTrue();
    done(sweep, "c", Kind.LAYER, 4, Outcome.ALREADY_GONE);
    assertThat(sweep.stillNamed(eligible("c", Kind.BLOB), 5)).isFalse();
  }

  @Test
  void whatWasDoneIsCommittedWithTheOffset() {
    var sweep = PartitionSweep.resume(RUN, 0, null);
    done(sweep, "a", Kind.BLOB, 0, Outcome.DELETED);
    done(sweep, "b", Kind.BLOB, 1, Outcome.DELETED);

    OffsetAndMetadata committed = sweep.committable();
    var resumed = PartitionSweep.resume(RUN, 1, committed);

    assertThat(resumed.sweep().deletions()).isEqualTo(1);
    assertThat(PartitionSweep.resume(new RunId("20260101-000001"), 1, committed).sweep()).isEqualTo(Sweep.NONE);
    assertThat(PartitionSweep.resume(RUN, 7, committed).sweep()).isEqualTo(Sweep.NONE);
  }

  private static void done(PartitionSweep sweep, String seed, Kind kind, long offset, Outcome outcome) {
    Eligible eligible = eligible(seed, kind);
    sweep.stillNamed(eligible, offset);
    sweep.done(new DeletionRecord(RUN, kind, eligible.digest(), eligible.repository(), outcome, 5, outcome == Outcome.DELETED ? null : "why", 0));
  }

  private static Eligible eligible(String seed, Kind kind) {
    Digest digest = Digest.Algorithm.SHA256.of(seed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new Eligible(RUN, kind, digest, kind == Kind.BLOB ? null : "app", 5, "test", 0, List.of(), RUN);
  }
}
