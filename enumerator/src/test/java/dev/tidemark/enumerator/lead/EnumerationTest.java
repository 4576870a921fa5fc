package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Enumerates a storage that changes, or fails, while it is read. */
class EnumerationTest extends EnumeratedRegistry {

    @Test
    void aRegistryIsPublishedAsItIs() {
        String image = app.image("image");
        String was = app.image("was");
        app.tag("v1", was).tag("v1", image).tag("latest", image);

        RunRecord.Enumerated enumerated = enumerate(path -> {});

        assertThat(enumeration.manifest(image).tags()).containsExactlyInAnyOrder("v1", "latest");
        assertThat(enumeration.manifest(image).references()).hasSize(3);
        assertThat(enumeration.manifest(image).mediaType()).isEqualTo(RegistryOnDisk.DOCKER_IMAGE);
        assertThat(enumeration.manifest(image).size()).isPositive();
        assertThat(enumeration.manifest(was).tags()).isEmpty();
        assertThat(enumeration.manifest(was).history()).containsExactly("v1");
        assertThat(enumeration.layers())
                .hasSize(6)
                .allSatisfy(layer -> assertThat(layer.pinned()).isNull());
        assertThat(enumeration.blobs()).hasSize(8);
        assertThat(enumerated)
                .returns(1L, RunRecord.Enumerated::repositories)
                .returns(2L, RunRecord.Enumerated::manifests)
                .returns(2L, RunRecord.Enumerated::tags)
                .returns(6L, RunRecord.Enumerated::layerLinks)
                .returns(8L, RunRecord.Enumerated::blobs);
        assertThat(enumerated.problems()).isEmpty();
        assertThat(enumeration.repositories()).singleElement().returns(2L, RepositoryRecord::manifests);
    }

    @Test
    void aRevisionThatVanishesCostsNothingElse() {
        String vanishing = app.image("vanishing");
        String other = app.image("other");
        app.tag("latest", other);

        enumerate(path -> {
            if (path.endsWith("revisions/sha256/" + RegistryOnDisk.hex(vanishing) + "/link")
                    && Files.exists(app.revision(vanishing))) {
                RegistryOnDisk.remove(app.revision(vanishing));
            }
        });

        assertThat(enumeration.manifests())
                .extracting(m -> m.digest().toString())
                .containsExactly(other);
        assertThat(enumeration.manifest(other).references()).hasSize(3);
        assertThat(enumeration.layers()).hasSize(6);
    }

    @Test
    void aTagThatVanishesIsNoTag() {
        String image = app.image("image");
        app.tag("gone", image).tag("kept", image);

        enumerate(path -> {
            if (path.equals("open repositories/team/app/_manifests/tags/gone/current/link")
                    && Files.exists(app.currentLink("gone"))) {
                RegistryOnDisk.remove(app.currentLink("gone"));
            }
        });

        assertThat(enumeration.manifest(image).tags()).containsExactly("kept");
    }

    @Test
    void aTagThatIsBeingRewrittenIsReadAgain() {
        String image = app.image("image");
        app.tag("latest", image);
        RegistryOnDisk.write(app.currentLink("latest"), new byte[0]);
        var reads = new int[1];

        RunRecord.Enumerated enumerated = enumerate(path -> {
            if (path.equals("open repositories/team/app/_manifests/tags/latest/current/link") && ++reads[0] == 3) {
                RegistryOnDisk.write(app.currentLink("latest"), image.getBytes(StandardCharsets.UTF_8));
            }
        });

        assertThat(enumeration.manifest(image).tags()).containsExactly("latest");
        assertThat(enumerated.problems()).isEmpty();
    }

    @Test
    void aManifestPushedAndTaggedAfterTheRevisionsWereListedIsFound() {
        String first = app.image("first");
        app.tag("latest", first);
        String[] second = new String[1];

        enumerate(path -> {
            if (path.equals("list repositories/team/app/_manifests/tags") && second[0] == null) {
                second[0] = app.image("second");
                app.tag("latest", second[0]);
            }
        });

        assertThat(enumeration.manifest(second[0]).tags()).containsExactly("latest");
        assertThat(enumeration.manifest(second[0]).references()).hasSize(3);
    }

