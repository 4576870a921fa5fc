package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.S3Server;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults between here and a bucket: an answer must come late, or not at all. */
class S3FaultsTest extends BucketTest {

    private static final S3Client.Limits A_SHORT_TRY =
            new S3Client.Limits(Duration.ofSeconds(2), Duration.ofSeconds(2));

    /** More than the SDK has retries for, if it counts them. */
    private static final int MANY = 100;

    @ParameterizedTest
    @CsvSource({"503,SlowDown", "500,InternalError", "503,ServiceUnavailable"})
    void aFaultThatPassesIsTriedAgain(int status, String code) {
        var failed = new ConcurrentHashMap<String, Integer>();

        atOnce(
                S3Client.LIMITS,
                request -> failed.merge(request.operation(), 1, Integer::sum) <= 2
                        ? Optional.of(new Answer.Error(status, code))
                        : Optional.empty(),
                List.of(
                        own -> assertThat(own.children("blobs")).hasSize(1),
                        own -> assertThat(own.stat(blobs.getFirst())).isPresent(),
                        own -> assertThat(read(own, blobs.getFirst())).isPresent(),
                        own -> assertThat(own.deleteAll(blobs.subList(1, blobs.size()), () -> true))
                                .isEmpty()));

        assertThat(server.requests())
                .isEqualTo(Map.of("ListObjectsV2", 3L, "HeadObject", 3L, "GetObject", 3L, "DeleteObjects", 3L));
        assertThat(storage.stat(blobs.getLast())).isEmpty();
    }

    /** Each call by a client of its own: one that waits for long before what it sends next keeps no other waiting. */
    private void atOnce(
            S3Client.Limits limits, Function<Request, Optional<Answer>> faults, List<Consumer<S3Storage>> calls) {
        List<S3Storage> clients = calls.stream()
                .map(call -> S3Storage.open(S3StorageContractTest.settings(server, ""), false, limits, new Calls()))
                .toList();
        server.faults(faults);
        server.forgetRequests();
        try {
            List<Integer> all = IntStream.range(0, calls.size()).boxed().toList();
            Parallel.forEach(all, calls.size(), i -> calls.get(i).accept(clients.get(i)));
        } finally {
            clients.forEach(S3Storage::close);
        }
    }

    /** The SDK waits, and the process may be stopped as well. */
    @Test
    void aDeletionIsNotTriedAgainOnceItIsNotAllowedAnyMore() {
        var allowed = new AtomicBoolean(true);
        server.faults(request -> {
            allowed.set(false);
            return Optional.of(new Answer.Error(503, "SlowDown"));
        });

        assertThat(storage.deleteAll(blobs, allowed::get))
                .hasSameSizeAs(blobs)
                .allSatisfy((path, failure) -> assertThat(failure).isInstanceOf(NotAllowedException.class));
        assertThat(server.requests()).containsEntry("DeleteObjects", 1L);
    }

    @Test
    void aConnectionThatIsCutIsTriedAgain() {
        var left = new AtomicInteger(2);
        server.faults(request -> left.getAndDecrement() > 0 ? Optional.of(new Answer.Cut()) : Optional.empty());

        assertThat(storage.children("blobs")).hasSize(1);
    }

