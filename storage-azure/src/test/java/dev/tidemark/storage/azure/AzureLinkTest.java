package dev.tidemark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.storage.blob.models.BlobType;
import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryOnDisk;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Links as registries write them to a container, and as they are read and written here. */
class AzureLinkTest extends RegistryInContainer {

    /** Registries delete a link before they write it anew, and then append to what is empty. */
    @Test
    void aLinkThatIsNotThereOrEmptyIsReadAgain() {
        String link = Layout.currentLink("app", "latest");
        var left = new AtomicInteger(2);
        SERVER.get()
                .faults(request -> request.path().endsWith("/current/link") && left.getAndDecrement() > 0
                        ? Optional.of(new Answer.Error(404, "BlobNotFound"))
                        : Optional.empty());

        LinkFile read = LinkFile.at(storage, link);
        assertThat(read).isInstanceOf(LinkFile.Names.class);
        assertThat(LinkFile.at(storage, Layout.currentLink("app", "none"))).isEqualTo(new LinkFile.Absent());

        files.upload("docker/registry/v2/" + link, new byte[0]);
        var reads = new AtomicInteger();
        SERVER.get().faults(request -> {
            if (request.path().endsWith("/current/link") && reads.incrementAndGet() == 3) {
                files.upload(
                        "docker/registry/v2/" + link,
                        ((LinkFile.Names) read).digest().text());
            }
            return Optional.empty();
        });
        assertThat(LinkFile.at(storage, link)).isEqualTo(read);
    }

    /** What is appended to begins empty: a link is not written so where the registry reads it. */
    @Test
    void aLinkThatIsNotWrittenToItsEndIsNotThere() {
        Digest layer = Digest.parse(RegistryOnDisk.sha256(new byte[] {1}));
        String link = Layout.layerLink("app", layer);
        all(
                request -> Set.of("AppendBlock", "DeleteBlob", "BlobBatch").contains(request.operation()),
                new Answer.Error(403, "AuthorizationPermissionMismatch"));

        assertThatThrownBy(() -> storage.link(link, layer)).hasMessageContaining("access denied");

        assertThat(files.snapshot()).doesNotContainKey("docker/registry/v2/" + link);
        SERVER.get().faults(request -> Optional.empty());
        assertThat(storage.link(link, layer)).isTrue();
        assertThat(LinkFile.at(storage, link)).isEqualTo(new LinkFile.Names(layer));
        assertThat(files.type("docker/registry/v2/" + link)).isEqualTo(BlobType.APPEND_BLOB);
    }

    @Test
    void version2WritesNamesWithASlashBeforeThem() {
        String other = "registry-" + UUID.randomUUID();
        var older = new AzureFiles(SERVER.get(), other, "/");
        registry.snapshot().keySet().stream()
                .filter(path -> path.endsWith("link"))
                .forEach(path -> older.uploadBlock(registry, path));
        container = other;
        Storage opened = open("");
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

        new AzureFiles(SERVER.get(), other, "").upload("docker/registry/v2/blobs/sha256/aa/x/data", new byte[0]);
        assertThatThrownBy(() -> open("")).hasMessageContaining("holds two registries");
    }
}
