package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Files, directories and symbolic links as they are found in a registry's storage, beside its own. */
class FieldFilesIT extends FieldRegistry {

    @Test
    void strayAndTemporaryFilesAreLeftAlone() {
        String image = tagged(app.image("x"));
        Set<Path> strays = Set.of(
                registry.base().resolve("README"),
                registry.base().resolve("blobs/.tmp"),
                registry.base().resolve("blobs/sha256/.DS_Store"),
                registry.base().resolve("blobs/sha256/ab/tmp123"),
                registry.base().resolve("blobs/sha256/zz/x/data"),
                registry.base().resolve("repositories/.nfs1"),
                app.directory().resolve("stray"),
                app.directory().resolve("_manifests/stray"),
                app.directory().resolve("_manifests/revisions/sha256/stray"),
                app.directory().resolve("_manifests/revisions/stray"),
                app.directory().resolve("_manifests/tags/stray"),
                app.directory().resolve("_layers/stray"),
                app.directory().resolve("_layers/sha256/stray"),
                app.directory().resolve("_layers/sha256/nothex/link"),
                registry.blobDirectory(image).resolve("data.tmp"),
                RegistryOnDisk.nameless(registry.base().resolve("repositories")),
                RegistryOnDisk.nameless(app.directory().resolve("_manifests/tags")),
                RegistryOnDisk.nameless(registry.base().resolve("blobs/sha256")),
                RegistryOnDisk.nameless(app.directory().resolve("_layers/sha256")));
        strays.forEach(stray -> RegistryOnDisk.write(stray, ANYTHING));

        collect();

        assertThat(strays).allSatisfy(stray -> assertThat(stray).exists());
        assertKept(image);
    }

    @Test
    void emptyDirectoriesAreLeftAlone() throws IOException {
        Files.createDirectories(registry.base().resolve("repositories/empty/deeper"));
        Files.createDirectories(app.directory().resolve("_layers"));
        Files.createDirectories(app.directory().resolve("_manifests/revisions/sha256"));
        Files.createDirectories(app.directory().resolve("_manifests/tags/empty"));
        Files.createDirectories(registry.base().resolve("blobs/sha256/ff"));

        collect();

        assertThat(app.directory().resolve("_manifests/tags/empty")).exists();
    }

    @Test
    void directoriesWithoutTheirFileAreNoBlobsAndNoLinks() throws IOException {
        String digest = RegistryOnDisk.sha256(ANYTHING);
        Files.createDirectories(registry.blobDirectory(digest));
        Files.createDirectories(app.revision(digest).getParent());
        Files.createDirectories(app.layerPath(digest).getParent());

        collect();

        assertThat(registry.blobDirectory(digest)).exists();
        assertThat(problems()).containsEntry("digest directories without their file", 3L);
    }

    @Test
    void aBlobThatHasLostItsBytesIsReportedAndKept() throws IOException {
        String nothing = app.layer("");
        String layer = app.layer("layer");
        app.tag("emptied", app.image(RegistryOnDisk.DOCKER_IMAGE, nothing, layer));
        Files.write(registry.data(layer), new byte[0]);

        collect();

        assertKept(layer, nothing);
        assertThat(problems()).containsEntry("blobs that have lost their bytes", 1L);
    }

    @Test
    void namesThatAreNoValidRepositoryAreLeftAlone() {
        var invalid = registry.repo("Not_Valid");
        String image = invalid.image("x");
        String layer = invalid.layer("layer");

        collect();

        assertKept(image, layer);
        assertThat(invalid.revision(image)).exists();
        assertThat(invalid.layerPath(layer)).exists();
        assertThat(problems()).containsEntry("names that are no valid repository", 1L);
    }

