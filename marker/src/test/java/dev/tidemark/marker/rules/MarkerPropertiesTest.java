package dev.tidemark.marker.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.marker.rows.MemoryStore;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Entry;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import dev.tidemark.testkit.Held;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The marker against the model, on random registries, in random order, however the records are spread. */
class MarkerPropertiesTest {

    private static final RunId FIRST = new RunId("20260101-000000");
    private static final RunId SECOND = new RunId("20260101-000001");
    private static final RunId THIRD = new RunId("20260101-000002");
    private static final RunId FOURTH = new RunId("20260101-000003");

    @Provide
    Arbitrary<Integer> partitions() {
        return Arbitraries.of(1, 2, 5);
    }

    @Property(tries = 1500)
    void theMarkerDecidesAsTheModel(
            @ForAll("partitions") int partitions,
            @ForAll long seed,
            @ForAll boolean deleteUntagged,
            @ForAll boolean dryRun) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, dryRun);
        List<Held<?>> registry = RandomInput.of(random);
        var model = new Model(registry, options);
        var simulation =
                new Simulation(partitions, random).repeating().crashing().slicesOf(1 + random.nextInt(5));

        simulation.input().publish(FIRST, options, registry);
        simulation.run();

        assertThat(simulation.failed(FIRST)).isEmpty();
        assertThat(simulation.eligible(FIRST, dryRun)).isEqualTo(model.eligible());
        assertThat(simulation.eligible(FIRST, !dryRun)).isEmpty();
        assertThat(simulation.decided(FIRST))
                .extracting(RunRecord.Decided::partition)
                .doesNotHaveDuplicates()
                .hasSize(partitions);
        assertThat(simulation.eligibleRecords(FIRST, dryRun))
                .allSatisfy(eligible -> assertSaysWhatWasEnumerated(eligible, registry));
        for (int p = 0; p < partitions; p++) {
            assertInOrder(simulation.eligibleOf(p, dryRun));
        }
        assertAddsUp(simulation.decided(FIRST), registry, model);
        simulation.assertChecksums(FIRST, dryRun);
    }

    @Property(tries = 500)
    void aRepetitionThatSaysSomethingElseAddsWhatItSays(@ForAll("partitions") int partitions, @ForAll long seed) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<Held<?>> registry = RandomInput.of(random);
        List<Held<?>> again = registry.stream()
                .filter(r -> random.nextInt(5) == 0)
                .<Held<?>>map(r -> otherwise(r, registry, random))
                .toList();
        var simulation = new Simulation(partitions, random).repeating().crashing();

        simulation.input().publish(FIRST, options, registry, again);
        simulation.run();

        List<Held<?>> all = Stream.concat(registry.stream(), again.stream()).toList();
        assertThat(simulation.failed(FIRST)).isEmpty();
        assertThat(simulation.decided(FIRST)).hasSize(partitions);
        assertThat(simulation.eligible(FIRST, false)).isEqualTo(new Model(all, options).eligible());
        assertThat(simulation.eligibleRecords(FIRST, false))
                .allSatisfy(eligible -> assertSaysWhatWasEnumerated(eligible, all));
    }

    /** The same thing, of which something else is said. */
    private static Held<?> otherwise(Held<?> one, List<Held<?>> registry, Random random) {
        long age = random.nextInt(5) == 0 ? RandomInput.CUTOFF : 1;
        String pinned = random.nextInt(5) == 0 ? "pinned" : null;
        Entry entry = one.entry();
        return new Held<>(
                one.repository(),
                switch (entry) {
                    case Manifest m ->
                        new Manifest(
                                m.digest(),
                                m.mediaType(),
                                m.size(),
                                age,
                                random.nextBoolean() ? List.of("other") : List.of(),
                                List.of("history"),
                                List.of(registry.get(random.nextInt(registry.size()))
                                        .digest()),
                                List.of(),
                                pinned,
                                random.nextInt(5) == 0);
                    case Blob b -> new Blob(b.digest(), b.size(), age, pinned);
                    case Layer l -> new Layer(l.digest(), age, null, pinned);
                });
    }

    /**
     * Invariant I1: if a record is lost, no partition decides wrongly, and the one that lacks it does not decide at
     * all.
     */
    @Property(tries = 800)
    void aLostInputRecordFailsTheRun(
            @ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
        List<Held<?>> registry = RandomInput.of(random);
        var simulation = new Simulation(partitions, random).repeating().crashing();
        simulation.input().publish(FIRST, options, registry);

        Object lost =
                simulation.input().loseInput(random.nextInt(simulation.input().published()));
        simulation.run();

        assertThat(new Model(registry, options).eligible()).containsAll(simulation.eligible(FIRST, false));
        // Of the first barriers, one of the three tells as much as all.
        if (!(lost instanceof StartOfInput)) {
            assertThat(simulation.eligibleRecords(FIRST, false)).isEmpty();
            assertThat(simulation.decided(FIRST)).isEmpty();
            assertThat(simulation.failed(FIRST)).hasSize(lost instanceof EndOfInput ? 0 : 1);
        }
    }

    @Property(tries = 800)
    void aLostMarkOrBarrierNeverMakesAnythingLiveEligible(
            @ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
        List<Held<?>> registry = RandomInput.of(random);
        var model = new Model(registry, options);
        var simulation = new Simulation(partitions, random)
                .losing(random.nextInt(60))
                .crashing()
                .repeating();
        simulation.input().publish(FIRST, options, registry);

        simulation.run();

        assertThat(simulation.eligibleRecords(FIRST, false))
                .noneMatch(eligible -> eligible.kind() != Kind.LAYER && model.isLive(eligible.digest()));
        assertThat(model.eligible()).containsAll(simulation.eligible(FIRST, false));
        assertThat(simulation.decided(FIRST))
                .extracting(RunRecord.Decided::partition)
                .doesNotContain(simulation.deprived());
        assertThat(simulation.decided(FIRST).size() == partitions).isEqualTo(simulation.deprived() < 0);
    }

    /** Half of a record may have been worked off: nobody decides on that, and the next run knows nothing of it. */
    @Property(tries = 800)
    void aTaskThatBreaksOffDoesNotDecideAndTheNextRunIsRight(
            @ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
        List<Held<?>> registry = RandomInput.of(random);
        var model = new Model(registry, options);
        var simulation = new Simulation(partitions, random)
                .repeating()
                .crashing()
                .slicesOf(1 + random.nextInt(5))
                .breaking(true);

        simulation.input().publish(FIRST, options, registry);
        simulation.run();

        assertThat(model.eligible()).containsAll(simulation.eligible(FIRST, false));
        assertThat(simulation.decided(FIRST))
                .extracting(RunRecord.Decided::partition)
                .doesNotHaveDuplicates();
        assertThat(simulation.decided(FIRST).size() == partitions)
                .isEqualTo(simulation.failed(FIRST).isEmpty());
        assertNextIsRight(simulation.breaking(false), random, options, partitions);
    }

    /** Some tasks know it, others don't, or not any more. */
    @Property(tries = 800)
    void aRunThatIsOverIsLeftAndTheNextIsRight(
            @ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
        List<Held<?>> registry = RandomInput.of(random);
        var simulation =
                new Simulation(partitions, random).repeating().crashing().slicesOf(1 + random.nextInt(5));

        simulation.input().publish(FIRST, options, registry);
        simulation.run(random.nextInt(250));
        simulation.over(FIRST);
        simulation.run();

        assertThat(new Model(registry, options).eligible()).containsAll(simulation.eligible(FIRST, false));
        assertThat(simulation.failed(FIRST)).as("its end is written already").isEmpty();
        assertNextIsRight(simulation, random, options, partitions);
    }

    private static void assertNextIsRight(Simulation simulation, Random random, Options options, int partitions) {
        List<Held<?>> registry = RandomInput.of(random);
        var model = new Model(registry, options);
        simulation.input().publish(SECOND, options, registry);
        simulation.run();

        assertThat(simulation.failed(SECOND)).isEmpty();
        assertThat(simulation.eligible(SECOND, false)).isEqualTo(model.eligible());
        assertThat(simulation.decided(SECOND)).hasSize(partitions);
        assertAddsUp(simulation.decided(SECOND), registry, model);
        assertThat(simulation.runsOfRows()).isSubsetOf(Set.of(SECOND.number()));
    }

    /** An unfinished run's last records arrive after the next one's have begun to. */
    @Property(tries = 800)
    void aRunDependsOnNothingThatEarlierOnesMarked(
            @ForAll("partitions") int partitions,
            @ForAll long seed,
            @ForAll boolean deleteUntagged,
            @ForAll boolean unfinished,
            @ForAll boolean third) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
        var simulation =
                new Simulation(partitions, random).repeating().crashing().slicesOf(1 + random.nextInt(5));
        RunId last = third ? THIRD : SECOND;
        List<Held<?>> registry = List.of();
        for (RunId run : third ? List.of(FIRST, SECOND, THIRD) : List.of(FIRST, SECOND)) {
            registry = RandomInput.of(random);
            simulation.input().publish(run, options, registry);
            simulation.run(unfinished && !run.equals(last) ? random.nextInt(250) : Integer.MAX_VALUE);
        }

        var model = new Model(registry, options);
        assertThat(simulation.failed(last)).isEmpty();
        assertThat(simulation.eligible(last, false)).isEqualTo(model.eligible());
        assertThat(simulation.decided(last))
                .extracting(RunRecord.Decided::partition)
                .doesNotHaveDuplicates()
                .hasSize(partitions);
        assertAddsUp(simulation.decided(last), registry, model);
        assertThat(simulation.runsOfRows()).isSubsetOf(Set.of(last.number()));
        assertThat(simulation.rows().stream().filter(row -> !row.startsWith("no ")))
                .as("rows of what has vanished are forgotten")
                .containsExactlyInAnyOrderElementsOf(
                        registry.stream().map(MarkerPropertiesTest::row).toList());
    }

    /** Runs that were not decided, wholly or in a partition, say nothing of what is referenced. */
    @Property(tries = 500)
    void theFirstOfTheDecidedRunsInARowThatFoundADigestNotLiveIsRemembered(
            @ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean unfinished) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, true, false);
        var simulation = new Simulation(partitions, random).crashing().repeating();
        Map<RunId, Model> models = new TreeMap<>();
        List<RunId> runs = List.of(FIRST, SECOND, THIRD, FOURTH);
        for (RunId run : runs) {
            List<Held<?>> registry = RandomInput.of(random);
            models.put(run, new Model(registry, options));
            simulation.input().publish(run, options, registry);
            simulation.run(
                    unfinished && !run.equals(FOURTH) && random.nextBoolean()
                            ? random.nextInt(250)
                            : Integer.MAX_VALUE);
        }

        for (RunId run : runs) {
            for (Eligible eligible : simulation.eligibleRecords(run, false)) {
                if (models.get(run).isLive(eligible.digest())) {
                    assertThat(eligible.kind()).isEqualTo(Kind.LAYER);
                    assertThat(eligible.unreferencedSince()).isNull();
                } else if (models.get(run).isBlob(eligible.digest())) {
                    assertThat(eligible.unreferencedSince())
                            .isEqualTo(since(eligible.digest(), run, models, simulation));
                } else {
                    assertThat(eligible.unreferencedSince()).isLessThanOrEqualTo(run);
                }
            }
        }
    }

    private static RunId since(Digest digest, RunId last, Map<RunId, Model> models, Simulation simulation) {
        int partition = simulation.input().partition(digest);
        RunId since = last;
        for (RunId run : List.of(THIRD, SECOND, FIRST)) {
            boolean decided = simulation.decided(run).stream().anyMatch(d -> d.partition() == partition);
            if (run.compareTo(last) < 0 && decided) {
                if (models.get(run).isLive(digest) || !models.get(run).isBlob(digest)) {
                    return since;
                }
                since = run;
            }
        }
        return since;
    }

    @Property(tries = 300)
    void theDecisionIsTheSameInSlicesOfAnySize(
            @ForAll long seed, @ForAll boolean deleteUntagged, @ForAll @IntRange(min = 1, max = 20) int rows) {
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
        List<Simulation> both = List.of(rows, Integer.MAX_VALUE).stream()
                .map(slice -> {
                    var random = new Random(seed);
                    var simulation = new Simulation(1, random).slicesOf(slice);
                    simulation.input().publish(FIRST, options, RandomInput.of(random));
                    simulation.run();
                    return simulation;
                })
                .toList();

        assertThat(both.get(0).eligibleOf(0, false)).isEqualTo(both.get(1).eligibleOf(0, false));
        assertThat(both.get(0).decided(FIRST)).isEqualTo(both.get(1).decided(FIRST));
    }

    @Test
    void aStateOfAnotherNumberOfPartitionsIsRefused() {
        var store = new MemoryStore();
        store.saveProgress(new TaskProgress(4).encode());

        assertThatIllegalStateException()
                .isThrownBy(() -> new Marker(0, new MarkPacks(5, digest -> 0, 1), run -> false, store, null, 1))
                .withMessageContaining("4 partitions");
    }

    private static String row(Held<?> one) {
        return switch (one.input()) {
            case MANIFESTS -> "manifest " + one.repository() + " " + one.digest();
            case BLOBS -> "blob  " + one.digest();
            case LAYERS -> "layer " + one.repository() + " " + one.digest();
        };
    }

    /**
     * One digest after the other; of each the manifests, then the links, then the blob; then the barrier with its
     * count.
     */
    private static void assertInOrder(List<EligibleRecord> records) {
        Set<Digest> done = new HashSet<>();
        Eligible last = null;
        for (EligibleRecord record : records.subList(0, records.size() - 1)) {
            Eligible eligible = (Eligible) record;
            if (last != null && last.digest().equals(eligible.digest())) {
                assertThat(eligible.kind()).isGreaterThanOrEqualTo(last.kind());
            } else {
                assertThat(done.add(eligible.digest())).isTrue();
            }
            last = eligible;
        }
        assertThat(((EndOfEligible) records.get(records.size() - 1)).records()).isEqualTo(records.size() - 1L);
    }

    private static void assertSaysWhatWasEnumerated(Eligible eligible, List<Held<?>> registry) {
        long modified = 0;
        Set<String> history = new HashSet<>();
        for (Held<?> one : registry) {
            if (one.digest().equals(eligible.digest()) && Objects.equals(one.repository(), eligible.repository())) {
                Entry entry = one.entry();
                switch (entry) {
                    case Manifest m
                    when eligible.kind() == Kind.MANIFEST -> {
                        modified = Math.max(modified, m.modified());
                        history.addAll(m.history());
                    }
                    case Layer l when eligible.kind() == Kind.LAYER -> modified = Math.max(modified, l.modified());
                    case Blob b
                    when eligible.kind() == Kind.BLOB -> {
                        modified = Math.max(modified, b.modified());
                        assertThat(eligible.bytes()).isEqualTo(b.size());
                    }
                    default -> {
                        // Of the same digest, and of another kind.
                    }
                }
            }
        }
        assertThat(eligible.modified()).isEqualTo(modified);
        assertThat(eligible.history()).containsExactlyInAnyOrderElementsOf(history);
        assertThat(eligible.bytes() > 0).isEqualTo(eligible.kind() == Kind.BLOB);
    }

    private static void assertAddsUp(List<RunRecord.Decided> decided, List<Held<?>> registry, Model model) {
        Totals totals = decided.stream().map(RunRecord.Decided::totals).reduce(Totals.NONE, Totals::plus);
        List<Blob> blobs = Held.entries(Blob.class, registry).toList();
        assertThat(totals.live().plus(totals.eligible()).count()).isEqualTo(blobs.size());
        assertThat(totals.live().plus(totals.eligible()).bytes())
                .isEqualTo(blobs.stream().mapToLong(Blob::size).sum());
        assertThat(totals.freed().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(totals.eligible().bytes());
        assertThat(totals.freed()).isEqualTo(model.freed());
        assertThat(totals.liveManifests() + totals.eligibleManifests())
                .isEqualTo(Held.only(Manifest.class, registry).size());
        assertThat(totals.liveLayerLinks() + totals.eligibleLayerLinks())
                .isEqualTo(Held.only(Layer.class, registry).size());
        assertThat(totals.eligible().count()).isEqualTo(model.deadBlobs().size());
        assertThat(totals.liveManifests()).isEqualTo(model.liveManifests());
        assertThat(totals.eligible().count() + totals.eligibleManifests() + totals.eligibleLayerLinks())
                .isEqualTo(model.eligible().size());
        Tally spared = totals.kept().values().stream().reduce(Tally.NONE, Tally::plus);
        assertThat(spared)
                .isEqualTo(new Tally(
                        model.spared().size(),
                        model.spared().stream()
                                .mapToLong(blob -> blob.entry().size())
                                .sum()));
        assertThat(totals.missing())
                .isEqualTo(model.broken().stream()
                        .map(Totals.Missing::blob)
                        .distinct()
                        .count());
        assertThat(totals.broken()).hasSize((int) totals.missing()).isSubsetOf(model.broken());
        assertThat(decided)
                .extracting(RunRecord.Decided::supersteps)
                .allMatch(s -> s <= model.rounds() + 2)
                .containsOnly(decided.get(0).supersteps());
    }
}
