package dev.tidemark.marker.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cache says what plain maps say, wherever a row is: in memory, within its digest's value, or by itself in the
 * store.
 */
class RowCacheTest {

    private static final long RUN = new RunId("20261123-000007").number();
    private static final long LATER = new RunId("20261123-000008").number();
    private static final List<Digest> DIGESTS = List.of(RandomInput.digest("a"), RandomInput.digest("b"));

    private enum Action {
        OWN,
        LINK,
        MANIFEST,
        REFERRERS,
        FLUSH,
        EVICT,
        FLUSH_AND_CLEAR,
        LOAD_ALL,
        START_AGAIN
    }

    private record Step(Action action, int digest, int repository, long value) {}

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Action> actions = Arbitraries.frequency(
                Tuple.of(4, Action.OWN),
                Tuple.of(60, Action.LINK),
                Tuple.of(20, Action.MANIFEST),
                Tuple.of(10, Action.REFERRERS),
                Tuple.of(2, Action.FLUSH),
                Tuple.of(6, Action.EVICT),
                Tuple.of(1, Action.FLUSH_AND_CLEAR),
                Tuple.of(1, Action.LOAD_ALL),
                Tuple.of(1, Action.START_AGAIN));
        return Combinators.combine(
                        actions,
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 150),
                        Arbitraries.longs().between(0, 1000))
                .as(Step::new);
    }

    @Property(tries = 300)
    void aRowThatIsReadIsTheOneThatWasPutLast(
            @ForAll @Size(min = 50, max = 400) List<@From("steps") Step> steps,
            @ForAll @IntRange(min = 1, max = 200) int most) {
        var store = new MemoryStore();
        var rows = new RowCache(store, most);
        Map<Digest, Row.OfDigest> own = new TreeMap<>();
        Map<String, Row.OfLink> links = new TreeMap<>();
        Map<String, Row.OfManifest> manifests = new TreeMap<>();
        Map<String, Row.OfReferrers> referrers = new TreeMap<>();

        for (Step step : steps) {
            Digest digest = DIGESTS.get(step.digest());
            String repository = "r" + step.repository();
            switch (step.action()) {
                case OWN -> {
                    Row.OfDigest row = Row.OfDigest.unknown(RUN).stored(step.value(), 1);
                    own.put(digest, row);
                    rows.put(digest, row);
                }
                case LINK -> {
                    var row = new Row.OfLink(RUN, true, false, step.value(), null, null);
                    links.put(digest + repository, row);
                    rows.put(digest, repository, row);
                }
                case MANIFEST -> {
                    var row = new Row.OfManifest(
                            RUN,
                            false,
                            false,
                            step.value(),
                            List.of(),
                            Map.of(),
                            List.of(Row.Reference.optional(digest)),
                            List.of());
                    manifests.put(digest + repository, row);
                    rows.put(digest, repository, row);
                }
                case REFERRERS -> {
                    var row = new Row.OfReferrers(RUN, List.of(RandomInput.digest("of" + step.value())));
                    referrers.put(digest + repository, row);
                    rows.put(digest, repository, row);
                }
                case FLUSH -> rows.flush();
                case EVICT -> rows.evict();
                case FLUSH_AND_CLEAR -> rows.flushAndClear();
                case LOAD_ALL -> rows.loadAll();
                case START_AGAIN -> {
                    rows.flush();
                    rows = new RowCache(store, most);
                }
            }
            assertThat(rows.digest(digest)).isEqualTo(own.get(digest));
            assertThat(rows.link(digest, repository)).isEqualTo(links.get(digest + repository));
            assertThat(rows.manifest(digest, repository)).isEqualTo(manifests.get(digest + repository));
            assertThat(rows.referrers(digest, repository)).isEqualTo(referrers.get(digest + repository));
        }

        for (Digest digest : DIGESTS) {
            Map<String, Row.OfManifest> held = new TreeMap<>();
            rows.eachManifest(digest, held::put);
            Map<String, Row.OfManifest> expected = new TreeMap<>();
            manifests.forEach((key, row) -> {
                if (key.startsWith(digest.toString())) {
                    expected.put(key.substring(digest.toString().length()), row);
                }
            });
            assertThat(held).isEqualTo(expected);
        }
    }

    /** A base image's layers are few, and linked by many. */
    @Test
    void theLinksOfFewDigestsCountAsManyRows() {
        var store = new MemoryStore();
        var rows = new RowCache(store, 100);

        for (Digest digest : DIGESTS) {
            for (int repository = 0; repository < 49; repository++) {
                rows.put(digest, "r" + repository, new Row.OfLink(RUN, true, false, 1, null, null));
                rows.put(digest, "r" + repository, new Row.OfLink(RUN, true, true, 1, null, null));
            }
        }
        rows.put(RandomInput.digest("c"), Row.OfDigest.unknown(RUN));
        rows.evict();
        assertThat(store.rows()).isNotEmpty();
    }

    /**
     * Rows of two runs, in any order: read from memory or from the store, the groups are the same, and so is the store
     * after it.
     */
    @Property(tries = 200)
    void theGroupsInMemoryAreThoseThatAreStored(
            @ForAll @Size(max = 300) List<@From("steps") Step> steps,
            @ForAll @IntRange(min = 1, max = 3) int rowsOfASlice) {
        var stored = new MemoryStore();
        var memory = new MemoryStore();
        var rows = new RowCache(stored, 10_000);
        var inMemory = new RowCache(memory, 10_000);
        inMemory.loadAll();
        for (Step step : steps) {
            for (RowCache of : List.of(rows, inMemory)) {
                put(of, step, step.value() % 3 == 0 ? RUN : LATER);
            }
        }

        List<RowGroup> expected = groups(rows, rowsOfASlice);
        assertThat(groups(inMemory, rowsOfASlice)).isEqualTo(expected);
        inMemory.flushAndClear();
        assertThat(decoded(memory)).isEqualTo(decoded(stored));
    }

    private static void put(RowCache rows, Step step, long run) {
        Digest digest = RandomInput.digest("d" + step.value() % 7);
        String repository = "r" + step.repository();
        switch (step.action()) {
            case OWN -> rows.put(digest, Row.OfDigest.unknown(run).stored(step.value(), 1));
            case LINK -> rows.put(digest, repository, new Row.OfLink(run, true, false, step.value(), null, null));
            case MANIFEST ->
                rows.put(
                        digest,
                        repository,
                        new Row.OfManifest(run, false, false, step.value(), List.of(), Map.of(), List.of(), List.of()));
            case REFERRERS ->
                rows.put(digest, repository, new Row.OfReferrers(run, List.of(RandomInput.digest("of" + run))));
            default -> rows.flush();
        }
    }

    /** The groups that say something, slice by slice. */
    private static List<RowGroup> groups(RowCache rows, int ofASlice) {
        List<RowGroup> groups = new ArrayList<>();
        byte[] from = new byte[0];
        while (from != null) {
            try (RowGroup.Cursor cursor = rows.groups(LATER, from)) {
                for (int i = 0; i < ofASlice && cursor.hasNext(); i++) {
                    RowGroup group = cursor.next();
                    if (group.size() > 0) {
                        groups.add(group);
                    }
                }
                from = cursor.position();
            }
        }
        return groups;
    }

    /** Maps have no order of their own, and are stored as they come. */
    private static Map<String, Object> decoded(MemoryStore store) {
        Map<String, Object> rows = new TreeMap<>();
        store.rows().forEach((key, value) -> {
            Object row = switch (RowKey.kind(key)) {
                case RowKey.DIGEST -> RowCodec.digestRows(value);
                case RowKey.LINK -> RowCodec.ofLink(value);
                case RowKey.MANIFEST -> RowCodec.ofManifest(value);
                default -> RowCodec.ofReferrers(value);
            };
            rows.put(RowKey.digest(key) + " " + RowKey.kind(key) + " " + RowKey.repository(key), row);
        });
        return rows;
    }

    @Test
    void noValueGrowsWithTheNumberOfRepositories() {
        var store = new MemoryStore();
        var rows = new RowCache(store, 10_000);
        Digest digest = DIGESTS.getFirst();
        for (int i = 0; i < 1_000; i++) {
            rows.put(digest, "r" + i, new Row.OfLink(RUN, true, false, i, null, null));
            rows.put(
                    digest,
                    "r" + i,
                    new Row.OfManifest(RUN, false, false, i, List.of(), Map.of(), List.of(), List.of()));
            rows.put(digest, "r" + i, new Row.OfReferrers(RUN, List.of(digest)));
        }
        rows.flush();

        assertThat(store.rows()).hasSize(1 + 1_000 - DigestRows.MOST_LINKS + 2 * (1_000 - DigestRows.MOST_MANIFESTS));
        assertThat(store.rows().values())
                .allSatisfy(value -> assertThat(value.length).isLessThan(4_000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rowsOfEarlierRunsAreRemovedAndThoseOfThisRunStay(boolean inMemory) {
        var store = new MemoryStore();
        var rows = new RowCache(store, 10_000);
        Digest digest = DIGESTS.getFirst();
        rows.put(digest, Row.OfDigest.unknown(LATER).stored(1, 1).with(Set.of(Reason.PINNED)));
        for (int i = 0; i < 100; i++) {
            rows.put(digest, "r" + i, new Row.OfLink(i % 2 == 0 ? RUN : LATER, true, true, i, null, null));
        }
        rows.put(DIGESTS.getLast(), Row.OfDigest.unknown(RUN));
        rows.flush();

        if (inMemory) {
            rows.loadAll();
        }
        List<RowGroup> groups = groups(rows, 1_000);
        rows.flushAndClear();

        assertThat(groups).singleElement().satisfies(group -> {
            assertThat(group.own().reasons()).isEqualTo(Reason.PINNED.bit());
            assertThat(group.links())
                    .hasSize(50)
                    .allSatisfy((repository, link) -> assertThat(link.live()).isTrue());
        });
        var after = new RowCache(store, 10_000);
        assertThat(after.digest(digest).present()).isTrue();
        assertThat(after.digest(DIGESTS.getLast())).isNull();
        for (int i = 0; i < 100; i++) {
            assertThat(after.link(digest, "r" + i) != null).isEqualTo(i % 2 == 1);
        }
        assertThat(store.rows()).hasSize(1 + (100 - DigestRows.MOST_LINKS) / 2);
    }
}