    /** More than one layer of tries would multiply, the time that a server is waited for with them. */
    @ParameterizedTest
    @CsvSource({"500,InternalError", "503,ServiceUnavailable"})
    void aFaultThatDoesNotPassIsTriedFiveTimesAndSaidWithThat(int status, String code) {
        S3Storage patient = patient();
        all(request -> true, new Answer.Error(status, code));
        server.forgetRequests();

        assertThatThrownBy(() -> patient.children("blobs"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .message()
                .startsWith("cannot list s3://registry/…/blobs/: ")
                .containsPattern("\\(tried 5 times in \\d+ s\\)$");
        assertThat(server.requests()).containsExactly(Map.entry("ListObjectsV2", 5L));
        assertSettled(() -> patient.stat(blobs.getFirst()), "cannot look at s3://registry/…/" + blobs.getFirst());
        assertThat(server.requests()).containsEntry("HeadObject", 5L);
        assertThat(patient.calls().retries()).isEqualTo(8);
        assertThat(patient.calls().errors()).isEqualTo(2);
    }

    @Test
    void aServerThatDoesNotAnswerIsSaid() {
        String blob = blobs.getFirst();
        String said = server.endpoint() + " does not answer (tried 5 times in ";

        atOnce(
                A_SHORT_TRY,
                request -> Optional.of(new Answer.Silence()),
                List.of(
                        own -> withHeadway(
                                own,
                                () -> assertSettled(
                                        () -> own.children("blobs"), "cannot list s3://registry/…/blobs/: " + said)),
                        own -> withHeadway(
                                own,
                                () -> assertSettled(
                                        () -> read(own, blob), "cannot read s3://registry/…/" + blob + ": " + said)),
                        own -> withHeadway(
                                own,
                                () -> assertThat(own.deleteAll(List.of(blob), () -> true)
                                                .get(blob))
                                        .hasMessageContaining("cannot delete s3://registry/…/" + blob)
                                        .returns(true, StorageException::settled))));

        assertThat(server.requests()).isEqualTo(Map.of("ListObjectsV2", 5L, "GetObject", 5L, "DeleteObjects", 5L));
    }

    private static void withHeadway(S3Storage storage, Runnable call) {
        long before = storage.calls().headway();
        call.run();
        assertThat(storage.calls().headway() - before)
                .as("each try is headway: whoever waits for it does not stand still")
                .isGreaterThanOrEqualTo(5);
    }

    /** A server that is restarted fails all that is under way at once. */
    @Test
    void ofManyRequestsAtOnceEachIsTriedAgain() {
        List<String> all = Stream.generate(blobs::getFirst).limit(MANY).toList();
        var left = new AtomicInteger(MANY);
        server.faults(request ->
                left.getAndDecrement() > 0 ? Optional.of(new Answer.Error(500, "InternalError")) : Optional.empty());

        assertThat(Parallel.map(all, MANY, storage::stat)).hasSize(MANY).doesNotContain(Optional.empty());
    }

    @Test
    void afterTenRequestsInVainEachIsTriedOnceOnlyUntilTheServerAnswers() {
        all(request -> true, new Answer.Error(500, "InternalError"));
        Parallel.forEach(
                blobs.subList(0, 10),
                10,
                blob -> assertThatThrownBy(() -> read(storage, blob)).isInstanceOf(StorageException.class));
        server.forgetRequests();
        assertThatThrownBy(() -> read(storage, blobs.getFirst())).hasMessageContaining("(tried once in 1 s)");
        assertThat(server.requests()).containsExactly(Map.entry("GetObject", 1L));

        server.faults(request -> Optional.empty());
        assertThat(read(storage, blobs.getFirst())).isPresent();
        all(request -> true, new Answer.Error(500, "InternalError"));
        server.forgetRequests();
        assertThatThrownBy(() -> read(storage, blobs.getFirst())).hasMessageContaining("(tried 5 times in ");
        assertThat(server.requests()).containsExactly(Map.entry("GetObject", 5L));
    }

    @Test
    void anInterruptedCallWaitsForNoAnswer() throws InterruptedException {
        assertThat(interrupted(() -> storage.children("blobs")))
                .hasMessage("cannot list s3://registry/…/blobs/: interrupted");
        assertThat(server.requests()).containsEntry("ListObjectsV2", 2L);
    }

    @Test
    void anInterruptedCallerWaitsForNoneOfManyAnswers() throws InterruptedException {
        assertThat(interrupted(() -> Parallel.forEach(blobs, 4, storage::stat))).hasMessage("interrupted");
        assertThat(server.requests().get("HeadObject")).isLessThanOrEqualTo(4);
    }

    @Test
    void aStorageThatIsClosedSaysSo() {
        storage.close();

        assertSettled(() -> storage.children("blobs"), "cannot list s3://registry/…/blobs/: the storage is closed");
    }

    @Test
    void aStorageIsClosedThoughAnAnswerIsWaitedFor() throws InterruptedException {
        assertThat(disturbed(() -> storage.children("blobs"), caller -> storage.close()))
                .isInstanceOf(StorageException.class)
                .as("nobody waits until the try has taken as long as one may")
                .hasMessage("cannot list s3://registry/…/blobs/: the storage is closed");
        assertThat(server.requests()).containsEntry("ListObjectsV2", 2L);
    }

    private Throwable interrupted(Runnable call) throws InterruptedException {
        return disturbed(call, Thread::interrupt);
    }

    /** The failure of a call that waits for an answer which does not come, if something is done meanwhile. */
    private Throwable disturbed(Runnable call, Consumer<Thread> meanwhile) throws InterruptedException {
        var asked = new CountDownLatch(1);
        server.faults(request -> {
            asked.countDown();
            return Optional.of(new Answer.Silence());
        });
        var failure = new AtomicReference<Throwable>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                call.run();
            } catch (StorageException e) {
                failure.set(e);
            }
        });
        asked.await();
        meanwhile.accept(caller);
        assertThat(caller.join(Duration.ofMinutes(2)))
                .as("five tries take longer")
                .isTrue();
        return failure.get();
    }

    @Test
    void aServerThatIsNotThereIsSaid() {
        String endpoint = server.endpoint();
        server.close();
        try {
            assertThatThrownBy(() -> storage.children("blobs"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot list s3://registry/");
        } finally {
            server = S3Server.on(directory);
        }
        assertThat(endpoint).isNotEqualTo(server.endpoint());
    }

    @Test
    void requestsAreCounted() {
        assertThat(storage.calls().requests()).containsExactly(Map.entry("ListObjectsV2", 1L));
        storage.stat(blobs.getFirst());
        read(storage, blobs.getFirst());
        storage.deleteAll(blobs, () -> true);

        assertThat(storage.calls().requests())
                .isEqualTo(Map.of("ListObjectsV2", 1L, "HeadObject", 1L, "GetObject", 1L, "DeleteObjects", 1L));
        assertThat(server.requests()).isEqualTo(storage.calls().requests());
    }
}
