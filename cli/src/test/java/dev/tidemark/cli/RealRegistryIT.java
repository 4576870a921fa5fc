package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Side by side with the real registry, on the same storage. */
class RealRegistryIT extends RealRegistry {

    @Test
    void aRunFindsTheSameBlobsAsTheReference() {
        try (var registry = DockerRegistry.serve(directory, root)) {
            for (int app = 0; app < 4; app++) {
                String repository = app % 2 == 0 ? "team/app" + app : "app" + app;
                for (int build = 0; build < 5; build++) {
                    String digest = registry.pushImage(
                            repository,
                            "latest",
                            "config " + app + build,
                            "base",
                            "shared " + app % 2,
                            "layer " + app + build);
                    if (build % 2 == 0) {
                        registry.pushManifest(
                                repository,
                                "v" + build,
                                RegistryOnDisk.DOCKER_IMAGE,
                                text(registry.manifest(repository, digest).orElseThrow()));
                    } else if (build == 3) {
                        registry.deleteManifest(repository, digest);
                    }
                }
                registry.pushBlob(repository, ("never used " + app).getBytes(StandardCharsets.UTF_8));
            }
        }

        for (boolean deleteUntagged : new boolean[] {false, true}) {
            Set<String> reference = DockerCollector.eligibleBlobs(directory, root, deleteUntagged);
            Tidemark.Result ours = deleteUntagged
                    ? tidemark.collect("--dry-run", "--delete-untagged", "--min-age", "0", root.toString())
                    : tidemark.collect("--dry-run", "--min-age", "0", root.toString());

            assertThat(reference).isNotEmpty();
            assertThat(ours.blobs()).isEqualTo(reference);
        }
    }

    /** The registry has no referrers API: what is pushed by its digest alone, no tag names. */
    @Test
    void aReferrerOfALiveImageIsPulledAfterwardsAndThatOfADeadOneIsGone() {
        String live;
        String dead;
        String signature;
        String signatureOfDead;
        try (var registry = DockerRegistry.serve(directory, root)) {
            live = registry.pushImage("app", "v1", "config", "layer");
            dead = registry.pushImage("app", "v2", "config of v2", "layer of v2");
            signature = pushSignature(registry, live);
            signatureOfDead = pushSignature(registry, dead);
            registry.pushImage("app", "v2", "config of v2, again", "layer of v2");
        }

        Tidemark.Result swept = tidemark.collect("-m", "--min-age", "0", "--keep-trash", "off", root.toString());

        assertThat(swept.exitCode()).as(swept.err()).isZero();
        try (var registry = DockerRegistry.serve(directory, root)) {
            assertThat(registry.manifest("app", "v1")).isPresent();
            assertThat(registry.manifest("app", signature)).isPresent();
            assertThat(registry.blob("app", RegistryOnDisk.sha256(envelope(live))))
                    .isPresent();
            for (String gone : List.of(dead, signatureOfDead)) {
                assertThat(registry.manifest("app", gone)).isEmpty();
            }
            assertThat(registry.blob("app", RegistryOnDisk.sha256(envelope(dead))))
                    .isEmpty();
        }
    }

    private static String pushSignature(DockerRegistry registry, String of) {
        String config = registry.pushBlob("app", "{}".getBytes(StandardCharsets.UTF_8));
        String layer = registry.pushBlob("app", envelope(of));
        String manifest = ("{\"schemaVersion\":2,\"mediaType\":\"%s\","
                        + "\"artifactType\":\"application/vnd.cncf.notary.signature\",\"config\":%s,\"layers\":[%s],"
                        + "\"subject\":%s}")
                .formatted(
                        RegistryOnDisk.OCI_IMAGE,
                        RegistryOnDisk.descriptor("application/vnd.oci.empty.v1+json", config, 2),
                        RegistryOnDisk.descriptor("application/jose+json", layer, envelope(of).length),
                        RegistryOnDisk.descriptor(RegistryOnDisk.DOCKER_IMAGE, of));
        String digest = RegistryOnDisk.sha256(manifest.getBytes(StandardCharsets.UTF_8));
        return registry.pushManifest("app", digest, RegistryOnDisk.OCI_IMAGE, manifest);
    }

    private static byte[] envelope(String of) {
        return ("an envelope for " + of).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everythingThatIsTaggedCanBePulledAfterASweep() {
        Map<String, byte[]> before = new HashMap<>();
        Set<String> tagged = Set.of("multi:latest", "multi:old", "nested:latest", "app:v1", "app:sha512");
        try (var registry = DockerRegistry.serve(directory, root)) {
            String amd64 = registry.pushImage("multi", "amd64", "amd64", "base", "amd64 layer");
            String arm64 = registry.pushImage("multi", "arm64", "arm64", "base", "arm64 layer");
            String index = index(amd64, arm64);
            registry.pushManifest("multi", "latest", RegistryOnDisk.OCI_INDEX, index);
            registry.pushManifest("multi", "old", RegistryOnDisk.OCI_INDEX, index(amd64));
            untag("multi", "amd64");
            untag("multi", "arm64");
            String inner = registry.pushImage("nested", "inner", "inner config", "base", "inner layer");
            String middle = registry.pushManifest("nested", "middle", RegistryOnDisk.OCI_INDEX, index(inner));
            registry.pushManifest("nested", "latest", RegistryOnDisk.OCI_INDEX, index(middle));
            untag("nested", "inner");
            untag("nested", "middle");
            registry.pushImage("app", "v1", "app config", "base", "replaced");
            registry.pushImage("app", "v1", "app config", "base", "app layer");
            registry.mountBlob("elsewhere", RegistryOnDisk.sha256("replaced".getBytes(StandardCharsets.UTF_8)), "app");
            byte[] bytes = "pushed by its sha512".getBytes(StandardCharsets.UTF_8);
            String alias = registry.pushBlob("app", bytes, RegistryOnDisk.sha512(bytes));
            String config = registry.pushBlob("app", "{}".getBytes(StandardCharsets.UTF_8));
            registry.pushManifest(
                    "app",
                    "sha512",
                    RegistryOnDisk.OCI_IMAGE,
                    ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":"
                                    + "\"application/vnd.oci.image.config.v1+json\",\"size\":2,\"digest\":\"%s\"},"
                                    + "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","
                                    + "\"size\":%d,\"digest\":\"%s\"}]}")
                            .formatted(RegistryOnDisk.OCI_IMAGE, config, bytes.length, alias));
            tagged.forEach(reference -> before.putAll(Pulled.of(registry, reference)));
        }

        Tidemark.Result result = tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", root.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.blobs()).contains(RegistryOnDisk.sha256("replaced".getBytes(StandardCharsets.UTF_8)));
        try (var registry = DockerRegistry.serve(directory, root)) {
            Map<String, byte[]> after = new HashMap<>();
            tagged.forEach(reference -> after.putAll(Pulled.of(registry, reference)));
            assertThat(after.keySet()).isEqualTo(before.keySet());
            assertThat(after)
                    .allSatisfy((name, bytes) -> assertThat(bytes).as(name).isEqualTo(before.get(name)));
            String again = registry.pushImage("app", "v2", "app config", "base", "replaced");
            assertThat(registry.manifest("app", again)).isPresent();
            assertThat(registry.blob("app", RegistryOnDisk.sha256("replaced".getBytes(StandardCharsets.UTF_8))))
                    .isPresent();
        }
    }
}
