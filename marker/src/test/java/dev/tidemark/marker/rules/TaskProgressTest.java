package dev.tidemark.marker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TaskProgressTest {

    @Property
    void progressReadsBackAsItWasWritten(
            @ForAll long run, @ForAll @IntRange(min = 1, max = 12) int partitions, @ForAll boolean deciding) {
        var progress = new TaskProgress(partitions);
        progress.start(run);
        progress.options = new Options(run, deciding, !deciding);
        progress.received[1] = 7;
        progress.promised[2] = 9;
        progress.superstep = 3;
        progress.sent = 11;
        progress.sequenceOut[partitions - 1] = 5;
        progress.sequenceIn[0] = 6;
        progress.ended[0] = 2;
        progress.sentBy[0][1] = 13;
        progress.lastDecided = 17;
        if (deciding) {
            progress.phase = TaskProgress.Phase.DECIDING;
            progress.cursor = new byte[] {1, 2, 3};
            progress.eligible = 19;
            progress.checksum = Checksum.of(new byte[] {23});
            progress.totals = new Totals(
                    new Tally(1, 2),
                    Tally.NONE,
                    Map.of(),
                    3,
                    4,
                    0,
                    5,
                    6,
                    Map.of("a", 7L),
                    0,
                    List.of(),
                    Totals.Unlinked.NONE,
                    Totals.WrongSizes.NONE);
        }

        TaskProgress read = TaskProgress.decode(progress.encode());

        assertThat(read).usingRecursiveComparison().isEqualTo(progress);
    }
}
