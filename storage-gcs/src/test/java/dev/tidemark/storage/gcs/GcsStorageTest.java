package dev.tidemark.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.gcs.GcsServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What GCS has for itself: generations, batches, tokens, and the content of large objects. */
class GcsStorageTest {

    @TempDir
    private Path directory;

    private GcsServer server;
    private RegistryOnDisk registry;
    private GcsStorage storage;
    private final List<String> blobs = new ArrayList<>();

    @BeforeEach
    void aBucket() {
        server = GcsServer.on(directory);
        registry = RegistryOnDisk.at(server.bucket("registry"));
        for (int i = 0; i < 150; i++) {
            blobs.add(Layout.blobData(Digest.parse(registry.blob("blob" + i))));
        }
        storage = open(settings(null));
        server.forgetRequests();
    }

    @AfterEach
    void close() {
        storage.close();
        server.close();
    }

    private StorageSettings.Gcs settings(Path keyFile) {
        return new StorageSettings.Gcs("registry", "", keyFile, null, server.endpoint(), "me");
    }

    private static GcsStorage open(StorageSettings.Gcs settings) {
        return GcsStorage.open(settings, false, new Calls(List.of()));
    }

    @Test
    void aHundredAreDeletedInARequest() {
        assertThat(storage.deleteAll(blobs, () -> true)).isEmpty();

        assertThat(server.requests()).isEqualTo(Map.of("batch", 2L));
        assertThat(registry.blobs()).isEmpty();
    }

    @Test
    void aFileThatWasWrittenSinceItWasLookedAtIsNotDeleted() {
        for (Runnable look : List.<Runnable>of(
                () -> storage.stat(blobs.getFirst()),
                () -> storage.listed("blobs/sha256/" + blobs.getFirst().split("/")[2]))) {
            look.run();
            registry.blob("blob0");
            // As another one does that looks at the registry meanwhile.
            storage.listed("blobs/sha256/" + blobs.getFirst().split("/")[2]);

            Map<String, StorageException> failed = storage.deleteAll(blobs.subList(0, 2), () -> true);

            assertThat(failed).containsOnlyKeys(blobs.getFirst());
            assertThat(failed.get(blobs.getFirst()))
                    .isInstanceOf(WrittenAgainException.class)
                    .hasMessageContaining("it was written again since it was looked at, and stays")
                    .returns(true, StorageException::settled);
        }
        assertThat(storage.stat(blobs.getFirst())).isPresent();
        assertThat(storage.deleteAll(List.of(blobs.getFirst()), () -> true)).isEmpty();
    }

    @Test
    void aFileThatWasNotThereWhenItWasLookedAtIsNotDeletedIfItComes() {
        String path = blobs.getFirst();
        storage.deleteAll(List.of(path), () -> true);
        assertThat(storage.stat(path)).isEmpty();
        registry.blob("blob0");

        assertThat(storage.deleteAll(List.of(path), () -> true)).isEmpty();

        assertThat(storage.stat(path)).isPresent();
    }

