package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import dev.tidemark.testkit.S3Server.Answer;
import dev.tidemark.testkit.S3Server.Request;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between here and a bucket: an answer must come late, or not at all, but never wrong. */
class S3FaultsTest {

  private static final S3Client.Limits A_SHORT_TRY = new S3Client.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1));

  /** More than the SDK has retries for, if it counts them. */
  private static final int MANY = 100;

  @TempDir private Path directory;

  private S3Server server;
  private RegistryOnDisk registry;
  private S3Storage storage;
  private final List<S3Storage> clients = new ArrayList<>();
  private final List<String> blobs = new ArrayList<>();

  @BeforeEach
  void aBucket() {
    server = S3Server.on(directory);
    registry = RegistryOnDisk.at(server.bucket("registry"));
    registry.repo("app").image("image");
    for (int i = 0; i < 30; i++) {
      blobs.add(path(registry.blob("blob" + i)));
    }
    // Without tries of its own beside the SDK's.
    storage = S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls(List.of()));
  }

  @AfterEach
  void close() {
    storage.close();
    clients.forEach(S3Storage::close);
    server.close();
  }

  /** Each call by a client of its own, and all at once: one that is told to send less waits for long before what it sends next. */
  @ParameterizedTest
  @CsvSource({"503,SlowDown", "500,InternalError", "503,ServiceUnavailable"})
  void whatPassesIsTriedAgain(int status, String code) {
    List<Consumer<S3Storage>> calls = List.of(
        own -> assertThat(own.children("blobs")).hasSize(1),
        own -> assertThat(own.stat(blobs.getFirst())).isPresent(),
        own -> assertThat(read(own, blobs.getFirst())).isPresent(),
        own -> assertThat(own.deleteAll(blobs.subList(1, blobs.size()), () -> true)).isEmpty());
    List<S3Storage> clients = calls.stream().map(call -> S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls())).toList();
    var failed = new ConcurrentHashMap<String, Integer>();
    server.faults(request ->
        failed.merge(request.operation(), 1, Integer::sum) <= 2 ? Optional.of(new Answer.Error(status, code)) : Optional.empty());
    server.forgetRequests();
    try {
      Parallel.forEach(List.of(0, 1, 2, 3), calls.size(), i -> calls.get(i).accept(clients.get(i)));
    } finally {
      clients.forEach(S3Storage::close);
    }

    assertThat(server.requests()).isEqualTo(Map.of("ListObjectsV2", 3L, "HeadObject", 3L, "GetObject", 3L, "DeleteObjects", 3L));
    assertThat(storage.stat(blobs.getLast())).isEmpty();
  }

  /** The SDK waits, and the process may be stopped as well. */
  @Test
  void aDeletionIsNotTriedAgainOnceItIsNotAllowedAnyMore() {
    var allowed = new AtomicBoolean(true);
    server.faults(request -> {
      allowed.set(false);
      return Optional.of(new Answer.Error(503, "SlowDown"));
    });

    assertThat(storage.deleteAll(blobs, allowed::get)).hasSameSizeAs(blobs)
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
  void whatDoesNotPassIsTriedFiveTimesAndSaidWithThat(int status, String code) {
    S3Storage patient = patient();
    all(request -> true, new Answer.Error(status, code));
    server.forgetRequests();

    assertThatThrownBy(() -> patient.children("blobs"))
        .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.settled()).isTrue())
        .message().startsWith("cannot list s3://registry/…/blobs/: ").containsPattern("\\(tried 5 times in \\d+ s\\)$");
    assertThat(server.requests()).containsExactly(Map.entry("ListObjectsV2", 5L));
    assertSettled(() -> patient.stat(blobs.getFirst()), "cannot look at s3://registry/…/" + blobs.getFirst());
    assertThat(server.requests()).containsEntry("HeadObject", 5L);
    assertThat(patient.calls().retries()).isEqualTo(8);
    assertThat(patient.calls().errors()).isEqualTo(2);
  }

  @Test
  void aServerThatDoesNotAnswerIsSaid() {
    try (var patient = S3Storage.open(S3StorageContractTest.settings(server, ""), A_SHORT_TRY, new Calls())) {
      all(request -> true, new Answer.Silence());
      server.forgetRequests();
      long before = patient.calls().headway();

      assertSettled(
          () -> patient.children("blobs"), "cannot list s3://registry/…/blobs/: " + server.endpoint() + " does not answer (tried 5 times in ");
      assertSettled(
          () -> read(patient, blobs.getFirst()), "cannot read s3://registry/…/" + blobs.getFirst() + ": " + server.endpoint() + " does not answer");
      assertThat(server.requests()).isEqualTo(Map.of("ListObjectsV2", 5L, "GetObject", 5L));
      assertThat(patient.deleteAll(List.of(blobs.getFirst()), () -> true).get(blobs.getFirst()))
          .hasMessageContaining("cannot delete s3://registry/…/" + blobs.getFirst()).returns(true, StorageException::settled);
      assertThat(server.requests()).containsEntry("DeleteObjects", 5L);
      assertThat(patient.calls().headway() - before).as("each try is headway: whoever waits for it does not stand still").isGreaterThanOrEqualTo(15);
    }
  }

  /** A server that is restarted fails all that is under way at once. */
  @Test
  void ofManyRequestsAtOnceEachIsTriedAgain() {
    List<String> all = Stream.generate(blobs::getFirst).limit(MANY).toList();
    var left = new AtomicInteger(MANY);
    server.faults(request -> left.getAndDecrement() > 0 ? Optional.of(new Answer.Error(500, "InternalError")) : Optional.empty());

    assertThat(Parallel.map(all, MANY, storage::stat)).hasSize(MANY).doesNotContain(Optional.empty());
  }

  @Test
  void afterTenRequestsInVainEachIsTriedOnceOnlyUntilTheServerAnswers() {
    all(request -> true, new Answer.Error(500, "InternalError"));
    Parallel.forEach(blobs.subList(0, 10), 10, blob -> assertThatThrownBy(() -> read(storage, blob)).isInstanceOf(StorageException.class));
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
  void whoIsInterruptedWaitsForNoAnswer() throws InterruptedException {
    assertThat(interrupted(() -> storage.children("blobs"))).hasMessage("cannot list s3://registry/…/blobs/: interrupted");
    assertThat(server.requests()).containsEntry("ListObjectsV2", 2L);
  }

  @Test
  void whoIsInterruptedWaitsForNoneOfManyAnswers() throws InterruptedException {
    assertThat(interrupted(() -> Parallel.forEach(blobs, 4, storage::stat))).hasMessage("interrupted");
    assertThat(server.requests().get("HeadObject")).isLessThanOrEqualTo(4);
  }

  @Test
  void aStorageThatIsClosedSaysSo() {
    storage.close();

    assertSettled(() -> storage.children("blobs"), "cannot list s3://registry/…/blobs/: the storage is closed");
  }

  @Test
  void itIsClosedThoughAnAnswerIsWaitedFor() throws InterruptedException {
    assertThat(disturbed(() -> storage.children("blobs"), caller -> storage.close())).isInstanceOf(StorageException.class)
        .as("nobody waits until the try has taken as long as one may").hasMessage("cannot list s3://registry/…/blobs/: the storage is closed");
    assertThat(server.requests()).containsEntry("ListObjectsV2", 2L);
  }

  private Throwable interrupted(Runnable call) throws InterruptedException {
    return disturbed(call, Thread::interrupt);
  }

  /** What a call fails with that waits for an answer which does not come, if something is done meanwhile. */
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
    assertThat(caller.join(Duration.ofMinutes(2))).as("five tries take longer").isTrue();
    return failure.get();
  }

  @ParameterizedTest
  @CsvSource({
      "403,ExpiredToken,have expired",
      "403,InvalidAccessKeyId,are not accepted",
      "403,SignatureDoesNotMatch,are not accepted",
      "403,RequestTimeTooSkewed,clock is wrong",
      "404,NoSuchBucket,no such bucket",
      "301,PermanentRedirect,not in the region us-east-1",
  })
  void whatHasToBeMendedIsSaidAndNotTriedAgain(int status, String code, String words) {
    all(request -> true, new Answer.Error(status, code));
    server.forgetRequests();

    assertSettled(() -> storage.children("blobs"), words);
    assertSettled(() -> storage.leaves("blobs", "data", leaf -> {}), words);
    assertSettled(() -> storage.listed("repositories/app/_manifests"), words);
    assertSettled(() -> read(storage, blobs.getFirst()), words);
    assertThat(server.requests().values().stream().mapToLong(Long::longValue).sum())
        .as("four calls; a bucket that is not known is looked for once more, and with a clock that is wrong the SDK sets its own right")
        .isLessThanOrEqualTo(20);
    assertThat(storage.deleteAll(blobs, () -> true)).hasSameSizeAs(blobs)
        .allSatisfy((path, failure) -> assertThat(failure).hasMessageContaining(words).returns(true, StorageException::settled));
  }

  @Test
  void whatIsToBeGrantedIsSaid() {
    all(request -> true, new Answer.Error(403, "AccessDenied"));

    assertSettled(() -> storage.children("blobs"), "grant s3:ListBucket on arn:aws:s3:::registry");
    assertSettled(() -> read(storage, blobs.getFirst()), "grant s3:GetObject on arn:aws:s3:::registry/*");
    assertSettled(() -> storage.stat(blobs.getFirst()), "grant s3:GetObject on arn:aws:s3:::registry/*");
    assertThat(storage.deleteAll(blobs, () -> true).values()).hasSameSizeAs(blobs)
        .allSatisfy(failure -> assertThat(failure).hasMessageContaining("grant s3:DeleteObject on arn:aws:s3:::registry/*"));
    // A single object that may not be read is no reason to do without it: nothing tells it from a policy that is wrong.
    assertThatThrownBy(() -> read(storage, blobs.getFirst())).isNotInstanceOf(ForbiddenException.class);
  }

  @Test
  void aKeyThatIsNotDeletedIsToldFromThoseThatAre() {
    all(
        request -> request.operation().equals("DeleteObjects"),
        new Answer.Changed(body -> {
          String xml = insteadOfDeleted(body, 9, "");
          for (Map.Entry<Integer, String> error : Map.of(3, "AccessDenied", 5, "InternalError", 7, "NoSuchKey").entrySet()) {
            xml = insteadOfDeleted(
                xml, error.getKey(), "<Error>" + key(error.getKey()) + "<Code>" + error.getValue() + "</Code><Message>no</Message></Error>");
          }
          return xml;
        }));

    Map<String, StorageException> failures = storage.deleteAll(blobs, () -> true);

    assertThat(failures).containsOnlyKeys(blobs.get(3), blobs.get(5), blobs.get(9));
    assertThat(failures.get(blobs.get(3))).isInstanceOf(ForbiddenException.class).hasMessageContaining("s3:DeleteObject");
    assertThat(failures.get(blobs.get(5))).returns(false, StorageException::settled).hasMessageContaining("InternalError");
    assertThat(failures.get(blobs.get(9))).returns(false, StorageException::settled).hasMessageContaining("does not say that it did");
  }

  private String insteadOfDeleted(String xml, int blob, String answer) {
    String deleted = "<Deleted>" + key(blob) + "</Deleted>";
    assertThat(xml).contains(deleted);
    return xml.replace(deleted, answer);
  }

  private String key(int blob) {
    return "<Key>docker/registry/v2/" + blobs.get(blob) + "</Key>";
  }

  @Test
  void aListingThatIsCutShortIsNoListing() {
    all(
        request -> request.operation().equals("ListObjectsV2"),
        new Answer.Changed(body -> body
            .replaceAll("<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated>")
            .replaceAll("<NextContinuationToken>.*?</NextContinuationToken>", "")));

    assertThatThrownBy(() -> storage.children("blobs")).isInstanceOf(StorageException.class).hasMessageContaining("cut short");
    assertThatThrownBy(() -> storage.listed("blobs/sha256")).isInstanceOf(StorageException.class).hasMessageContaining("cut short");
  }

  @Test
  void aBucketThatIsGoneIsNotTakenForAnObjectThatIs() {
    all(request -> true, new Answer.Error(404, "NoSuchBucket"));

    assertSettled(() -> storage.stat(blobs.getFirst()), "there is no such bucket");
    assertThat(storage.deleteAll(blobs, () -> true).get(blobs.getFirst())).hasMessageContaining("there is no such bucket").returns(true, StorageException::settled);
  }

  /** As something before the server may answer, while that is not there. */
  @Test
  void whatIsNotFoundInOtherWordsThanS3sMayBeThere() {
    all(request -> true, new Answer.Plain(404, "default backend - 404"));

    for (ThrowingCallable call : List.<ThrowingCallable>of(
        () -> read(storage, blobs.getFirst()),
        () -> storage.stat(blobs.getFirst()),
        () -> storage.children("blobs"),
        () -> storage.listed("blobs"))) {
      assertThatThrownBy(call).isInstanceOf(StorageException.class).hasMessageContaining("answers 404, and not as S3 does");
    }
    assertThat(storage.deleteAll(blobs, () -> true)).hasSameSizeAs(blobs);
  }

  /** It answers a question about one object. */
  @Test
  void thatThereIsNoSuchKeyIsNoAnswerToAListingOrADeletion() {
    all(request -> true, new Answer.Error(404, "NoSuchKey"));

    assertThat(read(storage, blobs.getFirst())).isEmpty();
    for (ThrowingCallable call : List.<ThrowingCallable>of(
        () -> storage.children("blobs"), () -> storage.listed("blobs"), () -> storage.stat(blobs.getFirst()))) {
      assertThatThrownBy(call).isInstanceOf(StorageException.class).hasMessageContaining("cannot list s3://registry/");
    }
    assertThat(storage.deleteAll(blobs, () -> true)).hasSameSizeAs(blobs);
  }

  @Test
  void whatIsNotFoundIsLookedForInTheListing() {
    String missing = blobs.getFirst() + "/missing";
    assertThat(storage.stat(missing)).isEmpty();
    assertThat(read(storage, missing)).isEmpty();
    // A key that others only begin with is not there.
    assertThat(storage.stat(blobs.getFirst().substring(0, blobs.getFirst().length() - 1))).isEmpty();
    Optional<Storage.Stat> there = storage.stat(blobs.getFirst());
    all(request -> request.method().equals("HEAD"), new Answer.Plain(404, ""));

    assertThat(there).isPresent();
    assertThat(storage.stat(blobs.getFirst())).isEqualTo(there);
    assertThat(storage.stat(missing)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html><body>It works!</body></html>", "<ListBucketResult/>", "It works!", ""})
  void whatIsNoListingIsNotOneOfNothing(String page) {
    all(request -> true, new Answer.Plain(200, page));

    assertThatThrownBy(() -> storage.children("blobs")).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> storage.listed("blobs/sha256")).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> storage.count("blobs", 1)).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> storage.stat(blobs.getFirst())).isInstanceOf(StorageException.class);
    assertThat(storage.deleteAll(blobs, () -> true)).hasSameSizeAs(blobs);
  }

  @Test
  void opensNoBucketThatHoldsNoRegistry() {
    server.bucket("empty");

    assertThatThrownBy(() -> S3Storage.open(S3StorageContractTest.settings(server, "/elsewhere"), new Calls()))
        .isInstanceOf(StorageException.class).hasMessageContaining("s3://registry/elsewhere has no object below elsewhere/docker/registry/v2/");
    assertThatThrownBy(() -> S3Storage.open(with(settings -> "none", null), new Calls())).hasMessageContaining("no such bucket");
    assertThatThrownBy(() -> S3Storage.open(with(settings -> "registry", "wrong"), new Calls())).hasMessageContaining("are not accepted");
  }

  /** As one with many keys that are deleted, and kept as old versions, may answer. */
  @Test
  void aFirstPageWithoutKeysIsNotAnEmptyBucket() {
    all(
        request -> request.operation().equals("ListObjectsV2") && request.parameter("continuation-token") == null,
        new Answer.Changed(body -> body
            .replaceAll("(?s)<(Contents|CommonPrefixes|NextContinuationToken)>.*?</\\1>", "")
            .replaceAll("<IsTruncated>.*?</IsTruncated>", "<IsTruncated>true</IsTruncated><NextContinuationToken>!</NextContinuationToken>")));

    try (S3Storage again = S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls())) {
      assertThat(again.children("blobs")).extracting(Storage.Child::name).containsExactly("sha256");
      assertThat(again.listed("blobs/sha256").children("blobs/sha256")).isNotEmpty();
      assertThat(again.count("blobs", 1000)).isEqualTo(1);
    }
  }

  @Test
  void aServerWithAnOrderOfItsOwnIsFoundOut() {
    String groups = "<CommonPrefixes><Prefix>%1$s/app/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>%1$s/app-web/</Prefix></CommonPrefixes>";
    page("1", true, groups);
    assertSettled(() -> storage.children("repositories"), "does not list keys in S3's order");
    page("1", true, "<Contents><Key>%1$s/b</Key></Contents><Contents><Key>%1$s/a</Key></Contents>");
    assertSettled(() -> storage.children("repositories"), "does not list keys in S3's order");

    // One page is all there is, in whatever order.
    page("", false, groups);
    assertThat(storage.children("repositories")).extracting(Storage.Child::name).containsExactly("app", "app-web");
  }

  @Test
  void aListingThatDoesNotGoOnEnds() {
    page("1", true, "");

    assertThatThrownBy(() -> storage.children("repositories")).isInstanceOf(StorageException.class).hasMessageContaining("cut short");
    assertThatThrownBy(() -> storage.listed("repositories")).isInstanceOf(StorageException.class).hasMessageContaining("cut short");
  }

  @Test
  void aListingOfSomethingElseIsNoAnswer() {
    page("", false, "<Contents><Key>other/b</Key></Contents>");
    for (ThrowingCallable call : List.<ThrowingCallable>of(
        () -> storage.children("repositories"), () -> storage.listed("repositories"), () -> storage.count("repositories", 1))) {
      assertThatThrownBy(call).isInstanceOf(StorageException.class).hasMessageContaining("“other/b” was not asked for");
    }
    page("", false, "<CommonPrefixes><Prefix>other/</Prefix></CommonPrefixes>");
    assertThatThrownBy(() -> storage.children("repositories")).isInstanceOf(StorageException.class).hasMessageContaining("“other/” was not asked for");
  }

  /** Whatever page is asked for, this one comes. */
  private void page(String next, boolean truncated, String entries) {
    all(request -> true, new Answer.Plain(200, "<ListBucketResult>" + entries.formatted("docker/registry/v2/repositories")
        + "<IsTruncated>" + truncated + "</IsTruncated><NextContinuationToken>" + next + "</NextContinuationToken></ListBucketResult>"));
  }

  /** The SDK takes it for an answer. */
  @Test
  void anAnswerThatContradictsItselfIsAskedForAgain() {
    var own = S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls(List.of(Duration.ZERO)));
    clients.add(own);
    page("", false, "<Contents><Key>other/b</Key></Contents>");
    server.forgetRequests();
    for (ThrowingCallable call : List.<ThrowingCallable>of(
        () -> own.children("blobs"), () -> own.listed("blobs"), () -> own.leaves("blobs", "data", leaf -> {}), () -> own.count("blobs", 9))) {
      assertThatThrownBy(call).isInstanceOf(StorageException.class);
    }

    assertThat(server.requests()).containsExactly(Map.entry("ListObjectsV2", 8L));
    assertThat(own.calls().retries()).isEqualTo(4);
  }

  @Test
  void aServerThatIsNotThereIsSaid() {
    String endpoint = server.endpoint();
    server.close();
    try {
      assertThatThrownBy(() -> storage.children("blobs")).isInstanceOf(StorageException.class).hasMessageContaining("cannot list s3://registry/");
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

    assertThat(storage.calls().requests()).isEqualTo(Map.of("ListObjectsV2", 1L, "HeadObject", 1L, "GetObject", 1L, "DeleteObjects", 1L));
    assertThat(server.requests()).isEqualTo(storage.calls().requests());
  }

  /** With the tries that a run has. */
  private S3Storage patient() {
    clients.add(S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls()));
    return clients.getLast();
  }

  private static Optional<byte[]> read(Storage from, String path) {
    return from.read(path, InputStream::readAllBytes);
  }

  private StorageSettings.S3 with(Function<StorageSettings.S3, String> bucket, String secret) {
    StorageSettings.S3 known = S3StorageContractTest.settings(server, "");
    return new StorageSettings.S3(
        bucket.apply(known), "", known.region(), known.endpoint(), true, known.accessKey(), secret == null ? known.secretKey() : secret,
        null, false, false, false, false, false, null);
  }

  private void all(Predicate<Request> which, Answer answer) {
    server.faults(request -> which.test(request) ? Optional.of(answer) : Optional.empty());
  }

  private static void assertSettled(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.settled()).as(e.getMessage()).isTrue())
        .hasMessageContaining(words)
        .hasMessageContaining("registry");
  }

  private static String path(String digest) {
    return Layout.blob(Digest.parse(digest)) + "/" + Layout.DATA;
  }
}
