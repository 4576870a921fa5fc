package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.testkit.FaultyProxy.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * The contract of every driver of a service that is asked by requests, when it fails: what has no answer, or one that
 * says something else, is never taken for one that says what is there, and each failure is said in one line.
 */
public abstract class FailureContract extends FailingService {

    private static final int TRIES = 5;
    private static final Duration A_SHORT_TRY = Duration.ofSeconds(2);

    @Test
    void aThrottledOrCutRequestIsTriedAgain() {
        List<Answer> all = new ArrayList<>(failing().passing());
        all.add(new Answer.Cut());
        for (Answer fault : all) {
            var failed = new ConcurrentHashMap<String, Integer>();
            faults(request ->
                    failed.merge(request.operation(), 1, Integer::sum) <= 2 ? Optional.of(fault) : Optional.empty());
            forgetRequests();

            assertThat(storage.children("blobs")).hasSize(1);
            assertThat(storage.stat(blobs.getLast())).isPresent();
            assertThat(read(storage, blobs.getLast())).isPresent();
            assertThat(storage.deleteAll(List.of(blobs.getFirst()), () -> true)).isEmpty();

            assertThat(requests().get(operations().list())).isGreaterThanOrEqualTo(3);
            assertThat(requests().get(operations().delete())).isEqualTo(3);
        }
        assertThat(storage.calls().retries()).isGreaterThanOrEqualTo(all.size() * 3L);
    }

    /** More than one layer of tries would multiply, the time that a server is waited for with them. */
    @Test
    void aRequestThatIsThrottledForGoodIsTriedFiveTimesAndSaidWithThat() {
        // With the tries that a run has.
        Storage patient = open(null, new Calls());
        others.add(patient);
        for (Answer fault : failing().passing()) {
            all(fault);
            forgetRequests();
            assertSettled(() -> patient.children("blobs"), "(tried 5 times in ");
            assertThat(requests()).isEqualTo(Map.of(operations().list(), (long) TRIES));
        }
        assertSettled(() -> read(patient, blobs.getFirst()), "(tried 5 times in ");
        assertThat(requests()).containsEntry(operations().read(), (long) TRIES);
        long failed = failing().passing().size() + 1L;
        assertThat(patient.calls().errors()).isEqualTo(failed);
        assertThat(patient.calls().retries()).isEqualTo(failed * (TRIES - 1));
    }

    @Test
    void aServerThatDoesNotAnswerIsSaid() {
        List<Consumer<Storage>> calls = List.of(
                own -> assertSettled(() -> own.children("blobs"), "does not answer (tried 5 times in "),
                own -> assertSettled(() -> read(own, blobs.getFirst()), "does not answer (tried 5 times in "),
                own -> assertThat(own.deleteAll(List.of(blobs.getFirst()), () -> true)
                                .get(blobs.getFirst()))
                        .hasMessageContaining("does not answer (tried 5 times in ")
                        .returns(true, StorageException::settled));
        List<Storage> own = calls.stream().map(call -> another(A_SHORT_TRY)).toList();
        all(new Answer.Silence());
        forgetRequests();

        Parallel.forEach(List.of(0, 1, 2), 3, i -> {
            long before = own.get(i).calls().headway();
            calls.get(i).accept(own.get(i));
            assertThat(own.get(i).calls().headway() - before)
                    .as("each try is headway: whoever waits for it does not stand still")
                    .isGreaterThanOrEqualTo(TRIES);
        });

        assertThat(requests())
                .isEqualTo(Map.of(
                        operations().list(), (long) TRIES,
                        operations().read(), (long) TRIES,
                        operations().delete(), (long) TRIES));
    }

    @Test
    void afterTenRequestsInVainEachIsTriedOnceOnlyUntilTheServerAnswers() {
        all(failing().passing().getLast());
        Parallel.forEach(
                blobs.subList(0, 10),
                10,
                blob -> assertThatThrownBy(() -> read(storage, blob)).isInstanceOf(StorageException.class));
        forgetRequests();
        assertSettled(() -> storage.children("blobs"), "(tried once in 1 s)");
        assertThat(requests()).isEqualTo(Map.of(operations().list(), 1L));

        faults(request -> Optional.empty());
        assertThat(storage.children("blobs")).hasSize(1);
        all(failing().passing().getLast());
        assertSettled(() -> storage.children("blobs"), "(tried 5 times in ");
    }

    @Test
    void credentialsThatHaveExpiredAreSaidAndNotTriedAgain() {
        all(failing().expired());

        for (ThrowingCallable call : everyRead()) {
            assertSettled(call, "expired");
        }
        assertThat(requests().values()).as("once each").allMatch(count -> count <= 4);
        assertNoneDeleted("expired");
    }

    @Test
    void theRightToBeGrantedIsSaid() {
        all(failing().denied());

        assertSettled(() -> storage.children("blobs"), "grant " + rights().list());
        assertSettled(() -> storage.listed("blobs"), "grant " + rights().list());
        assertSettled(() -> read(storage, blobs.getFirst()), "grant " + rights().read());
        assertSettled(() -> storage.stat(blobs.getFirst()), "grant " + rights().read());
        // A single object that may not be read is no reason to do without it: nothing tells it from a policy that is
        // wrong.
        assertThatThrownBy(() -> read(storage, blobs.getFirst())).isNotInstanceOf(ForbiddenException.class);
        assertNoneDeleted("grant " + rights().delete());
    }