    @Test
    void oneOfABatchThatFailsIsSaidAndTheOthersAreDeleted() {
        inBatch(body -> body.replaceFirst(
                "HTTP/1.1 204 Said\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 403 Forbidden\r\n\r\n{\"error\":{\"code\":403,\"message\":\"held\"}}"));

        Map<String, StorageException> failed = storage.deleteAll(blobs, () -> true);

        assertThat(failed).hasSize(2);
        assertThat(failed.values())
                .as("one of each batch")
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(ForbiddenException.class)
                        .hasMessageContaining("grant storage.objects.delete on the bucket registry (held)"));
    }

    @Test
    void aBlobThatABatchSaysNothingOfIsNotTakenForDeleted() {
        int from = 0;
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                body -> body.replaceFirst("<response-item7>", "<response-item7000>"),
                body -> body.replaceFirst("(?s)(<response-item7>.*?)204 Said", "$1Said"),
                body -> body.substring(0, body.indexOf("<response-item7>")))) {
            List<String> some = blobs.subList(from, from + 8);
            from += 8;
            inBatch(change);

            assertThat(storage.deleteAll(some, () -> true))
                    .containsOnlyKeys(some.getLast())
                    .allSatisfy(
                            (path, failure) -> assertThat(failure).hasMessageContaining("does not say that it did"));
        }
    }

    private void inBatch(UnaryOperator<String> change) {
        server.faults(request ->
                request.operation().equals("batch") ? Optional.of(new Answer.Changed(change)) : Optional.empty());
    }

    @Test
    void aLargeObjectIsReadInPieces() throws IOException {
        byte[] content = new byte[2 * GcsBucket.PIECE + 5];
        new Random(1).nextBytes(content);
        RegistryOnDisk.write(registry.base().resolve(blobs.getFirst()), content);
        RegistryOnDisk.write(registry.base().resolve(blobs.get(1)), new byte[0]);

        assertThat(storage.read(blobs.getFirst(), InputStream::readAllBytes)).contains(content);
        assertThat(server.requests()).isEqualTo(Map.of("objects.get", 3L));
        assertThat(storage.read(blobs.get(1), InputStream::readAllBytes)).contains(new byte[0]);
    }

    /** Several sweepers write the books of a trash at once. */
    @Test
    void anObjectThatComesBetweenARequestAndAListingIsRead() {
        var first = new AtomicBoolean(true);
        server.faults(request -> request.operation().equals("objects.get") && first.getAndSet(false)
                ? Optional.of(new Answer.Error(404, "notFound"))
                : Optional.empty());

        assertThat(storage.read(blobs.getFirst(), InputStream::readAllBytes)).isPresent();
    }

    @Test
    void anObjectThatIsWrittenWhileItIsReadIsNoMixture() {
        byte[] content = new byte[GcsBucket.PIECE + 5];
        RegistryOnDisk.write(registry.base().resolve(blobs.getFirst()), content);
        server.faults(request -> {
            RegistryOnDisk.write(registry.base().resolve(blobs.getFirst()), new byte[] {1});
            server.faults(next -> Optional.empty());
            return Optional.empty();
        });

        assertThat(storage.read(blobs.getFirst(), InputStream::readAllBytes)).contains(new byte[] {1});

        RegistryOnDisk.write(registry.base().resolve(blobs.getFirst()), content);
        assertThatThrownBy(() -> storage.read(blobs.getFirst(), in -> {
                    int first = in.read();
                    RegistryOnDisk.write(registry.base().resolve(blobs.getFirst()), new byte[GcsBucket.PIECE + 9]);
                    in.readAllBytes();
                    return first;
                }))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("its content ends early");
    }

    @Test
    void aTokenIsFetchedOnceAndOneThatIsNotAcceptedAnyMoreIsSaid() throws IOException {
        server.requireTokens();
        Path key = Files.writeString(directory.resolve("key.json"), server.serviceAccount());

        try (GcsStorage own = open(settings(key))) {
            assertThat(own.stat(blobs.getFirst())).isPresent();
            assertThat(server.requests()).containsEntry("token", 1L);
            server.expireTokens();
            assertThatThrownBy(() -> own.stat(blobs.getFirst()))
                    .hasMessageContaining("the credentials are not accepted, or have expired (Invalid Credentials)");
        }
        assertThatThrownBy(() -> storage.stat(blobs.getFirst())).hasMessageContaining("the credentials are not");
    }

    @Test
    void anAccountThatGetsNoTokenIsSaidAtOnce() throws IOException {
        Path key = Files.writeString(directory.resolve("key.json"), server.serviceAccount());
        server.faults(request -> request.operation().equals("token")
                ? Optional.of(new Answer.Plain(400, "{\"error\": \"invalid_grant\"}"))
                : Optional.empty());

        assertThatThrownBy(() -> open(settings(key)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessageContaining("no access token (")
                .hasMessageNotContaining("\n");
        assertThat(server.requests()).isEqualTo(Map.of("token", 1L));
    }

    @Test
    void aKeyThatIsNoneIsSaid() throws IOException {
        Path none = directory.resolve("none.json");
        Path user = Files.writeString(directory.resolve("user.json"), "{\"type\": \"authorized_user\"}");
        for (Path file : List.of(none, user)) {
            assertThatThrownBy(() -> open(settings(file)))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("storage.gcs.keyfile " + file + " is no key of a service account")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aBucketWithoutARegistryIsNotOpened() {
        server.bucket("empty");
        var empty = new StorageSettings.Gcs("empty", "", null, null, server.endpoint(), null);
        assertThatThrownBy(() -> open(empty))
                .hasMessageContaining("gs://empty/ has no object below docker/registry/v2/");
        assertThatThrownBy(() -> open(new StorageSettings.Gcs("none", "", null, null, server.endpoint(), null)))
                .hasMessageContaining("there is no such bucket");
        try (GcsStorage own = GcsStorage.open(empty, true, new Calls())) {
            assertThat(own.children("repositories")).isEmpty();
        }
    }

    @Test
    void aListingSaysTheContentsMd5() {
        String shard = "blobs/sha256/" + blobs.getFirst().split("/")[2];
        assertThat(storage.listed(shard).stat(blobs.getFirst()).orElseThrow().md5())
                .isEqualTo(storage.stat(blobs.getFirst()).orElseThrow().md5())
                .matches("[0-9a-f]{32}");
    }
}