    @Test
    void unknownAlgorithmsKeepWhatIsBesideThem() {
        String image = app.image("untagged");
        RegistryOnDisk.write(app.directory().resolve("_layers/tarsum/v1/sha256/abcd/link"), ANYTHING);
        RegistryOnDisk.write(registry.base().resolve("blobs/blake3/ab/abcd/data"), ANYTHING);

        collect();

        assertThat(registry.base().resolve("blobs/blake3/ab/abcd/data")).exists();
        assertThat(app.directory().resolve("_layers/tarsum/v1/sha256/abcd/link"))
                .exists();
        assertThat(registry.blobs())
                .contains(RegistryOnDisk.sha256("untagged, layer 1".getBytes(StandardCharsets.UTF_8)));
        assertThat(result.manifests()).contains("team/app@" + image);
    }

    @Test
    void linksOutOfTheRootAreNeverFollowed() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Path precious = outside.resolve("precious");
        Files.write(precious, ANYTHING);
        String layer = app.layer("unreferenced");
        String blob = RegistryOnDisk.sha256("elsewhere".getBytes(StandardCharsets.UTF_8));
        Files.write(Files.createDirectories(outside.resolve("blob")).resolve("data"), ANYTHING);
        Files.createDirectories(registry.blobDirectory(blob).getParent());
        Files.createSymbolicLink(registry.blobDirectory(blob), outside.resolve("blob"));
        RegistryOnDisk.remove(app.layerPath(layer).getParent());
        Files.write(Files.createDirectories(outside.resolve("layer")).resolve("link"), ANYTHING);
        Files.createSymbolicLink(app.layerPath(layer).getParent(), outside.resolve("layer"));
        Files.createSymbolicLink(app.directory().resolve("file"), precious);
        Files.createSymbolicLink(app.directory().resolve("gone"), outside.resolve("gone"));
        Path plainFiles = Files.createDirectories(directory.resolve("plain-files"));
        Files.write(plainFiles.resolve("file"), ANYTHING);
        Files.createSymbolicLink(registry.base().resolve("repositories/plain-files"), plainFiles);

        collect();

        assertThat(precious).exists();
        assertThat(outside.resolve("blob/data")).exists();
        assertThat(outside.resolve("layer/link")).exists();
        assertThat(plainFiles.resolve("file")).exists();
        assertThat(registry.blobs()).contains(layer);
    }

    @Test
    void linksInTheRootAreFollowedAndNeverDeletedThrough() throws IOException {
        String image = app.image("behind a tag that is a link");
        app.tag("v1", image);
        Files.createSymbolicLink(app.directory().resolve("_manifests/tags/latest"), Path.of("v1"));
        Path attic = Files.createDirectories(registry.root().resolve("attic"));
        var moved = registry.repo("moved");
        String kept = moved.image("moved");
        moved.tag("latest", kept);
        String untagged = moved.image("untagged");
        Files.move(moved.directory(), attic.resolve("moved"));
        Files.createSymbolicLink(moved.directory(), attic.resolve("moved"));
        Files.createSymbolicLink(
                registry.base().resolve("repositories/loop"), registry.base().resolve("repositories"));
        Files.createSymbolicLink(attic.resolve("moved/loop"), attic.resolve("moved"));

        result = tidemark()
                .collect(
                        "-m",
                        "--min-age",
                        "0",
                        "--max-delete",
                        "100",
                        "--format",
                        "json",
                        registry.root().toString());

        assertKept(image, kept);
        assertThat(result.manifests()).contains("moved@" + untagged);
        assertThat(moved.revision(untagged)).exists();
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(registry.blobs()).contains(untagged);
        RegistryOnDisk.remove(attic);
        Files.delete(moved.directory());
        aRegistryWithALiveImageAndSomeGarbage();
        collect();
    }

    @Test
    void filesOfAnotherUserAreReadIfTheyMayBeReadAndElseKeepTheirRepository() throws Exception {
        assumeTrue(Files.getOwner(directory).getName().equals("root"), "needs root, to make files that others own");
        String image = app.image("private");
        String child = app.image("child");
        String index = app.index(child);
        app.tag("latest", index);
        for (String digest : new String[] {image, index}) {
            Files.setOwner(
                    registry.data(digest),
                    registry.base()
                            .getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("nobody"));
        }

        collect();

        assertKept(index, child);
        assertThat(registry.blobs()).doesNotContain(image);
    }
}
