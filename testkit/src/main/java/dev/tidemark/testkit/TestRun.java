package dev.tidemark.testkit;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.util.ArrayList;
import java.util.List;

/** A run of a {@link TestIndex}: its options, and what its topic says of it. */
final class TestRun {

    final RunId id;
    long cutoff = TestIndex.CUTOFF;
    boolean deleteUntagged = true;
    boolean dryRun;
    boolean decided = true;

    /** So many blobs more than the topics still have. */
    int lost;

    /** Its records after the decision. */
    final List<RunRecord> after = new ArrayList<>();

    TestRun(RunId id) {
        this.id = id;
    }

    /** The records of its life, one after the other. */
    List<RunRecord> life(TestRegistry registry, int repositories) {
        var life = new ArrayList<RunRecord>();
        life.add(new RunRecord.Requested(
                id, cutoff, new Options(cutoff, deleteUntagged, dryRun), 100, "ada", null, null, null));
        if (decided) {
            life.add(new RunRecord.Enumerated(
                    id,
                    "/registry",
                    repositories,
                    registry.manifests.size(),
                    registry.tags.size(),
                    registry.links.size(),
                    registry.blobs.size() + lost,
                    0,
                    null,
                    null,
                    0,
                    Checksum.NONE,
                    DescriptorCache.UNKNOWN,
                    null,
                    null,
                    Fingerprint.NONE,
                    OtherFiles.NONE));
            var totals = new Totals(
                    new Tally(registry.blobs.size(), 1),
                    Tally.NONE,
                    null,
                    0,
                    0,
                    0,
                    0,
                    0,
                    null,
                    0,
                    null,
                    Totals.Unlinked.NONE,
                    Totals.WrongSizes.NONE);
            life.add(new RunRecord.Decided(id, 0, 1, 2, totals, Checksum.NONE));
        }
        life.addAll(after);
        return life;
    }
}
