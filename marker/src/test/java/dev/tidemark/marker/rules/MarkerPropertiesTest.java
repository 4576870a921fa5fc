package dev.tidemark.marker.rules;

import static dev.tidemark.marker.rules.Decisions.assertAddsUp;
import static dev.tidemark.marker.rules.Decisions.assertInOrder;
import static dev.tidemark.marker.rules.Decisions.assertSaysWhatWasEnumerated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.marker.rows.MemoryStore;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Entry;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.testkit.Held;
import java.util.List;
import java.util.Random;
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
        var options = new Options(RandomInput.CUTOFF, deleteUntagged, dryRun, RandomInput.leftovers(random));
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
        var options = new Options(RandomInput.CUTOFF, true, false, RandomInput.leftovers(random));
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
                                List.of(),
                                List.of("history"),
                                List.of(registry.get(random.nextInt(registry.size()))
                                        .digest()),
                                Sizes.of(random.nextInt(3)),
                                List.of(),
                                random.nextBoolean()
                                        ? registry.get(random.nextInt(registry.size()))
                                                .digest()
                                        : null,
                                pinned,
                                null,
                                random.nextInt(5) == 0);
                    case Blob b -> new Blob(b.digest(), b.size(), age, pinned);
                    case Layer l -> new Layer(l.digest(), age, null, pinned);
                    case Leftover l -> new Leftover(l.kind(), l.digest(), l.path(), age, l.bytes(), pinned);
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
                .filteredOn(eligible -> eligible.kind() == Kind.MANIFEST || eligible.kind() == Kind.BLOB)
                .noneMatch(eligible -> model.isLive(eligible.digest()));
        assertThat(model.eligible()).containsAll(simulation.eligible(FIRST, false));
        assertThat(simulation.decided(FIRST))
                .extracting(RunRecord.Decided::partition)
                .doesNotContain(simulation.deprived());
        assertThat(simulation.decided(FIRST).size() == partitions).isEqualTo(simulation.deprived() < 0);
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
}
