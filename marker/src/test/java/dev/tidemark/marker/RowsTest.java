package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** Rows say what plain maps say, wherever they happen to be: in memory, within their digest's, or by themselves. */
class RowsTest {

  private static final long RUN = new RunId("20261123-000007").number();
  private static final long LATER = new RunId("20261123-000008").number();
  private static final List<Digest> DIGESTS = List.of(RandomInput.digest("a"), RandomInput.digest("b"));

  private enum What {
    OWN, LINK, MANIFEST, STORE, SETTLE, RELEASE, READ_AHEAD, START_AGAIN
  }

  private record Step(What what, int digest, int repository, long value) {}

  @Provide
  Arbitrary<Step> steps() {
    Arbitrary<What> whats =
        Arbitraries.frequency(
            Tuple.of(4, What.OWN), Tuple.of(60, What.LINK), Tuple.of(20, What.MANIFEST), Tuple.of(2, What.STORE), Tuple.of(6, What.SETTLE),
            Tuple.of(1, What.RELEASE), Tuple.of(1, What.READ_AHEAD), Tuple.of(1, What.START_AGAIN));
    return Combinators.combine(
            whats, Arbitraries.integers().between(0, 1), Arbitraries.integers().between(0, 150), Arbitraries.longs().between(0, 1000))
        .as(Step::new);
  }

