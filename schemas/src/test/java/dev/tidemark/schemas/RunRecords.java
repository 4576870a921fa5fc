package dev.tidemark.schemas;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The records of a run, and the run that they make. */
final class RunRecords {

    static final RunId EARLIER = new RunId("20261123-211838");
    static final RunId RUN = new RunId("20261123-211839");
    static final RunId LATER = new RunId("20261123-211840");
    static final Requested REQUESTED = requested(RUN, false);
    static final Requested DRY = requested(RUN, true);

    /** With {@link #keeping} and {@link #deleting} of two partitions, four blobs of 400 bytes. */
    static final Enumerated ENUMERATED = enumerated(4);

    static final Failed FAILED = new Failed(RUN, "marker", "a record is missing");
    static final Cancelled CANCELLED = new Cancelled(RUN, "interrupted");

    private RunRecords() {}

    static Run run(RunRecord... records) {
        return run(List.of(records));
    }

    static Run run(List<RunRecord> records) {
        return fold(records).orElseThrow();
    }

    static Optional<Run> fold(RunRecord... records) {
        return fold(List.of(records));
    }

    static Optional<Run> fold(List<RunRecord> records) {
        Optional<Run> latest = Optional.empty();
        for (RunRecord record : records) {
            latest = Run.after(latest, record);
        }
        return latest;
    }

    static List<RunRecord> and(List<? extends RunRecord> records, RunRecord... more) {
        List<RunRecord> all = new ArrayList<>(records);
        all.addAll(Arrays.asList(more));
        return all;
    }

    static Requested requested(RunId run, boolean dryRun) {
        return requested(run, dryRun, 30);
    }

    static Requested requested(RunId run, boolean dryRun, int maxDelete) {
        return new Requested(run, 1, new Options(0, false, dryRun), maxDelete, "test", null, null, null);
    }

    static Enumerated enumerated(long blobs) {
        return new Enumerated(
                RUN,
                "/var/lib/registry",
                1,
                1,
                1,
                1,
                blobs,
                400,
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

    static Decided keeping(int partition) {
        return decided(partition, new Tally(2, 200), Tally.NONE);
    }

    static Decided deleting(int partition) {
        return decided(partition, Tally.NONE, new Tally(2, 200));
    }

    static Decided decided(int partition, Tally live, Tally eligible) {
        return new Decided(
                RUN,
                partition,
                2,
                1,
                new Totals(
                        live,
                        eligible,
                        Map.of(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        Map.of(),
                        0,
                        List.of(),
                        Totals.Unlinked.NONE,
                        Totals.WrongSizes.NONE),
                Checksum.NONE);
    }

    static Swept swept(int partition) {
        return new Swept(
                RUN,
                partition,
                2,
                new Sweep(Map.of(Kind.BLOB, new Tally(1, 100)), 0, Map.of(), Map.of()),
                Checksum.NONE,
                null,
                null);
    }
}