    @Test
    void aRepositoryThatComesDuringTheWalkIsRead() {
        app.image("image");
        var pushed = new AtomicBoolean();

        enumerate(path -> {
            if (path.startsWith("list blobs/sha256/") && pushed.compareAndSet(false, true)) {
                registry.repo("late").image("late");
            }
        });

        assertThat(enumeration.repositories())
                .extracting(RepositoryRecord::repository)
                .contains("late");
    }

    /** As for an enumerator that has another registry's storage before it. */
    @Test
    void aRepositoryThatIsNotThereAnyMoreFailsTheEnumeration() {
        app.tag("latest", app.image("image"));
        var removed = new AtomicBoolean();

        assertThatThrownBy(() -> enumerate(path -> {
                    if (path.startsWith("list blobs/sha256/") && removed.compareAndSet(false, true)) {
                        RegistryOnDisk.remove(app.directory());
                    }
                }))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the repository team/app was found, and is not in " + registry.root());
    }

    @Test
    void aRepositoryWithNothingInItIsThere() throws IOException {
        Files.createDirectories(app.directory().resolve("_uploads"));

        enumerate(path -> {});

        assertThat(enumeration.repositories()).singleElement().returns("team/app", RepositoryRecord::repository);
    }

    @Test
    void aManifestThatMayNotBeReadKeepsEverythingInItsRepository() {
        String secret = app.image("secret");
        String beside = app.image("beside");
        String elsewhere = registry.repo("other").image("elsewhere");

        RunRecord.Enumerated enumerated = enumerate(path -> {
            if (path.equals(
                    "open blobs/sha256/" + secret.substring(7, 9) + "/" + RegistryOnDisk.hex(secret) + "/data")) {
                throw new ForbiddenException("permission denied");
            }
        });

        assertThat(enumeration.manifest(secret).pinned()).isNotNull();
        assertThat(enumeration.manifest(beside).pinned()).isNotNull();
        assertThat(enumeration.manifest(elsewhere).pinned()).isNull();
        assertThat(Held.only(Layer.class, enumeration.published()))
                .hasSize(9)
                .allSatisfy(layer -> assertThat(layer.entry().pinned() != null)
                        .isEqualTo(layer.repository().equals("team/app")));
        assertThat(enumerated.problems()).containsEntry(Problem.Kind.UNREADABLE_MANIFEST, 1L);
    }

    @Test
    void aStorageThatDoesNotAnswerFailsTheEnumeration() {
        String image = app.image("image");
        app.tag("latest", image);

        for (String trouble : List.of(
                "list repositories",
                "list repositories/team/app/_manifests/revisions/sha256",
                "list repositories/team/app/_manifests/tags",
                "open repositories/team/app/_manifests/tags/latest/current/link",
                "list repositories/team/app/_layers/sha256",
                "list blobs",
                "open blobs/sha256/" + image.substring(7, 9) + "/" + RegistryOnDisk.hex(image) + "/data")) {
            assertThatThrownBy(() -> enumerate(path -> {
                        if (path.equals(trouble)) {
                            throw new StorageException("input/output error");
                        }
                    }))
                    .as(trouble)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("input/output error");
        }
    }

    @Test
    void aListingThatIsForbiddenFailsTheEnumeration() {
        app.image("image");

        assertThatThrownBy(() -> enumerate(path -> {
                    if (path.equals("list repositories/team/app/_layers/sha256")) {
                        throw new ForbiddenException("permission denied");
                    }
                }))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("permission denied");
    }

    /** Signatures are blobs: a list that is cut short would delete some. */
    @Test
    void signaturesThatMayNotBeListedFailTheEnumeration() {
        String signed =
                app.manifest(("{\"schemaVersion\":1,\"name\":\"team/app\",\"tag\":\"old\",\"fsLayers\":[{\"blobSum\":"
                                + "\"%s\"}],\"history\":[]}")
                        .formatted(app.layer("old")));
        String signatures =
                "repositories/team/app/_manifests/revisions/sha256/" + RegistryOnDisk.hex(signed) + "/signatures";

        assertThatThrownBy(() -> enumerate(path -> {
                    if (path.equals("list " + signatures)) {
                        throw new ForbiddenException("permission denied");
                    }
                }))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageContaining("permission denied");
    }
}