    @Test
    void aListingThatIsCutShortIsNoListing() {
        faults(request -> request.operation().equals(operations().list())
                ? Optional.of(new Answer.Changed(failing().cut()))
                : Optional.empty());

        for (ThrowingCallable call : listings()) {
            assertThatThrownBy(call).isInstanceOf(StorageException.class).hasMessageContaining("cut short");
        }
    }

    @Test
    void aBucketThatIsGoneIsNotTakenForObjectsThatAre() {
        all(failing().noBucket());

        for (ThrowingCallable call : everyRead()) {
            assertSettled(call, "there is no such");
        }
        assertNoneDeleted("there is no such");
    }

    /** As something before the server may answer, while that is not there. */
    @Test
    void aBlobThatIsNotFoundInOtherWordsThanTheServersMayBeThere() {
        all(new Answer.Plain(404, "default backend - 404"));

        for (ThrowingCallable call : everyRead()) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("answers 404, and not as ");
        }
        assertThat(storage.deleteAll(blobs, () -> true)).hasSameSizeAs(blobs);
    }

    @Test
    void anAnswerThatIsNoListingIsNotOneOfNothing() {
        for (String page : List.of("<html><body>It works!</body></html>", "It works!", "{}", "[]", "null", "")) {
            all(new Answer.Plain(200, page));

            for (ThrowingCallable call : listings()) {
                assertThatThrownBy(call).as(page).isInstanceOf(StorageException.class);
            }
            assertThatThrownBy(() -> storage.stat(blobs.getFirst())).as(page).isInstanceOf(StorageException.class);
            assertThat(storage.deleteAll(blobs, () -> true)).as(page).hasSameSizeAs(blobs);
        }
    }

    @Test
    void aFileThatIsNotThereIsNotThere() {
        String missing = blobs.getFirst() + "/missing";
        assertThat(storage.stat(missing)).isEmpty();
        assertThat(read(storage, missing)).isEmpty();
        // What others only begin with is not there.
        assertThat(storage.stat(blobs.getFirst().substring(0, blobs.getFirst().length() - 1)))
                .isEmpty();
    }

    /** The driver waits, and the process may be stopped as well. */
    @Test
    void aDeletionIsNotTriedAgainOnceItIsNotAllowedAnyMore() {
        var allowed = new AtomicBoolean(true);
        faults(request -> {
            allowed.set(false);
            return Optional.of(failing().passing().getFirst());
        });

        assertThat(storage.deleteAll(blobs, allowed::get))
                .hasSameSizeAs(blobs)
                .allSatisfy((path, failure) -> assertThat(failure).isInstanceOf(NotAllowedException.class));
        assertThat(requests()).containsEntry(operations().delete(), 1L);
    }

    /** A server that is restarted fails all that is under way at once. */
    @Test
    void ofManyRequestsAtOnceEachIsTriedAgain() {
        int many = 100;
        for (Answer fault : failing().passing()) {
            var left = new AtomicInteger(many);
            faults(request -> left.getAndDecrement() > 0 ? Optional.of(fault) : Optional.empty());

            List<Optional<Storage.Stat>> found =
                    Parallel.map(Collections.nCopies(many, blobs.getFirst()), many, storage::stat);

            assertThat(found).hasSize(many).doesNotContain(Optional.empty());
        }
    }

    @Test
    void anInterruptedCallWaitsForNoAnswer() throws InterruptedException {
        assertThat(disturbed(() -> storage.children("blobs"), Thread::interrupt))
                .hasMessageEndingWith(": interrupted");
        assertThat(requests()).isEqualTo(Map.of(operations().list(), 1L));
    }

    @Test
    void anInterruptedCallerWaitsForNoneOfManyAnswers() throws InterruptedException {
        assertThat(disturbed(() -> Parallel.forEach(blobs, 4, storage::stat), Thread::interrupt))
                .hasMessage("interrupted");
        assertThat(requests().get(operations().look())).isLessThanOrEqualTo(4);
    }

    @Test
    void aStorageIsClosedThoughAnAnswerIsWaitedFor() throws InterruptedException {
        assertThat(disturbed(() -> storage.children("blobs"), caller -> storage.close()))
                .as("nobody waits until the try has taken as long as one may")
                .hasMessageEndingWith(": the storage is closed");
        assertSettled(() -> storage.children("blobs"), ": the storage is closed");
        assertThat(requests()).isEqualTo(Map.of(operations().list(), 1L));
    }

    @Test
    void requestsAreCounted() {
        Map<String, Long> before = storage.calls().requests();
        storage.stat(blobs.getFirst());
        read(storage, blobs.getFirst());
        storage.deleteAll(blobs, () -> true);

        Map<String, Long> now = new TreeMap<>(storage.calls().requests());
        before.forEach((operation, count) -> now.merge(operation, -count, Long::sum));
        now.values().removeIf(count -> count == 0);
        assertThat(requests()).isEqualTo(now).containsKey(operations().delete());
    }
}