  @Property(tries = 300)
  void sayWhatWasPutLast(
      @ForAll @Size(min = 50, max = 400) List<@From("steps") Step> steps,
      @ForAll @IntRange(min = 1, max = 200) int most) {
    var store = new Simulation.MemoryStore();
    var rows = new Rows(store, most);
    Map<Digest, Row.OfDigest> own = new TreeMap<>();
    Map<String, Row.OfLink> links = new TreeMap<>();
    Map<String, Row.OfManifest> manifests = new TreeMap<>();

    for (Step step : steps) {
      Digest digest = DIGESTS.get(step.digest());
      String repository = "r" + step.repository();
      switch (step.what()) {
        case OWN -> {
          Row.OfDigest row = Row.OfDigest.unknown(RUN).stored(step.value(), 1);
          own.put(digest, row);
          rows.put(digest, row);
        }
        case LINK -> {
          var row = new Row.OfLink(RUN, true, false, step.value(), null);
          links.put(digest + repository, row);
          rows.put(digest, repository, row);
        }
        case MANIFEST -> {
          var row = new Row.OfManifest(RUN, false, step.value(), List.of(), List.of(new Row.Reference(digest, true)));
          manifests.put(digest + repository, row);
          rows.put(digest, repository, row);
        }
        case STORE -> rows.store();
        case SETTLE -> rows.settle();
        case RELEASE -> rows.release();
        case READ_AHEAD -> rows.readAhead();
        case START_AGAIN -> {
          rows.store();
          rows = new Rows(store, most);
        }
      }
      assertThat(rows.digest(digest)).isEqualTo(own.get(digest));
      assertThat(rows.link(digest, repository)).isEqualTo(links.get(digest + repository));
      assertThat(rows.manifest(digest, repository)).isEqualTo(manifests.get(digest + repository));
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
  void theLinksOfFewDigestsAreManyRows() {
    var store = new Simulation.MemoryStore();
    var rows = new Rows(store, 100);

    for (Digest digest : DIGESTS) {
      for (int repository = 0; repository < 49; repository++) {
        rows.put(digest, "r" + repository, new Row.OfLink(RUN, true, false, 1, null));
        rows.put(digest, "r" + repository, new Row.OfLink(RUN, true, true, 1, null));
      }
    }
    rows.put(RandomInput.digest("c"), Row.OfDigest.unknown(RUN));
    rows.settle();
    assertThat(store.rows).isNotEmpty();
  }

  /** Of two runs, in whatever order: what is in memory says what is stored, group by group, and leaves the same behind. */
  @Property(tries = 200)
  void theGroupsInMemoryAreThoseThatAreStored(
      @ForAll @Size(max = 300) List<@From("steps") Step> steps,
      @ForAll @IntRange(min = 1, max = 3) int rowsOfASlice) {
    var stored = new Simulation.MemoryStore();
    var memory = new Simulation.MemoryStore();
    var rows = new Rows(stored, 10_000);
    var inMemory = new Rows(memory, 10_000);
    inMemory.readAhead();
    for (Step step : steps) {
      for (Rows of : List.of(rows, inMemory)) {
        put(of, step, step.value() % 3 == 0 ? RUN : LATER);
      }
    }

    List<RowGroup> expected = groups(rows, rowsOfASlice);
    assertThat(groups(inMemory, rowsOfASlice)).isEqualTo(expected);
    inMemory.release();
    assertThat(decoded(memory)).isEqualTo(decoded(stored));
  }

  private static void put(Rows rows, Step step, long run) {
    Digest digest = RandomInput.digest("d" + step.value() % 7);
    String repository = "r" + step.repository();
    switch (step.what()) {
      case OWN -> rows.put(digest, Row.OfDigest.unknown(run).stored(step.value(), 1));
      case LINK -> rows.put(digest, repository, new Row.OfLink(run, true, false, step.value(), null));
      case MANIFEST -> rows.put(digest, repository, new Row.OfManifest(run, false, step.value(), List.of(), List.of()));
      default -> rows.store();
    }
  }

  /** The groups that say something, slice by slice. */
  private static List<RowGroup> groups(Rows rows, int ofASlice) {
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
  private static Map<String, Object> decoded(Simulation.MemoryStore store) {
    Map<String, Object> rows = new TreeMap<>();
    store.rows.forEach((key, value) -> {
      Object row =
          switch (RowCodec.kind(key)) {
            case RowCodec.DIGEST -> RowCodec.digestRows(value);
            case RowCodec.LINK -> RowCodec.ofLink(value);
            default -> RowCodec.ofManifest(value);
          };
      rows.put(RowCodec.digest(key) + " " + RowCodec.kind(key) + " " + RowCodec.repository(key), row);
    });
    return rows;
  }

  @Test
  void noValueGrowsWithTheNumberOfRepositories() {
    var store = new Simulation.MemoryStore();
    var rows = new Rows(store, 10_000);
    Digest digest = DIGESTS.getFirst();
    for (int i = 0; i < 1_000; i++) {
      rows.put(digest, "r" + i, new Row.OfLink(RUN, true, false, i, null));
      rows.put(digest, "r" + i, new Row.OfManifest(RUN, false, i, List.of(), List.of()));
    }
    rows.store();

    assertThat(store.rows).hasSize(1 + 1_000 - DigestRows.MOST_LINKS + 1_000 - DigestRows.MOST_MANIFESTS);
    assertThat(store.rows.values()).allSatisfy(value -> assertThat(value.length).isLessThan(4_000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOfThePastIsTakenOutAndTheRestStays(boolean inMemory) {
    var store = new Simulation.MemoryStore();
    var rows = new Rows(store, 10_000);
    Digest digest = DIGESTS.getFirst();
    rows.put(digest, Row.OfDigest.unknown(LATER).stored(1, 1).with(Reason.PINNED));
    for (int i = 0; i < 100; i++) {
      rows.put(digest, "r" + i, new Row.OfLink(i % 2 == 0 ? RUN : LATER, true, true, i, null));
    }
    rows.put(DIGESTS.getLast(), Row.OfDigest.unknown(RUN));
    rows.store();

    var decision = new Decision(RunId.of(LATER), new Options(0, true, false));
    if (inMemory) {
      rows.readAhead();
    }
    decision.slice(rows.groups(LATER, new byte[0]), 1_000, record -> {});
    rows.release();

    assertThat(decision.totals().liveLayerLinks()).isEqualTo(50);
    var after = new Rows(store, 10_000);
    assertThat(after.digest(digest).present()).isTrue();
    assertThat(after.digest(DIGESTS.getLast())).isNull();
    for (int i = 0; i < 100; i++) {
      assertThat(after.link(digest, "r" + i) != null).isEqualTo(i % 2 == 1);
    }
    assertThat(store.rows).hasSize(1 + (100 - DigestRows.MOST_LINKS) / 2);
  }
}
