package dev.tidemark.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that the real registry keeps its data in, and that it was pushed to. */
abstract class PushedBucket extends BucketRegistryIT {

    private static final String BUCKET = "images";
    private static final String ROOT = "/some/where";
    static final int BUILDS = 6;

    /** A bucket that was pushed to: each test has a copy of it. */
    @TempDir
    private static Path pushed;

    S3Server server;
    Path bucket;
    String storage;

    @BeforeAll
    static void aRegistryWithGarbage() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        Path work = Files.createDirectory(pushed.resolve("work"));
        try (var server = S3Server.on(Files.createDirectory(pushed.resolve("s3")))) {
            server.bucket(BUCKET);
            try (var registry = DockerRegistry.serve(work, server.storage(BUCKET, ROOT))) {
                for (int build = 0; build < BUILDS; build++) {
                    String digest =
                            registry.pushImage("team/app", "latest", "config " + build, "base", "layer " + build);
                    if (build % 3 == 0) {
                        registry.pushManifest(
                                "team/app",
                                "v" + build,
                                RegistryOnDisk.DOCKER_IMAGE,
                                text(registry.manifest("team/app", digest)));
                    } else if (build == 4) {
                        registry.deleteManifest("team/app", digest);
                    }
                    registry.pushImage("other", "v" + build, "other config " + build, "base", "other layer " + build);
                }
                registry.pushBlob("other", "never used".getBytes(StandardCharsets.UTF_8));
                registry.pushImage("team/app", "latest", "config last", "base", "layer last");
            }
        }
        awaitNextSecond();
    }

    @BeforeEach
    void aCopyOfIt() throws IOException {
        RegistryOnDisk.copy(pushed.resolve("s3"), directory.resolve("s3"));
        server = S3Server.on(directory.resolve("s3"));
        bucket = server.bucket(BUCKET);
        storage = server.storage(BUCKET, ROOT);
        tidemark = new Tidemark(directory.resolve("home"));
        config = RegistryConfigFile.write(directory, storage, 0).toString();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    void keepVersions() {
        server.keepVersions("images");
        try (var registry = DockerRegistry.serve(directory, storage)) {
            registry.pushImage("team/app", "moved", "config before", "base", "layer before");
            registry.pushImage("team/app", "moved", "config after", "base", "layer after");
        }
        awaitNextSecond();
    }

    int oldVersions() {
        try (Stream<Path> files = Files.list(bucket.resolve(".s3proxy-versions"))) {
            return Math.toIntExact(files.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void pushGarbage() {
        try (var registry = DockerRegistry.serve(directory, storage)) {
            registry.pushBlob("other", "never used, either".getBytes(StandardCharsets.UTF_8));
        }
        awaitNextSecond();
    }

    @Override
    Map<String, String> pulled() {
        try (var registry = DockerRegistry.serve(directory, storage)) {
            return pulled(
                    registry,
                    List.of("team/app:latest", "team/app:v0", "team/app:v3", "other:v0", "other:v" + (BUILDS - 1)));
        }
    }

    @Override
    Set<String> untagged() {
        return DockerCollector.eligibleBlobs(directory, storage, true);
    }

    @Override
    Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        objects().forEach(key -> {
            try {
                contents.put(key, RegistryOnDisk.sha256(Files.readAllBytes(bucket.resolve(key))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return contents;
    }

    Set<String> objects() {
        Set<String> objects = all();
        objects.removeIf(key -> !key.contains("docker/registry/v2/"));
        return objects;
    }

    @Override
    Set<String> all() {
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> bucket.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
