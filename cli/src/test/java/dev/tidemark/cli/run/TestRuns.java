package dev.tidemark.cli.run;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.LinkRepair;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Totals;
import java.util.Optional;

/** Runs, as their records have them. */
public final class TestRuns {

    private TestRuns() {}

    public static Run of(RunRecord... records) {
        Optional<Run> run = Optional.empty();
        for (RunRecord record : records) {
            run = Run.after(run, record);
        }
        return run.orElseThrow();
    }

    /** A run on one partition that is swept, over a registry of seven manifests that a tag names each. */
    public static Run swept(RunId run, long blobs, Totals totals, Sweep sweep, LinkRepair repair) {
        return of(
                new RunRecord.Requested(run, 0, new Options(0, true, false), 100, "test", null, null, null),
                new RunRecord.Enumerated(
                        run,
                        "/var/lib/registry",
                        1,
                        7,
                        7,
                        0,
                        blobs,
                        blobs,
                        null,
                        null,
                        0,
                        Checksum.NONE,
                        DescriptorCache.UNKNOWN,
                        null,
                        null,
                        Fingerprint.NONE,
                        OtherFiles.NONE),
                new RunRecord.Decided(run, 0, 1, 2, totals, Checksum.NONE),
                new RunRecord.Swept(run, 0, 1, sweep, Checksum.NONE, null, repair));
    }
}
