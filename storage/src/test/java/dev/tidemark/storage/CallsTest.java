package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallsTest {

    /** The first try, and two more. */
    private static final int TRIES = 3;

    private static final int PATIENCE = 10;
    private static final StorageException NO_ANSWER = new StorageException("input/output error");
    private static final ForbiddenException FORBIDDEN = new ForbiddenException("permission denied");

    private final Calls calls = new Calls(List.of(Duration.ZERO, Duration.ZERO));
    private final Flaky flaky = new Flaky();

    @Test
    void aCallIsTriedAgainUntilTheStorageAnswers() {
        flaky.failure = NO_ANSWER;
        flaky.failures = TRIES - 1;

        assertThat(look()).isEqualTo("answer");
        assertThat(calls.retries()).isEqualTo(TRIES - 1);
        assertThat(calls.errors()).isZero();
    }

    @Test
    void aCallThatIsNeverAnsweredFailsAfterAllTries() {
        flaky.failsForGood(NO_ANSWER);

        assertThatThrownBy(this::look).isSameAs(NO_ANSWER);
        assertThat(flaky.tries).isEqualTo(TRIES);
        assertThat(calls.errors()).isEqualTo(1);
        assertThat(calls.retries()).isEqualTo(TRIES - 1);
    }

    /** A connection is cut, a disk fails: the beginning of the content has come already. */
    @Test
    void aContentThatFailsHalfWayIsReadAgain() {
        for (Exception trouble : List.of(new IOException("connection reset"), NO_ANSWER)) {
            flaky.cutOff = trouble;

            assertThat(calls.content("blobs/a", flaky::content, InputStream::readAllBytes))
                    .hasValueSatisfying(
                            content -> assertThat(content).asString().isEqualTo("{}"));
        }
        assertThat(calls.retries()).isEqualTo(2);
        assertThat(calls.errors()).isZero();
    }

    @Test
    void afterTenCallsInVainEachIsTriedOnceOnlyUntilTheStorageAnswers() {
        flaky.failsForGood(NO_ANSWER);
        assertThat(triesOfEach(PATIENCE)).containsOnly(TRIES);
        assertThat(triesOfEach(3)).containsOnly(1);

        flaky.failures = 0;
        assertThat(look()).isEqualTo("answer");

        flaky.failsForGood(NO_ANSWER);
        assertThat(triesOfEach(PATIENCE)).containsOnly(TRIES);
        assertThat(triesOfEach(1)).containsOnly(1);
    }

    @Test
    void onlyCallsInARowAreInVain() {
        for (int i = 0; i < 3; i++) {
            flaky.failsForGood(NO_ANSWER);
            assertThat(triesOfEach(PATIENCE - 1)).containsOnly(TRIES);
            flaky.failures = 0;
            look();
        }
    }

    @Test
    void aForbiddenFileIsNotTriedAgainAndIsAnAnswer() {
        flaky.failsForGood(FORBIDDEN);
        assertThat(triesOfEach(2 * PATIENCE)).containsOnly(1);
        assertThat(calls.errors()).isEqualTo(2 * PATIENCE);
        assertThat(calls.retries()).isZero();

        flaky.failsForGood(NO_ANSWER);
        assertThat(triesOfEach(1)).containsOnly(TRIES);
    }

    @Test
    void aDeletionThatFailsIsTriedAgainByItself() {
        List<List<String>> asked = new ArrayList<>();

        Map<String, StorageException> failures = calls.deletions(List.of("a", "b", "c"), paths -> {
            asked.add(List.copyOf(paths));
            return switch (asked.size()) {
                case 1 -> Map.of("b", NO_ANSWER, "c", FORBIDDEN);
                case 2 -> Map.of("b", NO_ANSWER);
                default -> Map.of();
            };
        });

        assertThat(asked).containsExactly(List.of("a", "b", "c"), List.of("b"), List.of("b"));
        assertThat(failures).isEqualTo(Map.of("c", FORBIDDEN));
        assertThat(calls.errors()).isEqualTo(1);
    }

    @Test
    void aDeletionThatIsNotAllowedAnyMoreIsNotTriedAgain() {
        flaky.failsForGood(NO_ANSWER);

        Map<String, StorageException> failures = calls.deletions(List.of("blobs/a"), paths -> {
            try {
                if (flaky.tries >= 2) {
                    throw new NotAllowedException();
                }
                flaky.call();
                return Map.of();
            } catch (StorageException e) {
                return Map.of("blobs/a", e);
            }
        });

        assertThat(failures.get("blobs/a")).isInstanceOf(NotAllowedException.class);
        assertThat(flaky.tries).isEqualTo(2);
        assertThat(calls.errors()).isZero();
    }

    /** An observer must not take a long call for one that hangs, and must know of one that does. */
    @Test
    void theCallThatIsWaitedForIsSaidAndItsPartsAreHeadway() {
        List<String> awaited = new ArrayList<>();
        List<Long> headway = new ArrayList<>();
        flaky.onCall = () -> {
            awaited.add(calls.awaited().orElseThrow().replaceFirst("^\\d+ s", "some time"));
            headway.add(calls.headway());
        };
        flaky.failure = NO_ANSWER;
        flaky.failures = 1;

        look();
        calls.answer("list", "blobs", () -> {
            calls.heard();
            flaky.call();
            calls.heard();
            return "answer";
        });
        calls.content("blobs/b", flaky::content, in -> in.readAllBytes().length + in.read());

        assertThat(awaited)
                .containsExactly(
                        "some time ago to look at blobs/a",
                        "some time ago to look at blobs/a",
                        "some time ago to list blobs",
                        "some time ago to read blobs/b");
        // A try in vain; its answer, and a part; the other part, and the answer.
        assertThat(headway).containsExactly(0L, 1L, 3L, 5L);
        assertThat(calls.headway()).as("a content comes in parts").isGreaterThan(7);
        assertThat(calls.awaited()).isEmpty();
    }

    @Test
    void requestsAreHeadwayAndCountedByOperation() {
        calls.sent("ListObjectsV2", false);
        calls.sent("ListObjectsV2", true);
        calls.sent("GetObject", false);

        assertThat(calls.requests()).isEqualTo(Map.of("ListObjectsV2", 2L, "GetObject", 1L));
        assertThat(calls.retries()).isEqualTo(1);
        assertThat(calls.headway()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void anInterruptedCallDoesNotWait() {
        var patient = new Calls(List.of(Duration.ofHours(1)));
        flaky.failsForGood(NO_ANSWER);

        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> patient.answer("look at", "blobs/a", flaky::call))
                    .isSameAs(NO_ANSWER);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private String look() {
        return calls.answer("look at", "blobs/a", flaky::call);
    }

    /** How often each of so many calls is tried, all of them in vain. */
    private List<Integer> triesOfEach(int number) {
        List<Integer> tries = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            flaky.tries = 0;
            assertThatExceptionOfType(StorageException.class).isThrownBy(this::look);
            tries.add(flaky.tries);
        }
        return tries;
    }

    /** A storage that fails as often as it is told, and counts its tries. */
    private static final class Flaky {

        private StorageException failure;
        private int failures;
        private Runnable onCall = () -> {};
        private Exception cutOff;
        private int tries;

        void failsForGood(StorageException with) {
            failure = with;
            failures = Integer.MAX_VALUE;
        }

        String call() {
            tries++;
            onCall.run();
            if (failures > 0) {
                failures--;
                throw failure;
            }
            return "answer";
        }

        Optional<InputStream> content() {
            call();
            var content = new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8));
            Exception trouble = cutOff;
            cutOff = null;
            return Optional.of(
                    trouble == null
                            ? content
                            : new InputStream() {
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
    }
}
