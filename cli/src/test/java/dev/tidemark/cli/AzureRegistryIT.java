package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.common.StorageSharedKeyCredential;
import dev.tidemark.testkit.AzureServer;
import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real registry of version 3, that keeps its data in a container of Azure, and Tidemark beside it. */
class AzureRegistryIT extends BucketRegistryIT {

    /** Debian's registry of version 2.8 has no driver for Azure. */
    private static final String REGISTRY = "registry3";

    private static final String CONTAINER = "images";
    private static final int BUILDS = 4;

    private AzureServer server;
    private BlobContainerClient container;
    private String storage;

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
        Map<String, String> images = pulled();
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
        assertThat(pulled()).isEqualTo(images);
        assertThat(DockerCollector.eligibleBlobs(REGISTRY, directory, storage, true))
                .isEmpty();
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

    @Override
    Map<String, String> pulled() {
        try (var registry = DockerRegistry.serve(REGISTRY, directory, storage, "")) {
            return pulled(registry, List.of("team/app:latest", "team/app:v0", "other:v0", "other:v" + (BUILDS - 1)));
        }
    }

    @Override
    Set<String> untagged() {
        return DockerCollector.eligibleBlobs(REGISTRY, directory, storage, true);
    }

    @Override
    Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        blobs().forEach(name -> contents.put(
                name,
                RegistryOnDisk.sha256(
                        container.getBlobClient(name).downloadContent().toBytes())));
        return contents;
    }

    private Set<String> blobs() {
        Set<String> blobs = all();
        blobs.removeIf(name -> !name.contains("docker/registry/v2/"));
        return blobs;
    }

    @Override
    Set<String> all() {
        return container.listBlobs().stream().map(BlobItem::getName).collect(Collectors.toCollection(TreeSet::new));
    }
}
