package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Totals;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The marker against the model, on random registries, in random order, however the records are spread. */
class MarkerPropertiesTest {

  private static final RunId FIRST = new RunId("20260101-000000");
  private static final RunId SECOND = new RunId("20260101-000001");
  private static final RunId THIRD = new RunId("20260101-000002");

  @Provide
  Arbitrary<Integer> partitions() {
    return Arbitraries.of(1, 2, 5);
  }

  @Property(tries = 1500)
  void findsWhatTheModelFinds(@ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged, @ForAll boolean dryRun) {
    var random = new Random(seed);
    var options = new Options(RandomInput.CUTOFF, deleteUntagged, dryRun);
    List<EnumeratedRecord> records = RandomInput.of(random, FIRST);
    var model = new Model(records, options);
    var simulation = new Simulation(partitions, random).repeating().crashing().slicesOf(1 + random.nextInt(5));

    simulation.publish(FIRST, options, records);
    simulation.run();

    assertThat(simulation.failed(FIRST)).isEmpty();
    assertThat(simulation.eligible(FIRST, dryRun)).isEqualTo(model.eligible());
    assertThat(simulation.eligible(FIRST, !dryRun)).isEmpty();
    assertThat(simulation.decided(FIRST)).extracting(RunRecord.Decided::partition).doesNotHaveDuplicates().hasSize(partitions);
    for (int p = 0; p < partitions; p++) {
      assertInOrder(simulation.eligibleOf(p, dryRun));
    }
    assertAddsUp(simulation.decided(FIRST), records, model);
  }

  /** I1: whatever is lost, nobody decides wrongly, and who misses something does not decide at all. */
  @Property(tries = 800)
  void aLostInputRecordFailsTheRun(@ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
    var random = new Random(seed);
    var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
    var simulation = new Simulation(partitions, random).repeating();
    simulation.publish(FIRST, options, RandomInput.of(random, FIRST));

    Object lost = simulation.loseInput(random.nextInt(simulation.published()));
    simulation.run();

    // Of the first barriers, one of the three tells as much as all.
    if (!(lost instanceof StartOfInput)) {
      assertThat(simulation.eligibleRecords(FIRST, false)).isEmpty();
      assertThat(simulation.decided(FIRST)).isEmpty();
      assertThat(simulation.failed(FIRST)).hasSize(lost instanceof EndOfInput ? 0 : 1);
    }
  }

  @Property(tries = 800)
  void aLostMarkOrBarrierNeverMakesAnythingLiveEligible(@ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
    var random = new Random(seed);
    var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
    List<EnumeratedRecord> records = RandomInput.of(random, FIRST);
    var model = new Model(records, options);
    var simulation = new Simulation(partitions, random).losing(random.nextInt(20));
    simulation.publish(FIRST, options, records);

    simulation.run();

    assertThat(simulation.eligibleRecords(FIRST, false)).noneMatch(eligible -> eligible.kind() != Kind.LAYER && model.isLive(eligible.digest()));
    assertThat(model.eligible()).containsAll(simulation.eligible(FIRST, false));
  }

  @Property(tries = 400)
  void laterRunsDoNotRememberWhatEarlierOnesMarked(@ForAll("partitions") int partitions, @ForAll long seed, @ForAll boolean deleteUntagged) {
    var random = new Random(seed);
    var options = new Options(RandomInput.CUTOFF, deleteUntagged, false);
    var simulation = new Simulation(partitions, random).repeating().crashing();

    simulation.publish(FIRST, options, RandomInput.of(random, FIRST));
    if (random.nextBoolean()) {
      // An unfinished run: its last records arrive after those of the next have begun to.
      simulation.run(random.nextInt(60));
    } else {
      simulation.run();
    }
    List<EnumeratedRecord> second = RandomInput.of(random, SECOND);
    simulation.publish(SECOND, options, second);
    simulation.run();

    assertThat(simulation.eligible(SECOND, false)).isEqualTo(new Model(second, options).eligible());
    assertThat(simulation.decided(SECOND)).hasSize(partitions);
    Set<Digest> known = new HashSet<>();
    second.forEach(record -> known.addAll(mentioned(record)));
    assertThat(known).containsAll(simulation.rows());
  }

  @Property(tries = 200)
  void remembersSinceWhenADigestIsNotReferenced(@ForAll("partitions") int partitions, @ForAll long seed) {
    var random = new Random(seed);
    var options = new Options(RandomInput.CUTOFF, true, false);
    var simulation = new Simulation(partitions, random);
    Set<Digest> deadBefore = Set.of();
    RunId since = FIRST;
    for (RunId run : List.of(FIRST, SECOND, THIRD)) {
      List<EnumeratedRecord> records = RandomInput.of(random, run);
      simulation.publish(run, options, records);
      simulation.run();
      Set<Digest> dead = blobs(simulation.eligibleRecords(run, false)).stream().map(Eligible::digest).collect(Collectors.toSet());
      for (Eligible eligible : blobs(simulation.eligibleRecords(run, false))) {
        if (run.equals(FIRST) || !deadBefore.contains(eligible.digest())) {
          assertThat(eligible.unreferencedSince()).isEqualTo(run);
        } else {
          assertThat(eligible.unreferencedSince()).isLessThan(run).isGreaterThanOrEqualTo(since);
        }
      }
      deadBefore = dead;
    }
  }

  private static List<Eligible> blobs(List<Eligible> records) {
    return records.stream().filter(eligible -> eligible.kind() == Kind.BLOB).toList();
  }

  private static Set<Digest> mentioned(EnumeratedRecord record) {
    return switch (record) {
      case Manifest m -> {
        Set<Digest> all = new HashSet<>(m.references());
        all.addAll(m.optionalReferences());
        all.add(m.digest());
        yield all;
      }
      case Blob b -> Set.of(b.digest());
      case Layer l -> l.target() == null ? Set.of(l.digest()) : l.target().equals(l.digest()) ? Set.of(l.digest()) : Set.of(l.digest(), l.target());
      case StartOfInput s -> Set.of();
      case EndOfInput e -> Set.of();
    };
  }

  /** One digest after the other; of each the manifests, then the links, then the blob; then the barrier with its count. */
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

  private static void assertAddsUp(List<RunRecord.Decided> decided, List<EnumeratedRecord> records, Model model) {
    Totals totals = decided.stream().map(RunRecord.Decided::totals).reduce(Totals.NONE, Totals::plus);
    List<Blob> blobs = records.stream().filter(Blob.class::isInstance).map(Blob.class::cast).toList();
    assertThat(totals.live().plus(totals.eligible()).count()).isEqualTo(blobs.size());
    assertThat(totals.live().plus(totals.eligible()).bytes()).isEqualTo(blobs.stream().mapToLong(Blob::size).sum());
    assertThat(totals.freed().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(totals.eligible().bytes());
    assertThat(totals.liveManifests() + totals.eligibleManifests()).isEqualTo(records.stream().filter(Manifest.class::isInstance).count());
    assertThat(totals.liveLayerLinks() + totals.eligibleLayerLinks()).isEqualTo(records.stream().filter(Layer.class::isInstance).count());
    assertThat(totals.eligible().count() + totals.eligibleManifests() + totals.eligibleLayerLinks()).isEqualTo(model.eligible().size());
  }
}
