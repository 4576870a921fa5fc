package dev.tidemark.marker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TaskProgressTest {

    @Property
    void progressReadsBackAsItWasWritten(
            @ForAll long run,
            @ForAll @IntRange(min = 1, max = 12) int partitions,
            @ForAll boolean deciding,
            @ForAll boolean leftovers) {
        var progress = new TaskProgress(partitions);
        progress.start(run);
        progress.options = new Options(run, deciding, !deciding, leftovers ? run - 1 : null);
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

    /** As it was saved before runs had leftovers: an update may come in the middle of a run. */
    @Test
    void progressOfAnEarlierVersionIsRead() throws IOException {
        for (boolean dryRun : List.of(true, false)) {
            TaskProgress read = TaskProgress.decode(beforeLeftovers(dryRun));

            assertThat(read.options).isEqualTo(new Options(1_700_000_000_000L, true, dryRun));
            assertThat(read.received).containsExactly(3, 4, 5);
            assertThat(read.promised).containsExactly(6, 7, 8);
            assertThat(read.superstep).isEqualTo(2);
            assertThat(read.cursor).containsExactly(1, 2, 3);
            assertThat(read.totals).isEqualTo(Totals.NONE);
        }
    }

    private static byte[] beforeLeftovers(boolean dryRun) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(1);
        out.writeLong(41);
        out.writeByte(TaskProgress.Phase.DECIDING.ordinal());
        out.writeLong(40);
        out.writeBoolean(true);
        out.writeLong(1_700_000_000_000L);
        out.writeBoolean(true);
        out.writeBoolean(dryRun);
        for (int input = 0; input < 3; input++) {
            out.writeLong(3 + input);
            out.writeLong(6 + input);
        }
        out.writeBoolean(false);
        out.writeInt(2);
        out.writeLong(9);
        out.writeLong(10);
        out.writeLong(11);
        out.writeInt(2);
        out.writeLong(12);
        out.writeLong(13);
        out.writeInt(3);
        out.write(new byte[] {1, 2, 3});
        out.writeLong(14);
        out.writeUTF(Checksum.NONE.toString());
        String totals = """
            {"live":{"count":0,"bytes":0},"eligible":{"count":0,"bytes":0},"kept":{},"liveManifests":0,
            "eligibleManifests":0,"eligibleTags":0,"liveLayerLinks":0,"eligibleLayerLinks":0,"freed":{},"missing":0,
            "broken":[],"unlinked":{"links":0,"first":[]},"wrongSizes":{"blobs":0,"first":[]}}""";
        out.write(totals.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
