package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord.Outcome;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** {@link Totals} and {@link Sweep} are sums of parts: how they are grouped makes no difference. */
class AddingUpTest {

    private static final List<Kind> LEFT = List.of(Kind.UPLOAD, Kind.DIRECTORY, Kind.REPOSITORY, Kind.LINK);

    @Provide
    Arbitrary<Totals> totals() {
        return Arbitraries.randomValue(AddingUpTest::totals);
    }

    @Provide
    Arbitrary<Sweep> sweeps() {
        return deletions().list().ofMaxSize(8).map(AddingUpTest::sum);
    }

    @Provide
    Arbitrary<DeletionRecord> deletions() {
        return Arbitraries.randomValue(AddingUpTest::deletion);
    }

    @Property
    void totalsAddUpInAnyGrouping(@ForAll("totals") Totals a, @ForAll("totals") Totals b, @ForAll("totals") Totals c) {
        assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
        assertThat(a.plus(Totals.NONE)).isEqualTo(a);
        assertThat(Totals.NONE.plus(a)).isEqualTo(a);
    }

    @Property
    void totalsAddUpInAnyOrderButForTheOrderOfWhatIsBroken(@ForAll("totals") Totals a, @ForAll("totals") Totals b) {
        assertThat(withoutBroken(a.plus(b))).isEqualTo(withoutBroken(b.plus(a)));
        assertThat(a.plus(b).broken())
                .containsExactlyInAnyOrderElementsOf(b.plus(a).broken());
        assertThat(a.plus(b).unlinked().links())
                .isEqualTo(a.unlinked().links() + b.unlinked().links());
        assertThat(a.plus(b).unlinked().first())
                .containsExactlyInAnyOrderElementsOf(b.plus(a).unlinked().first());
        assertThat(a.plus(b).wrongSizes().blobs())
                .isEqualTo(a.wrongSizes().blobs() + b.wrongSizes().blobs());
        assertThat(a.plus(b).wrongSizes().first())
                .containsExactlyInAnyOrderElementsOf(b.plus(a).wrongSizes().first());
    }

    @Test
    void noMoreThanSoManyBrokenImagesAreListed() {
        var missing = new Totals.Missing("a", Samples.SHA256, Samples.SHA512);
        var wrong = new Totals.WrongSize("a", Samples.SHA256, Samples.SHA512, 1, 0);
        var many = new Totals(
                Tally.NONE,
                Tally.NONE,
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                700,
                Collections.nCopies(700, missing),
                new Totals.Unlinked(700, Collections.nCopies(700, missing)),
                new Totals.WrongSizes(700, Collections.nCopies(700, wrong)));

        assertThat(many.plus(many).broken()).hasSize(Totals.LISTED);
        assertThat(many.plus(many).unlinked().first()).hasSize(Totals.LISTED);
        assertThat(many.plus(many).wrongSizes().first()).hasSize(Totals.LISTED);
        assertThat(many.plus(many).wrongSizes().blobs()).isEqualTo(1400);
        assertThat(many.plus(many).missing()).isEqualTo(1400);
    }

    @Test
    void theRepositoriesThatFreeMostComeFirst() {
        var totals = new Totals(
                Tally.NONE,
                Tally.NONE,
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                Map.of("a", 1L, "b", 3L, "c", 2L, "d", 3L),
                0,
                List.of(),
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);

        assertThat(totals.mostFreed(3).entrySet())
                .containsExactly(Map.entry("b", 3L), Map.entry("d", 3L), Map.entry("c", 2L));
    }

    @Test
    void theShareThatIsEligibleIsTheLargerOfNumberAndBytes() {
        assertThat(share(new Tally(3, 10), new Tally(1, 90))).isEqualTo(90);
        assertThat(share(new Tally(1, 90), new Tally(3, 10))).isEqualTo(75);
        assertThat(share(new Tally(0, 0), new Tally(1, 0))).isEqualTo(100);
        assertThat(share(new Tally(0, 0), new Tally(0, 0))).isZero();
    }

