package dev.tidemark.report.data;

import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A run that was before the one that is reported. */
final class PastRun {

    private PastRun() {}

    /** @param run its id, that of a run at three o'clock */
    static RunHistory.Entry of(String run, String registry, long bytes, long freed) {
        var id = new RunId(run);
        Instant at = Instant.parse(
                "%s-%s-%sT03:00:00Z".formatted(run.substring(0, 4), run.substring(4, 6), run.substring(6, 8)));
        var options = new EnumeratedRecord.Options(at.toEpochMilli(), true, freed == 0);
        Optional<Run> one = Run.after(
                Optional.empty(),
                new RunRecord.Requested(id, at.toEpochMilli(), options, 100, "cron", null, null, null));
        one = Run.after(
                one,
                new RunRecord.Enumerated(
                        id,
                        registry,
                        1,
                        1,
                        1,
                        1,
                        10,
                        bytes,
                        null,
                        null,
                        0,
                        Checksum.NONE,
                        DescriptorCache.UNKNOWN,
                        null,
                        null,
                        Fingerprint.NONE,
                        OtherFiles.NONE));
        one = Run.after(
                one,
                new RunRecord.Decided(
                        id, 0, 1, 3, totals(new Tally(5, bytes - freed), new Tally(5, freed)), Checksum.NONE));
        if (freed > 0) {
            one = Run.after(
                    one,
                    new RunRecord.Swept(
                            id,
                            0,
                            1,
                            new Sweep(Map.of(Kind.BLOB, new Tally(5, freed)), 0, null, null),
                            Checksum.NONE,
                            null,
                            null));
        }
        return new RunHistory.Entry(one.orElseThrow(), Map.of(Run.State.ENUMERATED, at));
    }

    private static Totals totals(Tally live, Tally eligible) {
        return new Totals(
                live, eligible, null, 0, 0, 0, 0, 0, null, 0, null, Totals.Unlinked.NONE, Totals.WrongSizes.NONE);
    }
}
