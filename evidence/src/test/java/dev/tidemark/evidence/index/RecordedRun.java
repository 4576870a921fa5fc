package dev.tidemark.evidence.index;

import dev.tidemark.marker.Markers;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.testkit.Held;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Runs as they are recorded: a registry is enumerated as an enumerator would, marked by the real markers, and swept as
 * a sweeper would, with whatever can happen to one.
 */
public final class RecordedRun {

    public static final Topics TOPICS = new Topics("t.", 3);
    /** Of a run that approves a dry run: that one. */
    public static final RunId DRY = new RunId("20261101-000000");

    public static final RunId RUN = new RunId("20261102-000000");
    /** How long the trash keeps what is deleted, in ms. */
    public static final long KEEP = 86_400_000;

    /** When a run is asked for: among the ages of a registry, in the seconds that policies count in. */
    private static final long ASKED = 1_795_000_000_750L;

    static final int WORK_PARTITIONS = 2;

    public final TopicsInMemory topics;
    private final Random random;
    private final Markers markers;
    private Optional<Run> run = Optional.empty();
    private boolean rich;

    private RecordedRun(Random random) {
        this.random = random;
        topics = TopicsInMemory.of(TOPICS, WORK_PARTITIONS, random);
        markers = new Markers(TOPICS, random, new Markers.Says() {
            @Override
            public void marks(MarksRecord record) {
                topics.append(TOPICS.marks(), record.to(), null, MarksRecord.class, record);
            }

            @Override
            public byte[] eligible(int partition, boolean dryRun, EligibleRecord record) {
                String key =
                        record instanceof Eligible eligible ? eligible.digest().toString() : null;
                return topics.append(
                        dryRun ? TOPICS.eligibleDryRun() : TOPICS.eligible(),
                        partition,
                        key,
                        EligibleRecord.class,
                        record);
            }

            @Override
            public void run(RunRecord record) {
                say(record);
            }
        });
    }

    /** Seeds that follow each other begin alike otherwise. */
    public static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /**
     * A run of that seed: a dry run, a real one, one that the breaker held, or one that approves the dry run before it;
     * of every eight, the last four have a policy.
     */
    public static RecordedRun of(long seed) {
        var random = random(seed);
        var recorded = new RecordedRun(random);
        boolean untagged = random.nextInt(4) > 0;
        int kind = Math.floorMod(seed, 4);
        boolean approving = kind == 3;
        boolean dryRun = kind == 0;
        PolicyText policy = Math.floorMod(seed, 8) < 4 ? null : TaggedRegistry.policy(random, ASKED);
        if (approving) {
            recorded.record(
                    DRY,
                    RandomRegistry.of(random),
                    new Options(RandomRegistry.CUTOFF, untagged, true, RandomRegistry.LEFTOVERS),
                    100,
                    null,
                    policy);
        }
        int maxDelete = kind == 2 ? 0 : 100;
        recorded.record(
                RUN,
                RandomRegistry.of(random),
                new Options(RandomRegistry.CUTOFF, untagged, dryRun, RandomRegistry.LEFTOVERS),
                maxDelete,
                approving ? DRY : null,
                policy);
        return recorded;
    }

    /**
     * A dry run on a registry of that seed: the same registry, whatever else is asked for.
     *
     * @param policy null for none
     */
    public static RecordedRun of(long seed, boolean deleteUntagged, PolicyText policy) {
        var recorded = new RecordedRun(random(seed));
        recorded.rich = true;
        recorded.record(
                RUN,
                RandomRegistry.of(recorded.random),
                new Options(RandomRegistry.CUTOFF, deleteUntagged, true, RandomRegistry.LEFTOVERS),
                100,
                null,
                policy);
        return recorded;
    }

    /** A policy whose limits lie among the ages of a registry. */
    public static PolicyText policy(long seed) {
        return TaggedRegistry.policy(random(seed), ASKED);
    }

    /** An index of all that is in the topics, of the run that the seed made. */
    public static RunIndex index(Path directory, RecordSource source) {
        return RunIndex.build(directory, source, TOPICS, RUN, true, progress -> {});
    }

    private void say(RunRecord record) {
        run = Run.after(run, record);
        topics.append(TOPICS.runs(), 0, record.run().toString(), RunRecord.class, record);
    }

    /** Records a run from its request to its end. */
    RunId record(RunId id, List<Held<?>> registry, Options options, int maxDelete, RunId approves, PolicyText policy) {
        var request = new RunRecord.Requested(id, ASKED, options, maxDelete, "operator", approves, null, policy);
        say(request);
        say(new RecordedEnumeration(request, registry, rich, topics, markers, random).record());
        markers.run();
        if (!options.dryRun()) {
            sweep();
        }
        return id;
    }

    /** Sweeps what the run let through, unless the breaker holds it and nobody approves it. */
    private void sweep() {
        Run decided = run.orElseThrow();
        if (!decided.allDecided()) {
            throw new IllegalStateException("the markers did not decide: " + decided);
        }
        if (decided.exceedsBreaker()) {
            RunId id = decided.requested().run();
            say(new RunRecord.Waiting(id, decided.whyHeld().orElseThrow()));
            if (random.nextInt(4) == 0) {
                return;
            }
            say(new RunRecord.Approved(id, "the operator"));
        }
        new RecordedSweep(run.orElseThrow(), topics, random).record(this::say);
    }

    /** The run as whoever follows runs sees it. */
    Run run() {
        return run.orElseThrow();
    }
}
