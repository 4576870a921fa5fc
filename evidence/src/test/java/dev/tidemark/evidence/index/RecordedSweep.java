package dev.tidemark.evidence.index;

import static dev.tidemark.evidence.index.RecordedRun.KEEP;
import static dev.tidemark.evidence.index.RecordedRun.TOPICS;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** The sweep of a run, recorded as a sweeper records it, with whatever can happen to a deletion. */
final class RecordedSweep {

    private final Run decided;
    private final RunId current;
    private final TopicsInMemory topics;
    private final Random random;

    /**
     * @param decided the run, with what its markers let through
     * @param topics that it is recorded in
     */
    RecordedSweep(Run decided, TopicsInMemory topics, Random random) {
        this.decided = decided;
        current = decided.requested().run();
        this.topics = topics;
        this.random = random;
    }

    /** Sweeps the tags of all partitions, then the rest. What sweepers say of the run goes to {@code said}. */
    void record(Consumer<RunRecord> said) {
        List<Swept> sweeps = new ArrayList<>();
        for (int p = 0; p < TOPICS.partitions(); p++) {
            sweeps.add(new Swept());
            sweep(p, sweeps.get(p), true);
            if (decided.requested().policy() != null) {
                said.accept(new RunRecord.TagsSwept(current, p, TOPICS.partitions()));
            }
        }
        for (int p = 0; p < TOPICS.partitions(); p++) {
            Swept swept = sweeps.get(p);
            sweep(p, swept, false);
            String by = decided.approved() ? decided.approval().by() : null;
            said.accept(new RunRecord.Swept(current, p, TOPICS.partitions(), swept.sweep, swept.checksum, by, null));
        }
    }

    /** Of one partition, so far. */
    private static final class Swept {
        private final Set<Digest> named = new HashSet<>();
        private Sweep sweep = Sweep.NONE;
        private Checksum checksum = Checksum.NONE;
    }

    private void sweep(int partition, Swept swept, boolean tags) {
        for (RecordSource.Entry entry : List.copyOf(topics.partition(TOPICS.eligible(), partition).entries)) {
            if (TopicsInMemory.read(EligibleRecord.class, entry) instanceof Eligible eligible
                    && eligible.run().equals(current)
                    && (eligible.kind() == Kind.TAG) == tags) {
                DeletionRecord deletion = deletion(eligible, swept.named);
                if (!tags && (deletion.outcome() == Outcome.SPARED || deletion.outcome() == Outcome.FAILED)) {
                    swept.named.add(eligible.digest());
                }
                byte[] value = topics.append(
                        TOPICS.deletions(), partition, eligible.digest().toString(), DeletionRecord.class, deletion);
                swept.checksum = swept.checksum.plus(value);
                swept.sweep = swept.sweep.plus(deletion);
            }
        }
    }

    private DeletionRecord deletion(Eligible eligible, Set<Digest> named) {
        Outcome outcome = random.nextInt(4) > 0 ? Outcome.DELETED : Outcome.values()[random.nextInt(4)];
        if (outcome == Outcome.FAILED && eligible.kind() == Kind.TAG) {
            // Nothing else would be deleted then.
            outcome = Outcome.SPARED;
        }
        String why = outcome == Outcome.SPARED
                ? "written again since the run began"
                : outcome == Outcome.FAILED ? "permission denied" : null;
        if (eligible.kind() == Kind.BLOB && named.contains(eligible.digest())) {
            outcome = Outcome.SPARED;
            why = "something that names it was not deleted";
        }
        RunId approves = decided.requested().approves();
        if (approves != null
                && (eligible.unreferencedSince() == null
                        || eligible.unreferencedSince().compareTo(approves) > 0)) {
            outcome = Outcome.SPARED;
            why = "not in the dry run that was approved";
        }
        return new DeletionRecord(
                current,
                eligible.kind(),
                eligible.digest(),
                eligible.repository(),
                eligible.tag(),
                eligible.path(),
                outcome,
                outcome == Outcome.DELETED ? eligible.bytes() : 0,
                why,
                outcome == Outcome.DELETED ? KEEP : null,
                1_795_000_000_000L + random.nextInt(1000));
    }
}
