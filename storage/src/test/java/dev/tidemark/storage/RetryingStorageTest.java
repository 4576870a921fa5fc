package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.manifest.ManifestReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RetryingStorageTest {

  /** The first try, and two more. */
  private static final int TRIES = 3;

  private static final int PATIENCE = 10;
  private static final Digest EMPTY_OBJECT = Digest.Algorithm.SHA256.of("{}".getBytes(StandardCharsets.UTF_8));
  private static final StorageException NO_ANSWER = new StorageException("input/output error");
  private static final ForbiddenException FORBIDDEN = new ForbiddenException("permission denied");

  private final Flaky flaky = new Flaky();
  private final RetryingStorage storage = new RetryingStorage(flaky, List.of(Duration.ZERO, Duration.ZERO));

  @Test
  void triesAgainUntilTheStorageAnswers() {
    flaky.failure = NO_ANSWER;
    flaky.failures = TRIES - 1;

    assertThat(storage.stat("blobs")).contains(Flaky.STAT);
    assertThat(storage.retries()).isEqualTo(TRIES - 1);
    assertThat(storage.errors()).isZero();
  }

  @Test
  void everyCallIsTriedAgain() {
    List<ThrowingCallable> calls =
        List.of(
            () -> storage.children("blobs"), () -> storage.leaves("blobs", "data", leaf -> {}), () -> storage.stat("blobs"),
            () -> storage.open("blobs"), () -> storage.delete("blobs/a"), () -> storage.prune("blobs/a", "blobs"));
    flaky.failsForGood(NO_ANSWER);

    for (ThrowingCallable call : calls) {
      flaky.calls = 0;
      assertThatThrownBy(call).isSameAs(NO_ANSWER);
      assertThat(flaky.calls).isEqualTo(TRIES);
    }
    assertThat(storage.errors()).isEqualTo(calls.size());
    assertThat(storage.retries()).isEqualTo((TRIES - 1L) * calls.size());
  }

  /** A connection is cut, a disk fails: the beginning of the content has come already. */
  @Test
  void whatFailsHalfWayThroughItsContentIsReadAgain() {
    for (Exception trouble : List.of(new IOException("connection reset"), NO_ANSWER)) {
      flaky.cutOff = trouble;

      assertThat(new ManifestReader(storage).read(EMPTY_OBJECT)).hasValueSatisfying(manifest -> assertThat(manifest.size()).isEqualTo(2));

      flaky.cutOff = trouble;
      assertThat(LinkFile.at(storage, "blobs/link")).isInstanceOfSatisfying(LinkFile.Unreadable.class, link -> assertThat(link.why()).contains("no digest"));
    }
    assertThat(storage.retries()).isEqualTo(4);
    assertThat(storage.errors()).isZero();
  }

  @Test
  void afterTenCallsInVainEachIsTriedOnceOnlyUntilTheStorageAnswers() {
    flaky.failsForGood(NO_ANSWER);
    assertThat(triesOfEach(PATIENCE)).containsOnly(TRIES);
    assertThat(triesOfEach(3)).containsOnly(1);

    flaky.failures = 0;
    assertThat(storage.stat("blobs")).contains(Flaky.STAT);

    flaky.failsForGood(NO_ANSWER);
    assertThat(triesOfEach(PATIENCE)).containsOnly(TRIES);
    assertThat(triesOfEach(1)).containsOnly(1);
  }

  @Test
  void aDeletionThatIsNotAllowedAnyMoreIsNotTriedAgain() {
    flaky.failsForGood(NO_ANSWER);
    assertThat(storage.deleteAll(List.of("blobs/a"), () -> flaky.calls < 2)).hasEntrySatisfying(
        "blobs/a", failure -> assertThat(failure).isInstanceOf(NotAllowedException.class));

    assertThat(flaky.calls).isEqualTo(2);
    assertThat(storage.errors()).isZero();
  }

  /** Whoever watches must not take a long call for one that hangs, and must know of one that does. */
  @Test
  void whatIsWaitedForIsSaidAndWhatComesOfItIsHeadway() {
    List<String> awaited = new ArrayList<>();
    List<Long> headway = new ArrayList<>();
    flaky.onCall = () -> {
      awaited.add(storage.awaited().orElseThrow().replaceFirst("^\\d+ s", "some time"));
      headway.add(storage.headway());
    };
    flaky.failure = NO_ANSWER;
    flaky.failures = 1;

    storage.stat("blobs/a");
    flaky.halfWay = true;
    storage.leaves("blobs", "data", leaf -> {});
    storage.read("blobs/b", in -> in.readAllBytes().length + in.read());

    assertThat(awaited).containsExactly(
        "some time ago to look at blobs/a of flaky", "some time ago to look at blobs/a of flaky", "some time ago to list blobs of flaky",
        "some time ago to read blobs/b of flaky");
    // A try in vain; its answer, and a leaf; the other leaf, and the answer.
    assertThat(headway).containsExactly(0L, 1L, 3L, 5L);
    assertThat(storage.headway()).as("a content comes in parts").isGreaterThan(7);
    assertThat(storage.awaited()).isEmpty();
  }

  @Test
  void onlyCallsInARowAreInVain() {
    for (int i = 0; i < 3; i++) {
      flaky.failsForGood(NO_ANSWER);
      assertThat(triesOfEach(PATIENCE - 1)).containsOnly(TRIES);
      flaky.failures = 0;
      storage.children("blobs");
    }
  }

  @Test
  void whatIsForbiddenIsNotTriedAgainAndIsAnAnswer() {
    flaky.failsForGood(FORBIDDEN);
    assertThat(triesOfEach(2 * PATIENCE)).containsOnly(1);
    assertThat(storage.errors()).isEqualTo(2 * PATIENCE);
    assertThat(storage.retries()).isZero();

    flaky.failsForGood(NO_ANSWER);
    assertThat(triesOfEach(1)).containsOnly(TRIES);
  }

  @Test
  void aListingThatFailsHalfWayHandsOutNothingTwice() {
    flaky.failure = NO_ANSWER;
    flaky.failures = 1;
    flaky.halfWay = true;
    List<String> names = new ArrayList<>();

    storage.leaves("blobs", "data", leaf -> names.add(leaf.name()));

    assertThat(names).containsExactly("first", "second");
  }

  @Test
  void norDoOnesOfSeveralDirectories() {
    flaky.failure = NO_ANSWER;
    flaky.failures = 1;
    flaky.halfWay = true;
    List<String> names = new ArrayList<>();

    storage.leaves("blobs", List.of("a", "b"), "data", (directory, leaf) -> names.add(directory + "/" + leaf.name()));

    assertThat(names).containsExactly("a/first", "a/second", "b/first", "b/second");
  }

  @Test
  void whoIsInterruptedDoesNotWait() {
    var patient = new RetryingStorage(flaky, List.of(Duration.ofHours(1)));
    flaky.failsForGood(NO_ANSWER);

    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> patient.stat("blobs")).isSameAs(NO_ANSWER);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** How often each of so many calls is tried, all of them in vain. */
  private List<Integer> triesOfEach(int calls) {
    List<Integer> tries = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      flaky.calls = 0;
      assertThatExceptionOfType(StorageException.class).isThrownBy(() -> storage.stat("blobs"));
      tries.add(flaky.calls);
    }
    return tries;
  }

  /** Fails as often as it is told, and counts its calls. */
  private static final class Flaky implements Storage {

    private static final Stat STAT = new Stat(1, 2);

    private StorageException failure;
    private int failures;
    private boolean halfWay;
    private Runnable onCall = () -> {};
    private Exception cutOff;
    private int calls;

    void failsForGood(StorageException with) {
      failure = with;
      failures = Integer.MAX_VALUE;
    }

    private void call() {
      calls++;
      onCall.run();
      if (failures > 0) {
        failures--;
        throw failure;
      }
    }

    @Override
    public List<Child> children(String directory) {
      call();
      return List.of();
    }

    @Override
    public void leaves(String directory, String leaf, Consumer<Leaf> to) {
      if (!halfWay) {
        call();
      }
      to.accept(new Leaf("first", Type.DIRECTORY, STAT));
      if (halfWay) {
        call();
      }
      to.accept(new Leaf("second", Type.DIRECTORY, STAT));
    }

    @Override
    public Optional<Stat> stat(String path) {
      call();
      return Optional.of(STAT);
    }

    @Override
    public Optional<InputStream> open(String path) {
      call();
      var content = new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8));
      Exception trouble = cutOff;
      cutOff = null;
      return Optional.of(trouble == null ? content : new InputStream() {
        @Override
        public int read() throws IOException {
          if (content.available() > 1) {
            return content.read();
          } else if (trouble instanceof IOException e) {
            throw e;
          }
          throw (StorageException) trouble;
        }
      });
    }

    @Override
    public Optional<Long> delete(String path) {
      call();
      return Optional.of(1L);
    }

    @Override
    public void prune(String directory, String notIncluding) {
      call();
    }

    @Override
    public boolean mayHoldRepositories(String linkOutOfRoot) {
      return false;
    }

    @Override
    public String description() {
      return "flaky";
    }
  }
}
