package dev.tidemark.marker.rules;

import static dev.tidemark.marker.rules.Decisions.assertAddsUp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.Held;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Runs after each other against the model: a run decides by itself, whatever became of those before it. */
class ConsecutiveRunsPropertiesTest {

    private static final RunId FIRST = new RunId("20260101-000000");
    private static final RunId SECOND = new RunId("20260101-000001");
    private static final RunId THIRD = new RunId("20260101-000002");
    private static final RunId FOURTH = new RunId("20260101-000003");

    @Provide
    Arbitrary<Integer> partitions() {
        return Arbitraries.of(1, 2, 5);
    }

    /** Half of a record may have been worked off: nobody decides on that, and the next run knows nothing of it. */
    @Property(tries = 800)
    void aTaskThatBreaksOffDoesNotDecideAndTheNextRunIsRight(
            @ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false, RandomInput.leftovers(random));
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
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false, RandomInput.leftovers(random));
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
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, false, RandomInput.leftovers(random));
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
                .containsExactlyInAnyOrderElementsOf(registry.stream()
                        .map(ConsecutiveRunsPropertiesTest::row)
                        .toList());
    }

    /** Runs that were not decided, wholly or in a partition, say nothing of what is referenced. */
    @Property(tries = 500)
    void theFirstOfTheDecidedRunsInARowThatFoundADigestNotLiveIsRemembered(
            @ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean unfinished) {
        var random = new Random(seed);
        var options = new Options(RandomInput.CUTOFF, true, false, RandomInput.CUTOFF);
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
                if (eligible.kind() == Kind.TAG || eligible.kind().leftover()) {
                    RunId since = sinceByItself(eligible, models, simulation);
                    assertThat(eligible.unreferencedSince()).isBetween(since, unfinished ? run : since);
                } else if (models.get(run).isLive(eligible.digest())) {
                    assertThat(eligible.kind()).isEqualTo(Kind.LAYER);
                    assertThat(eligible.unreferencedSince()).isNull();
                } else if (models.get(run).isBlob(eligible.digest())) {
                    RunId since = since(eligible.digest(), run, models, simulation);
                    boolean forgotten = isForgotten(eligible.digest(), since, run, models, simulation);
                    assertThat(eligible.unreferencedSince()).isBetween(since, forgotten ? run : since);
                } else {
                    assertThat(eligible.unreferencedSince()).isLessThanOrEqualTo(run);
                }
            }
        }
    }

    /** Whether a run between two others that has not found the blob was cut off: it may have forgotten the row. */
    private static boolean isForgotten(
            Digest digest, RunId since, RunId last, Map<RunId, Model> models, Simulation simulation) {
        return Stream.of(SECOND, THIRD)
                .filter(run -> run.compareTo(since) > 0 && run.compareTo(last) < 0)
                .anyMatch(run ->
                        !isDecided(run, digest, simulation) && !models.get(run).isBlob(digest));
    }

    private static boolean isDecided(RunId run, Digest digest, Simulation simulation) {
        int partition = simulation.input().partition(digest);
        return simulation.decided(run).stream().anyMatch(decided -> decided.partition() == partition);
    }

    private static RunId since(Digest digest, RunId last, Map<RunId, Model> models, Simulation simulation) {
        return since(
                digest,
                last,
                run -> !models.get(run).isLive(digest) && models.get(run).isBlob(digest),
                simulation);
    }

    /** Of what is eligible whatever becomes of its digest. */
    private static RunId sinceByItself(Eligible it, Map<RunId, Model> models, Simulation simulation) {
        return since(it.digest(), it.run(), run -> models.get(run).eligible().contains(Model.text(it)), simulation);
    }

    /** The first of the decided runs in a row, up to the last, that found something to be so. */
    private static RunId since(Digest digest, RunId last, Predicate<RunId> found, Simulation simulation) {
        RunId since = last;
        for (RunId run : List.of(THIRD, SECOND, FIRST)) {
            if (run.compareTo(last) < 0 && isDecided(run, digest, simulation)) {
                if (!found.test(run)) {
                    return since;
                }
                since = run;
            }
        }
        return since;
    }

    private static String row(Held<?> one) {
        return switch (one.input()) {
            case MANIFESTS -> "manifest " + one.repository() + " " + one.digest();
            case BLOBS -> "blob  " + one.digest();
            case LAYERS ->
                (one.entry() instanceof Leftover ? "leftover " : "layer ") + one.repository() + " " + one.digest();
        };
    }
}
