package dev.tidemark.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The real registry and Tidemark on the same storage. */
abstract class RealRegistry {

    @TempDir
    Path directory;

    Path root;
    Tidemark tidemark;

    @BeforeEach
    void theRealRegistryIsInstalled() throws Exception {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        root = Files.createDirectories(directory.resolve("registry"));
        tidemark = new Tidemark(directory.resolve("home"));
    }

    /** 2.8 has no way to delete a tag alone, so it is removed as registry 3 would. */
    void untag(String repository, String tag) {
        RegistryOnDisk.remove(root.resolve("docker/registry/v2/repositories")
                .resolve(repository)
                .resolve("_manifests/tags")
                .resolve(tag));
    }

    static String index(String... manifests) {
        StringBuilder list = new StringBuilder();
        for (String manifest : manifests) {
            list.append(list.isEmpty() ? "" : ",")
                    .append(RegistryOnDisk.descriptor(RegistryOnDisk.DOCKER_IMAGE, manifest));
        }
        return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(RegistryOnDisk.OCI_INDEX, list);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
