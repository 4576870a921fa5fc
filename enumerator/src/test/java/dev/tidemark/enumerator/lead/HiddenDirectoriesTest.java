package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Enumerates a storage with directories that can't be looked into: they are behind symbolic links out of the root, have
 * names that are no text in this locale, or are of an unknown digest algorithm.
 */
class HiddenDirectoriesTest extends EnumeratedRegistry {

    @Test
    void repositoriesBehindALinkOutOfTheRootMayNameAnyBlob() throws IOException {
        String orphan = registry.blob("orphan");
        Files.createDirectories(directory.resolve("outside/app/_manifests"));
        Files.createSymbolicLink(registry.base().resolve("repositories/outside"), directory.resolve("outside"));

        RunRecord.Enumerated enumerated = enumerate(path -> assertThat(path).doesNotContain("outside/"));

        assertThat(enumeration.blobs()).singleElement().satisfies(blob -> {
            assertThat(blob.digest().toString()).isEqualTo(orphan);
            assertThat(blob.pinned()).contains("symbolic link out of the root");
        });
        assertThat(enumerated.problems()).containsEntry(Problem.Kind.SYMBOLIC_LINK, 1L);
    }

    /** Images in a hidden directory are live for the registry, and nobody knows them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "_manifests",
                "_manifests/revisions",
                "_manifests/revisions/sha256",
                "_manifests/tags",
                "_layers",
                "_layers/sha256"
            })
    void aRepositorysOwnDirectoryBehindALinkOutOfTheRootFailsTheEnumeration(String own) throws IOException {
        app.tag("latest", app.image("image"));
        Path outside = directory.resolve("outside");
        Files.move(app.directory().resolve(own), outside);
        Files.createSymbolicLink(app.directory().resolve(own), outside);

        assertThatThrownBy(() -> enumerate(path -> {}))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageContaining("team/app/" + own)
                .hasMessageContaining("leads out of")
                .hasMessageContaining("mount");
    }

    @Test
    void aShardOfBlobsBehindALinkOutOfTheRootIsPassedOver() throws IOException {
        for (int i = 0; i < 40; i++) {
            registry.blob("blob" + i);
        }
        Path shard = registry.blobDirectory(registry.blob("outside")).getParent();
        long gone;
        try (Stream<Path> in = Files.list(shard)) {
            gone = in.count();
        }
        Files.move(shard, directory.resolve("outside"));
        Files.createSymbolicLink(shard, directory.resolve("outside"));

        RunRecord.Enumerated enumerated = enumerate(path -> {});

        assertThat(enumeration.blobs()).hasSize(41 - (int) gone);
        assertThat(enumerated.problems()).containsEntry(Problem.Kind.SYMBOLIC_LINK, 1L);
    }

    @Test
    void layerLinksOfAnUnknownAlgorithmKeepLayerLinks() {
        String image = app.image("image");
        RegistryOnDisk.write(app.directory().resolve("_layers/blake3/abcd/link"), new byte[] {1});

        enumerate(path -> {});

        assertThat(enumeration.layers())
                .isNotEmpty()
                .allSatisfy(layer -> assertThat(layer.pinned()).contains("unknown algorithm"));
        assertThat(enumeration.manifest(image).pinned()).isNull();
    }

    @Test
    void repositoriesInADirectoryWhoseNameIsNoTextMayNameAnyBlob() throws IOException {
        String orphan = registry.blob("orphan");
        Files.createDirectories(
                RegistryOnDisk.nameless(registry.base().resolve("repositories")).resolve("app/_manifests"));

        RunRecord.Enumerated enumerated = enumerate(path -> {});

        assertThat(enumeration.blobs()).singleElement().satisfies(blob -> {
            assertThat(blob.digest().toString()).isEqualTo(orphan);
            assertThat(blob.pinned()).contains("is no text");
        });
        assertThat(enumerated.problems()).containsEntry(Problem.Kind.INVALID_NAME, 1L);
    }

    @Test
    void aTagWhoseNameIsNoTextMayNameAnyManifestOfItsRepository() {
        String image = app.image("image");
        RegistryOnDisk.write(
                RegistryOnDisk.nameless(registry.base().resolve("repositories/team/app/_manifests/tags"))
                        .resolve("current/link"),
                image.getBytes(StandardCharsets.UTF_8));

        RunRecord.Enumerated enumerated = enumerate(path -> {});

        assertThat(enumeration.manifest(image).pinned()).isNotNull();
        assertThat(enumerated.problems()).containsEntry(Problem.Kind.UNREADABLE_TAG, 1L);
    }

    @Test
    void anAlgorithmWhoseNameIsNoTextIsAnUnknownOne() throws IOException {
        String image = app.image("image");
        Path directory = registry.base().resolve("repositories/team/app");
        Files.createDirectories(RegistryOnDisk.nameless(directory.resolve("_manifests/revisions"))
                .resolve("digest"));
        Files.createDirectories(
                RegistryOnDisk.nameless(directory.resolve("_layers")).resolve("digest"));
        Files.createDirectories(
                RegistryOnDisk.nameless(registry.base().resolve("blobs")).resolve("shard"));

        RunRecord.Enumerated enumerated = enumerate(path -> {});

        assertThat(enumeration.manifest(image).pinned()).contains("unknown algorithm");
        assertThat(enumeration.layers())
                .isNotEmpty()
                .allSatisfy(layer -> assertThat(layer.pinned()).contains("unknown algorithm"));
        assertThat(enumerated.problems()).containsExactly(entry(Problem.Kind.UNKNOWN_ALGORITHM, 3L));
    }

    @Test
    void aDirectoryThatNoAlgorithmCanBeCalledKeepsNothing() throws IOException {
        String image = app.image("image");
        Path directory = registry.base().resolve("repositories/team/app");
        for (Path beside : List.of(
                directory.resolve("_manifests/revisions"),
                directory.resolve("_layers"),
                registry.base().resolve("blobs"))) {
            Files.createDirectories(beside.resolve("@eaDir/link@SynoEAStream"));
        }

        RunRecord.Enumerated enumerated = enumerate(path -> {});

        assertThat(enumeration.manifest(image).pinned()).isNull();
        assertThat(enumeration.layers())
                .isNotEmpty()
                .allSatisfy(layer -> assertThat(layer.pinned()).isNull());
        assertThat(enumerated.problems()).containsExactly(entry(Problem.Kind.STRAY, 3L));
    }
}
