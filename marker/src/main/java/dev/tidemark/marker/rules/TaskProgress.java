package dev.tidemark.marker.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Totals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** The progress of a partition's task in a run. It is saved with every record, so it is small, and plainly encoded. */
final class TaskProgress {

    /** The life of a run in one task. */
    enum Phase {
        /** No run yet. */
        IDLE,
        /** Superstep 0: records of the enumerator come in. */
        INPUT,
        /** The later supersteps. */
        MARKING,
        DECIDING,
        DECIDED,
        /** Or it has ended otherwise: nothing is done for it any more. */
        FAILED
    }

    private static final int INPUTS = EnumeratedRecord.Input.values().length;
    private static final int DRY_RUN = 1;
    private static final int LEFTOVERS = 2;

    final int partitions;

    long run;
    Phase phase = Phase.IDLE;
    /** Null until the run's first barrier. */
    EnumeratedRecord.Options options;

    final long[] received = new long[INPUTS];
    /** The records that the end-of-input barriers promise; -1 as long as they aren't in. */
    final long[] promised = new long[INPUTS];

    int superstep;
    /** Marks sent in this superstep. */
    long sent;

    final long[] sequenceOut;
    final long[] sequenceIn;
    /** The last superstep that each task has ended; -1 as long as it has ended none. */
    final int[] ended;
    /**
     * The marks that each task sent in its last superstep of even and of odd number: a task is never more than one
     * ahead of another.
     */
    final long[][] sentBy;

    /** Whether a policy lets tags of the partition go that are not decided on yet: they come first. */
    boolean tagsGo;

    /** The key that the decision goes on from; empty at its start. */
    byte[] cursor = {};

    long eligible;
    Totals totals = Totals.NONE;
    /** Of the eligible records so far. */
    Checksum checksum = Checksum.NONE;

    /** The last run that came to its decision here, or 0. */
    long lastDecided;

    TaskProgress(int partitions) {
        this.partitions = partitions;
        sequenceOut = new long[partitions];
        sequenceIn = new long[partitions];
        ended = new int[partitions];
        sentBy = new long[partitions][2];
        start(0);
        phase = Phase.IDLE;
    }

    void start(long newRun) {
        run = newRun;
        phase = Phase.INPUT;
        options = null;
        Arrays.fill(received, 0);
        Arrays.fill(promised, -1);
        superstep = 0;
        sent = 0;
        Arrays.fill(sequenceOut, 0);
        Arrays.fill(sequenceIn, 0);
        Arrays.fill(ended, -1);
        for (long[] counts : sentBy) {
            Arrays.fill(counts, 0);
        }
        tagsGo = false;
        cursor = new byte[0];
        eligible = 0;
        totals = Totals.NONE;
        checksum = Checksum.NONE;
    }

    boolean inputComplete() {
        return Arrays.stream(promised).noneMatch(promise -> promise < 0);
    }

    /** Whether every task has ended the superstep. */
    boolean everyoneEnded(int step) {
        return Arrays.stream(ended).allMatch(last -> last >= step);
    }

    /** How many marks all tasks together sent in the superstep, once everyone has ended it. */
    long sentByAll(int step) {
        return Arrays.stream(sentBy).mapToLong(counts -> counts[step & 1]).sum();
    }

    byte[] encode() {
        var bytes = new ByteArrayOutputStream(128 + 36 * partitions);
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(partitions);
            out.writeLong(run);
            out.writeByte(phase.ordinal());
            out.writeLong(lastDecided);
            out.writeBoolean(options != null);
            if (options != null) {
                out.writeLong(options.cutoff());
                out.writeBoolean(options.deleteUntagged());
                // A process of an earlier version has written 0 or 1, and no time after it.
                out.writeByte((options.dryRun() ? DRY_RUN : 0) | (options.leftovers() != null ? LEFTOVERS : 0));
                if (options.leftovers() != null) {
                    out.writeLong(options.leftovers());
                }
            }
            for (int i = 0; i < INPUTS; i++) {
                out.writeLong(received[i]);
                out.writeLong(promised[i]);
            }
            out.writeBoolean(tagsGo);
            out.writeInt(superstep);
            out.writeLong(sent);
            for (int p = 0; p < partitions; p++) {
                out.writeLong(sequenceOut[p]);
                out.writeLong(sequenceIn[p]);
                out.writeInt(ended[p]);
                out.writeLong(sentBy[p][0]);
                out.writeLong(sentBy[p][1]);
            }
            if (phase == Phase.DECIDING) {
                out.writeInt(cursor.length);
                out.write(cursor);
                out.writeLong(eligible);
                out.writeUTF(checksum.toString());
                out.write(JsonSerde.MAPPER.writeValueAsBytes(totals));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("totals are plain data", e);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static EnumeratedRecord.Options options(DataInputStream in) throws IOException {
        long cutoff = in.readLong();
        boolean deleteUntagged = in.readBoolean();
        int bits = in.readByte();
        return new EnumeratedRecord.Options(
                cutoff, deleteUntagged, (bits & DRY_RUN) != 0, (bits & LEFTOVERS) != 0 ? in.readLong() : null);
    }

    static TaskProgress decode(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var progress = new TaskProgress(in.readInt());
            progress.run = in.readLong();
            progress.phase = Phase.values()[in.readByte()];
            progress.lastDecided = in.readLong();
            if (in.readBoolean()) {
                progress.options = options(in);
            }
            for (int i = 0; i < INPUTS; i++) {
                progress.received[i] = in.readLong();
                progress.promised[i] = in.readLong();
            }
            progress.tagsGo = in.readBoolean();
            progress.superstep = in.readInt();
            progress.sent = in.readLong();
            for (int p = 0; p < progress.partitions; p++) {
                progress.sequenceOut[p] = in.readLong();
                progress.sequenceIn[p] = in.readLong();
                progress.ended[p] = in.readInt();
                progress.sentBy[p][0] = in.readLong();
                progress.sentBy[p][1] = in.readLong();
            }
            if (progress.phase == Phase.DECIDING) {
                progress.cursor = in.readNBytes(in.readInt());
                progress.eligible = in.readLong();
                progress.checksum = Checksum.parse(in.readUTF());
                progress.totals = JsonSerde.MAPPER.readValue(in.readAllBytes(), Totals.class);
            }
            return progress;
        } catch (IOException e) {
            throw new UncheckedIOException("the marker's saved progress cannot be read", e);
        }
    }
}
