package dev.tidemark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.config.StorageSettings.Azure;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.testkit.AzureServer;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A registry in a container of a server that can be told to fail. */
class AzureContainerTest {

    private static final AzureClient.Limits A_SHORT_TRY =
            new AzureClient.Limits(Duration.ofSeconds(5), Duration.ofSeconds(10));
    private static final int BLOBS = 12;
    /** Too many for two requests. */
    private static final int MANY = 520;

    @TempDir
    private static Path log;

    private static AzureServer server;

    @TempDir
    private Path directory;

    private String container;
    private AzureFiles files;
    private RegistryOnDisk registry;
    private Storage storage;
    private final List<String> blobs = new ArrayList<>();

    @BeforeAll
    static void start() {
        assumeTrue(AzureServer.installed(), "azurite-blob is not installed: skipped");
        server = AzureServer.start(log);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void aContainer() {
        container = "registry-" + UUID.randomUUID();
        files = new AzureFiles(server, container, "");
        registry = RegistryOnDisk.at(directory);
        registry.repo("app").tag("latest", registry.repo("app").image("image"));
        for (int i = 0; i < BLOBS; i++) {
            blobs.add(Layout.blobData(Digest.parse(registry.blob("blob" + i))));
        }
        files.follow(registry);
        storage = open("", AzureClient.LIMITS);
        server.forgetRequests();
    }

    @AfterEach
    void close() {
        server.faults(request -> Optional.empty());
        storage.close();
    }

    /** Without tries of its own beside the SDK's. */
    private Storage open(String root, AzureClient.Limits limits) {
        return AzureStorage.open(AzureFiles.settings(server, container, root), false, limits, new Calls(List.of()));
    }

    private static void all(Predicate<Request> which, Answer answer) {
        server.faults(request -> which.test(request) ? Optional.of(answer) : Optional.empty());
    }

    private String cannot(String verb, String path) {
        return "cannot " + verb + " azure://devstoreaccount1/" + container + "/…/" + path;
    }

    @Test
    void blobsAreDeletedByHundreds() {
        for (int i = 0; i < MANY; i++) {
            blobs.add(Layout.blobData(Digest.parse(registry.blob("many" + i))));
        }
        files.follow(registry);

        assertThat(storage.deleteAll(blobs, () -> true)).isEmpty();

        assertThat(server.requests()).isEqualTo(Map.of("BlobBatch", 3L));
        assertThat(storage.calls().requests()).containsEntry("BlobBatch", 3L);
        assertThat(files.snapshot().keySet())
                .isNotEmpty()
                .noneMatch(name -> blobs.contains(name.substring("docker/registry/v2/".length())));
    }

    @Test
    void requestsAreCountedAsTheyAreSent() {
        long before = storage.calls().requests().get("ListBlobs");
        storage.stat(blobs.getFirst());
        storage.read(blobs.getFirst(), InputStream::readAllBytes);
        storage.children("blobs");

        assertThat(server.requests()).isEqualTo(Map.of("ListBlobs", 1L, "GetBlobProperties", 1L, "GetBlob", 1L));
        assertThat(storage.calls().requests())
                .isEqualTo(Map.of("ListBlobs", before + 1, "GetBlobProperties", 1L, "GetBlob", 1L));
    }

    /** Between a look and a deletion the registry may write the same file. */
    @Test
    void whatWasWrittenAnewSinceItWasLookedAtIsNotDeleted() {
        String byItself = blobs.getFirst();
        String listed = blobs.get(1);
        String untouched = blobs.get(2);
        storage.stat(byItself);
        storage.stat(untouched);
        storage.listed("blobs/" + listed.split("/")[1]);
        for (String path : List.of(byItself, listed)) {
            files.upload("docker/registry/v2/" + path, new byte[] {1});
        }
        // As another one does that looks at the registry meanwhile.
        storage.listed("blobs/" + byItself.split("/")[1]);

        assertThat(storage.deleteAll(List.of(byItself, listed, untouched), () -> true))
                .containsOnlyKeys(byItself, listed)
                .allSatisfy((path, failure) -> assertThat(failure)
                        .isInstanceOf(WrittenAgainException.class)
                        .hasMessage(cannot("delete", path) + ": it was written again since it was looked at, and stays")
                        .returns(true, StorageException::settled));
        assertThat(storage.stat(byItself)).isPresent();
        assertThat(storage.stat(untouched)).isEmpty();
    }

    /** Registries delete a link before they write it anew. */
    @Test
    void aLinkThatIsNotThereIsReadAgain() {
        String link = Layout.currentLink("app", "latest");
        var left = new AtomicInteger(2);
        server.faults(request -> request.path().endsWith("/current/link") && left.getAndDecrement() > 0
                ? Optional.of(new Answer.Error(404, "BlobNotFound"))
                : Optional.empty());

        assertThat(LinkFile.at(storage, link)).isInstanceOf(LinkFile.Names.class);
        assertThat(LinkFile.at(storage, Layout.currentLink("app", "none"))).isEqualTo(new LinkFile.Absent());
    }

    @Test
    void version2WritesNamesWithASlashBeforeThem() {
        String other = "registry-" + UUID.randomUUID();
        var older = new AzureFiles(server, other, "/");
        registry.snapshot().keySet().stream()
                .filter(path -> path.endsWith("link"))
                .forEach(path -> older.uploadBlock(registry, path));
        container = other;
        Storage opened = open("", AzureClient.LIMITS);
        String link = Layout.currentLink("app", "latest");
        Digest unlinked = Digest.parse(RegistryOnDisk.sha256(new byte[] {1}));

        assertThat(LinkFile.at(opened, link)).isInstanceOf(LinkFile.Names.class);
        assertThat(opened.stat(link).orElseThrow().md5())
                .isEqualTo(opened.listed(Layout.manifests("app"))
                        .stat(link)
                        .orElseThrow()
                        .md5())
                .isEqualTo(LinkFile.md5(((LinkFile.Names) LinkFile.at(opened, link)).digest()));
        assertThat(opened.link(Layout.layerLink("app", unlinked), unlinked)).isTrue();
        assertThat(opened.deleteAll(List.of(link), () -> true)).isEmpty();
        assertThat(older.snapshot())
                .containsKey("docker/registry/v2/" + Layout.layerLink("app", unlinked))
                .doesNotContainKey("docker/registry/v2/" + link);

        new AzureFiles(server, other, "").upload("docker/registry/v2/blobs/sha256/aa/x/data", new byte[0]);
        assertThatThrownBy(() -> open("", AzureClient.LIMITS)).hasMessageContaining("holds two registries");
    }

    @Test
    void aContainerWithoutARegistryIsRefused() {
        assertThatThrownBy(() -> open("elsewhere", AzureClient.LIMITS))
                .hasMessage("azure://devstoreaccount1/" + container
                        + "/elsewhere has no blob below elsewhere/docker/registry/v2/: it is not the storage of a "
                        + "registry (accountname, container, rootdirectory)");
        String empty = container + "-2";
        AzureFiles.client(server, empty).create();
        AzureStorage.open(AzureFiles.settings(server, empty, ""), true, new Calls())
                .close();
        assertThatThrownBy(() ->
                        AzureStorage.open(AzureFiles.settings(server, "none-" + container, ""), true, new Calls()))
                .hasMessageContaining("there is no such container at " + server.url());
    }

    @Test
    void aKeyThatIsNotTheAccountsIsSaid() {
        StorageSettings.Azure known = AzureFiles.settings(server, container, "");
        var other = new StorageSettings.Azure(
                known.account(), container, "", known.serviceUrl(), new Azure.SharedKey("c2VjcmV0"), false);

        assertThatThrownBy(() -> AzureStorage.open(other, false, new Calls()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("access denied");
        all(request -> true, new Answer.Error(403, "AuthenticationFailed"));
        assertThatThrownBy(() -> storage.children("blobs"))
                .hasMessageContaining("check accountname, accountkey and credentials");
    }

    @ParameterizedTest
    @CsvSource({"503,ServerBusy", "500,InternalError", "503,OperationTimedOut"})
    void aFaultThatPassesIsTriedAgain(int status, String code) {
        var failed = new ConcurrentHashMap<String, Integer>();
        server.faults(request -> failed.merge(request.operation(), 1, Integer::sum) <= 2
                ? Optional.of(new Answer.Error(status, code))
                : Optional.empty());

        assertThat(storage.children("blobs")).hasSize(1);
        assertThat(storage.stat(blobs.getFirst())).isPresent();
        assertThat(storage.read(blobs.getFirst(), InputStream::readAllBytes)).isPresent();
        assertThat(storage.deleteAll(blobs.subList(0, 9), () -> true)).isEmpty();
        assertThat(server.requests())
                .isEqualTo(Map.of("ListBlobs", 3L, "GetBlobProperties", 3L, "GetBlob", 3L, "BlobBatch", 3L));
        assertThat(storage.calls().retries()).isEqualTo(8);
    }

    /** More than one layer of tries would multiply, the time that a server is waited for with them. */
    @Test
    void aFaultThatDoesNotPassIsTriedFiveTimes() {
        all(request -> true, new Answer.Error(503, "ServerBusy"));

        assertThatThrownBy(() -> storage.children("blobs"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessageStartingWith(cannot("list", "blobs/") + ": ServerBusy (status 503)");
        assertThat(server.requests()).isEqualTo(Map.of("ListBlobs", 5L));
    }

    @Test
    void aDeletionIsNotTriedAgainOnceItIsNotAllowedAnyMore() {
        var allowed = new AtomicBoolean(true);
        server.faults(request -> {
            allowed.set(false);
            return Optional.of(new Answer.Error(503, "ServerBusy"));
        });

        assertThat(storage.deleteAll(blobs, allowed::get))
                .hasSize(BLOBS)
                .allSatisfy((path, failure) -> assertThat(failure).isInstanceOf(NotAllowedException.class));
        assertThat(server.requests()).isEqualTo(Map.of("BlobBatch", 1L));
    }

    @ParameterizedTest
    @CsvSource({"403,AuthorizationPermissionMismatch", "403,AuthorizationFailure"})
    void aRightThatIsMissingIsNamed(int status, String code) {
        all(request -> true, new Answer.Error(status, code));

        assertThatThrownBy(() -> storage.children("blobs"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessageContaining("access denied (" + code + "): grant Storage Blob Data Reader on the container ");
        assertThat(storage.deleteAll(blobs.subList(0, 1), () -> true).values())
                .singleElement()
                .isInstanceOf(ForbiddenException.class);
        assertThat(server.requests()).isEqualTo(Map.of("ListBlobs", 1L, "BlobBatch", 1L));
    }

    /** What is not listed holds nothing: what is no listing must not pass for one. */
    @Test
    void whatIsNoWholeListingIsNone() {
        for (Answer answer : List.of(
                new Answer.Plain(200, "<html>Sign in</html>"),
                new Answer.Plain(200, ""),
                new Answer.Changed(body -> body.substring(0, body.length() / 2)),
                new Answer.Changed(body -> body.replaceAll("<Name>[^<]*</Name>", "<Name>other</Name>")),
                new Answer.Error(404, "ContainerNotFound"),
                new Answer.Plain(404, "not found"))) {
            all(request -> request.operation().equals("ListBlobs"), answer);
            assertThatThrownBy(() -> storage.children("blobs/sha256"))
                    .as("children " + answer)
                    .isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> storage.listed("blobs"))
                    .as("listed " + answer)
                    .isInstanceOf(StorageException.class);
        }
        all(request -> true, new Answer.Plain(404, "not found"));
        assertThatThrownBy(() -> storage.stat(blobs.getFirst())).isInstanceOf(StorageException.class);
    }

    @Test
    void aServerThatDoesNotAnswerIsSaid() {
        Storage own = open("", A_SHORT_TRY);
        all(request -> true, new Answer.Silence());

        assertThatThrownBy(() -> own.children("blobs"))
                .hasMessageStartingWith(cannot("list", "blobs/") + ": " + server.url() + " does not answer");
        own.close();
    }

    @Test
    void aConnectionThatIsCutIsTriedAgain() {
        var left = new AtomicInteger(2);
        server.faults(request -> left.getAndDecrement() > 0 ? Optional.of(new Answer.Cut()) : Optional.empty());

        assertThat(storage.children("blobs")).hasSize(1);
    }

    @Test
    void aStorageIsClosedThoughAnAnswerIsWaitedFor() throws InterruptedException {
        assertThat(disturbed(caller -> storage.close()))
                .hasMessage(cannot("list", "blobs/") + ": the storage is closed");
        assertThatThrownBy(() -> storage.stat(blobs.getFirst())).hasMessageEndingWith(": the storage is closed");
    }

    @Test
    void anInterruptedCallWaitsForNoAnswer() throws InterruptedException {
        assertThat(disturbed(Thread::interrupt)).hasMessage(cannot("list", "blobs/") + ": interrupted");
    }

    /** The failure of a call that waits for an answer which does not come, if something is done meanwhile. */
    private Throwable disturbed(Consumer<Thread> meanwhile) throws InterruptedException {
        var asked = new CountDownLatch(1);
        server.faults(request -> {
            asked.countDown();
            return Optional.of(new Answer.Silence());
        });
        var failure = new AtomicReference<Throwable>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                storage.children("blobs");
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
}