    @Property
    void sweepsAddUpInAnyGroupingAndOrder(
            @ForAll("sweeps") Sweep a, @ForAll("sweeps") Sweep b, @ForAll("sweeps") Sweep c) {
        assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
        assertThat(a.plus(b)).isEqualTo(b.plus(a));
        assertThat(a.plus(Sweep.NONE)).isEqualTo(a);
    }

    @Property
    void aSweepCountsEveryDeletionOnce(@ForAll("deletionLists") List<DeletionRecord> deletions) {
        Sweep sweep = sum(deletions);
        long spared =
                sweep.spared().values().stream().mapToLong(Long::longValue).sum();

        assertThat(sweep.deletions() + sweep.alreadyGone() + spared + sweep.failures())
                .isEqualTo(deletions.size());
        assertThat(sweep.records()).isEqualTo(deletions.size());
        assertThat(sweep.bytesFreed())
                .isEqualTo(deletions.stream()
                        .filter(d -> d.outcome() == Outcome.DELETED)
                        .mapToLong(DeletionRecord::bytes)
                        .sum());
    }

    @Provide
    Arbitrary<List<DeletionRecord>> deletionLists() {
        return deletions().list().ofMaxSize(20);
    }

    private static double share(Tally live, Tally eligible) {
        return new Totals(
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
                        Totals.WrongSizes.NONE)
                .percentEligible();
    }

    private static Totals withoutBroken(Totals t) {
        return new Totals(
                t.live(),
                t.eligible(),
                t.kept(),
                t.liveManifests(),
                t.eligibleManifests(),
                0,
                t.liveLayerLinks(),
                t.eligibleLayerLinks(),
                t.freed(),
                t.missing(),
                List.of(),
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);
    }

    private static Sweep sum(List<DeletionRecord> deletions) {
        Sweep sum = Sweep.NONE;
        for (DeletionRecord deletion : deletions) {
            sum = sum.plus(deletion);
        }
        return sum;
    }

    private static Totals totals(Random random) {
        Map<String, Tally> kept = new HashMap<>();
        Map<String, Long> freed = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            kept.put("reason" + random.nextInt(4), tally(random));
            freed.put("repository" + random.nextInt(4), number(random));
        }
        List<Totals.Missing> broken = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> new Totals.Missing("r" + random.nextInt(3), Samples.SHA256, Samples.SHA512))
                .toList();
        return new Totals(
                tally(random),
                tally(random),
                kept,
                number(random),
                number(random),
                0,
                number(random),
                number(random),
                freed,
                number(random),
                broken,
                new Totals.Unlinked(number(random), broken),
                new Totals.WrongSizes(
                        number(random),
                        broken.stream()
                                .map(image -> new Totals.WrongSize(
                                        image.repository(), image.manifest(), image.blob(), 1, number(random)))
                                .toList()),
                Totals.Leftovers.of(LEFT.get(random.nextInt(4)), tally(random), true)
                        .plus(Totals.Leftovers.of(LEFT.get(random.nextInt(4)), tally(random), false)));
    }

    private static DeletionRecord deletion(Random random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        Outcome outcome = Outcome.values()[random.nextInt(4)];
        boolean told = Arrays.asList(Outcome.SPARED, Outcome.FAILED).contains(outcome);
        return new DeletionRecord(
                Samples.RUN,
                kind,
                Samples.SHA256,
                kind == Kind.BLOB || kind == Kind.DIRECTORY ? null : "a",
                kind == Kind.TAG ? "v1" : null,
                kind.hasPath() ? "u" : null,
                outcome,
                outcome == Outcome.DELETED ? number(random) : 0,
                told ? "why" + random.nextInt(3) : null,
                null,
                1);
    }

    private static Tally tally(Random random) {
        return new Tally(number(random), number(random));
    }

    private static long number(Random random) {
        return random.nextInt(1_000);
    }
}
