package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.common.StorageSharedKeyCredential;
import dev.tidemark.schemas.Digest;
import dev.tidemark.testkit.AzureServer;
import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real registry of version 3, that keeps its data in a container of Azure, and Tidemark beside it. */
class AzureRegistryIT {

    /** Debian's registry of version 2.8 has no driver for Azure. */
    private static final String REGISTRY = "registry3";

    private static final String CONTAINER = "images";
    private static final int BUILDS = 4;

    @TempDir
    private Path directory;

    private AzureServer server;
    private BlobContainerClient container;
    private String storage;
    private Tidemark tidemark;
    private String config;

    @BeforeEach
    void aRegistryWithGarbage() {
        assumeTrue(AzureServer.installed(), "azurite-blob is not installed: skipped");
        assumeTrue(DockerRegistry.onPath(REGISTRY), "registry3 is not installed: skipped");
        server = AzureServer.start(directory);
        container = new BlobContainerClientBuilder()
                .endpoint(server.directUrl())
                .containerName(CONTAINER)
                .credential(new StorageSharedKeyCredential(AzureServer.ACCOUNT, AzureServer.KEY))
                .buildClient();
        container.create();
        storage = server.storage(CONTAINER, "/some/where");
        try (var registry = DockerRegistry.serve(REGISTRY, directory, storage, "")) {
            for (int build = 0; build < BUILDS; build++) {
                String digest = registry.pushImage("team/app", "latest", "config " + build, "base", "layer " + build);
                if (build == 0) {
                    registry.pushManifest(
                            "team/app", "v0", RegistryOnDisk.DOCKER_IMAGE, text(registry.manifest("team/app", digest)));
                }
                registry.pushImage("other", "v" + build, "other config " + build, "base", "other layer " + build);
            }
            registry.pushBlob("other", "never used".getBytes(StandardCharsets.UTF_8));
        }
        awaitNextSecond();
        tidemark = new Tidemark(directory.resolve("home"));
        config = RegistryConfigFile.write(directory, storage, 0).toString();
    }

    /** Azure says the time to the second: what is written now counts as young until the next one has passed. */
    private static void awaitNextSecond() {
        Instant next = Instant.now().plus(Duration.ofSeconds(2));
        while (Instant.now().isBefore(next)) {
            LockSupport.parkNanos(Duration.between(Instant.now(), next).toNanos());
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aRunFindsTheSameAsTheReferenceAndItsSweepLeavesAllThatIsTagged() {
        Set<String> plain = DockerCollector.eligibleBlobs(REGISTRY, directory, storage, false);
        Set<String> untagged = DockerCollector.eligibleBlobs(REGISTRY, directory, storage, true);
        Set<String> before = blobs();
        Map<String, byte[]> images = pulled();
        assertThat(plain).isNotEmpty();
        assertThat(untagged).hasSizeGreaterThan(plain.size());

        server.forgetRequests();
        assertThat(collect("--dry-run").blobs()).isEqualTo(plain);
        assertThat(server.requests())
                .as("a dry run lists, and reads")
                .containsOnlyKeys("ListBlobs", "GetBlob", "GetBlobProperties");
        assertThat(collect("--dry-run", "-m").blobs()).isEqualTo(untagged);
        assertThat(blobs()).isEqualTo(before);

        Tidemark.Result swept = collect("-m", "--max-delete", "100");

        assertThat(swept.blobs()).isEqualTo(untagged);
        assertThat(server.requests()).containsKey("BlobBatch").doesNotContainKey("DeleteBlob");
        before.removeAll(blobs());
        assertThat(before)
                .as("only what was eligible is gone")
                .allMatch(name -> Stream.of(untagged, swept.manifests(), swept.layers())
                        .flatMap(Set::stream)
                        .anyMatch(gone -> name.contains(gone.substring(gone.indexOf("sha256:") + "sha256:".length()))));
        assertThat(collect("-m").plan()).isEmpty();
        Map<String, byte[]> after = pulled();
        assertThat(after.keySet()).isEqualTo(images.keySet());
        assertThat(after).allSatisfy((name, bytes) -> assertThat(bytes).as(name).isEqualTo(images.get(name)));
        assertThat(DockerCollector.eligibleBlobs(REGISTRY, directory, storage, true))
                .isEmpty();
    }

    @Test
    void whereATrashIsAskedForNothingIsSwept() {
        Set<String> before = blobs();

        Tidemark.Result asked =
                tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", "--keep-trash", "1h", config);
        assertThat(asked.exitCode()).as(asked.err()).isEqualTo(1);
        assertThat(asked.err()).contains("this kind of storage has none", "--keep-trash off");
        assertThat(blobs()).isEqualTo(before);
        Tidemark.Result listed = Tidemark.run("trash", "list", config);
        assertThat(listed.exitCode()).isEqualTo(2);
        assertThat(listed.err())
                .isEqualTo("tidemark: azure://devstoreaccount1/images/some/where: this kind of storage has no trash\n");
        assertThat(collect("-m", "--dry-run").out()).contains("This storage has no trash");
    }

    @Test
    void aRunThatCannotSeeAllDeletesNothing() {
        Set<String> before = blobs();
        for (Answer answer : List.of(
                new Answer.Error(403, "AuthorizationPermissionMismatch"),
                new Answer.Error(403, "AuthenticationFailed"),
                new Answer.Changed(body -> body.substring(0, body.length() / 2)))) {
            server.faults(request -> request.operation().equals("ListBlobs")
                            && String.valueOf(request.parameter("prefix")).contains("/other/_layers")
                    ? Optional.of(answer)
                    : Optional.empty());

            Tidemark.Result result = tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", config);

            assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("azure://devstoreaccount1/images/");
            assertThat(blobs()).isEqualTo(before);
        }
    }

    private Tidemark.Result collect(String... options) {
        Tidemark.Result result = tidemark.collect(Stream.concat(Stream.of(options), Stream.of("--min-age", "0", config))
                .toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    /** The manifests of all tags, and what they name. */
    private Map<String, byte[]> pulled() {
        Map<String, byte[]> all = new HashMap<>();
        try (var registry = DockerRegistry.serve(REGISTRY, directory, storage, "")) {
            for (String name : List.of("team/app:latest", "team/app:v0", "other:v0", "other:v" + (BUILDS - 1))) {
                String repository = name.substring(0, name.indexOf(':'));
                String manifest = text(registry.manifest(repository, name.substring(name.indexOf(':') + 1)));
                all.put(name, manifest.getBytes(StandardCharsets.UTF_8));
                for (String word : manifest.split("\"")) {
                    Digest.tryParse(word)
                            .ifPresent(digest -> all.put(
                                    name + " " + digest,
                                    registry.blob(repository, digest.toString()).orElseThrow()));
                }
            }
        }
        return all;
    }

    private static String text(Optional<byte[]> manifest) {
        return new String(manifest.orElseThrow(), StandardCharsets.UTF_8);
    }

    private Set<String> blobs() {
        return container.listBlobs().stream().map(BlobItem::getName).collect(Collectors.toCollection(TreeSet::new));
    }
}
