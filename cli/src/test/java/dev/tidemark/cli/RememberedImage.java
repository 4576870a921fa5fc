package dev.tidemark.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image is pushed to the real registry, deleted, swept, and pushed again by a client that asks what is there, and
 * uploads only what is not. The registry remembers blobs in one cache or another.
 */
abstract class RememberedImage {

    static final String REPOSITORY = "team/app";
    static final List<String> PARTS = List.of("config", "one layer", "another layer");

    @TempDir
    Path directory;

    Path root;
    Tidemark tidemark;

    @BeforeEach
    void theRealRegistryIsInstalled() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        root = Files.createDirectories(directory.resolve("registry"));
        tidemark = new Tidemark(directory.resolve("home"));
    }

    Tidemark.Result collect(DockerRegistry registry, String... options) {
        return tidemark.collect(Stream.concat(
                        Stream.of(
                                "--delete-untagged",
                                "--min-age",
                                "0",
                                "--max-delete",
                                "100",
                                "--settle",
                                "0s",
                                "--format",
                                "json"),
                        Stream.concat(
                                Stream.of(options), Stream.of(registry.config().toString())))
                .toArray(String[]::new));
    }

    /** The manifest of an image that is pushed and deleted again. */
    static String pushAndDelete(DockerRegistry registry) {
        // A registry without any manifest is refused.
        registry.pushImage("kept", "latest", "kept config", "kept layer");
        String digest = registry.pushImage(REPOSITORY, "v1", PARTS.get(0), PARTS.get(1), PARTS.get(2));
        String manifest = text(registry.manifest(REPOSITORY, digest).orElseThrow());
        registry.deleteManifest(REPOSITORY, digest);
        return manifest;
    }

    /** Pushes the image as a client does. Returns what it has uploaded. */
    static List<String> push(DockerRegistry registry, String manifest) {
        List<String> missing = PARTS.stream()
                .filter(part -> !registry.has(REPOSITORY, digest(part)))
                .toList();
        missing.forEach(part -> registry.pushBlob(REPOSITORY, part.getBytes(StandardCharsets.UTF_8)));
        registry.pushManifest(REPOSITORY, "v1", RegistryOnDisk.DOCKER_IMAGE, manifest);
        return missing;
    }

    boolean whole(DockerRegistry registry, String manifest) {
        return registry.manifest(REPOSITORY, "v1").map(RememberedImage::text).stream()
                        .anyMatch(manifest::equals)
                && data().containsAll(digests())
                && PARTS.stream()
                        .allMatch(part -> registry.blob(REPOSITORY, digest(part)).map(RememberedImage::text).stream()
                                .anyMatch(part::equals));
    }

    Set<String> data() {
        return new TreeSet<>(RegistryOnDisk.at(root).blobs());
    }

    static List<String> digests() {
        return PARTS.stream().map(RememberedImage::digest).collect(Collectors.toList());
    }

    static String digest(String part) {
        return RegistryOnDisk.sha256(part.getBytes(StandardCharsets.UTF_8));
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
