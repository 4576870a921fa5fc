package dev.tidemark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.config.StorageSettings.Azure;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a container says of its blobs, and what its server says where it does not. */
class AzureContainerTest extends RegistryInContainer {

    /** Too many for two requests. */
    private static final int MANY = 520;

    @Test
    void blobsAreDeletedByHundreds() {
        for (int i = 0; i < MANY; i++) {
            blobs.add(Layout.blobData(Digest.parse(registry.blob("many" + i))));
        }
        files.follow(registry);

        assertThat(storage.deleteAll(blobs, () -> true)).isEmpty();

        assertThat(SERVER.get().requests()).isEqualTo(Map.of("BlobBatch", 3L));
        assertThat(storage.calls().requests()).containsEntry("BlobBatch", 3L);
        assertThat(files.snapshot().keySet())
                .isNotEmpty()
                .noneMatch(name -> blobs.contains(name.substring("docker/registry/v2/".length())));
    }

    /** Between a look and a deletion the registry may write the same file. */
    @Test
    void aFileThatWasWrittenAnewSinceItWasLookedAtIsNotDeleted() {
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

    /** A content is asked for in parts. */
    @Test
    void aFailurePastTheFirstPartOfAContentIsOneOfTheStorage() {
        String path = blobs.getFirst();
        byte[] content = new byte[9 << 20];
        files.upload("docker/registry/v2/" + path, content);
        Storage own = AzureStorage.open(
                AzureFiles.settings(SERVER.get(), container, ""),
                false,
                new AzureClient.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                BlobCopies.WAITING,
                new Calls(List.of()));
        assertThat(own.read(path, InputStream::readAllBytes)).contains(content);

        pastTheFirst(new Answer.Silence());
        assertThatThrownBy(() -> own.read(path, InputStream::readAllBytes))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessageStartingWith(
                        cannot("read", path) + ": " + SERVER.get().url() + " does not answer (tried 5");
        pastTheFirst(new Answer.Error(404, "BlobNotFound"));
        assertThatThrownBy(() -> own.read(path, InputStream::readAllBytes))
                .isInstanceOf(StorageException.class)
                .hasMessage(cannot("read", path) + ": its content ends early");
        own.close();
    }

    private static void pastTheFirst(Answer answer) {
        var first = new AtomicBoolean(true);
        SERVER.get()
                .faults(request -> request.operation().equals("GetBlob") && !first.getAndSet(false)
                        ? Optional.of(answer)
                        : Optional.empty());
    }

    @Test
    void theReasonThatKeepsABlobFromItsDeletionIsSaid() {
        files.lease("docker/registry/v2/" + blobs.get(0));
        files.keepSnapshot("docker/registry/v2/" + blobs.get(1));

        Map<String, StorageException> failed = storage.deleteAll(blobs.subList(0, 3), () -> true);

        assertThat(failed).containsOnlyKeys(blobs.get(0), blobs.get(1));
        assertThat(failed.get(blobs.get(0)))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage(cannot("delete", blobs.get(0))
                        + ": somebody has a lease on it (LeaseIdMissing): it stays until that is released");
        assertThat(failed.get(blobs.get(1)))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage(
                        cannot("delete", blobs.get(1)) + ": it has snapshots (SnapshotsPresent): delete those first");
        inBatch("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>BlobImmutableDueToPolicy</Code></Error>\r\n");
        assertThat(storage.deleteAll(blobs.subList(4, 5), () -> true).get(blobs.get(4)))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageEndingWith(": an immutability policy or a legal hold keeps it (BlobImmutableDueToPolicy)");
        inBatch("");
        assertThat(storage.deleteAll(blobs.subList(5, 6), () -> true).get(blobs.get(5)))
                .hasMessageContaining("does not say that it did");
    }

    private static void inBatch(String body) {
        all(
                request -> request.operation().equals("BlobBatch"),
                new Answer.Changed(batch -> batch.replaceFirst(
                        "(?s)HTTP/1.1 202 Accepted.*?\r\n\r\n",
                        "HTTP/1.1 409 Conflict\r\nx-ms-error-code: BlobImmutableDueToPolicy\r\n\r\n" + body)));
    }

    @Test
    void namesInTheOrderOfAHierarchicalNamespaceAreFoundOut() {
        all(
                request -> request.operation().equals("ListBlobs"),
                new Answer.Changed(body -> body.replaceFirst("(blobs/sha256/)[0-9a-f]{2}/</Name>", "$1zz/</Name>")));

        assertThatThrownBy(() -> storage.children("blobs/sha256"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessageContaining("An account with a hierarchical namespace lists names so")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aContainerWithoutARegistryIsRefused() {
        assertThatThrownBy(() -> open("elsewhere"))
                .hasMessage("azure://devstoreaccount1/" + container
                        + "/elsewhere has no blob below elsewhere/docker/registry/v2/: it is not the storage of a "
                        + "registry (accountname, container, rootdirectory)");
        String empty = container + "-2";
        AzureFiles.client(SERVER.get(), empty).create();
        AzureStorage.open(AzureFiles.settings(SERVER.get(), empty, ""), true, new Calls())
                .close();
        assertThatThrownBy(() -> AzureStorage.open(
                        AzureFiles.settings(SERVER.get(), "none-" + container, ""), true, new Calls()))
                .hasMessageContaining(
                        "there is no such container at " + SERVER.get().url());
    }

    @Test
    void aKeyThatIsNotTheAccountsIsSaid() {
        StorageSettings.Azure known = AzureFiles.settings(SERVER.get(), container, "");
        var other = new StorageSettings.Azure(
                known.account(), container, "", known.serviceUrl(), new Azure.SharedKey("c2VjcmV0"), false);

        assertThatThrownBy(() -> AzureStorage.open(other, false, new Calls()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("access denied");
        all(request -> true, new Answer.Error(403, "AuthenticationFailed"));
        assertThatThrownBy(() -> storage.children("blobs"))
                .hasMessageContaining("check accountname, accountkey and credentials");
    }

    @Test
    void anAccountThatLetsNobodyInFromHereIsSaid() {
        all(request -> true, new Answer.Error(403, "AuthorizationFailure"));

        assertThatThrownBy(() -> storage.children("blobs"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.settled()).isTrue())
                .hasMessageContaining(
                        "access denied (AuthorizationFailure): grant Storage Blob Data Reader on the container ");
        assertThat(storage.deleteAll(blobs.subList(0, 1), () -> true).values())
                .singleElement()
                .isInstanceOf(ForbiddenException.class);
        assertThat(SERVER.get().requests()).isEqualTo(Map.of("ListBlobs", 1L, "BlobBatch", 1L));
    }

    /** What is not listed holds nothing: what is no listing must not pass for one. */
    @Test
    void aListingThatIsNotWholeIsNone() {
        for (Answer answer : List.of(
                new Answer.Changed(body -> body.substring(0, body.length() / 2)),
                new Answer.Changed(body -> body.replaceAll("<Name>[^<]*</Name>", "<Name>other</Name>")))) {
            all(request -> request.operation().equals("ListBlobs"), answer);
            assertThatThrownBy(() -> storage.children("blobs/sha256"))
                    .as("children " + answer)
                    .isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> storage.listed("blobs"))
                    .as("listed " + answer)
                    .isInstanceOf(StorageException.class);
        }
    }
}
