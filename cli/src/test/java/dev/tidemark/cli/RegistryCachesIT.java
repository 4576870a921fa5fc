package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RedisServer;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image is pushed to the real registry, deleted, swept, and pushed again by a client that asks what is there, and
 * uploads only what is not. The registry remembers blobs in one cache or another.
 */
class RegistryCachesIT {

    private static final String REPOSITORY = "team/app";
    private static final List<String> PARTS = List.of("config", "one layer", "another layer");

    @TempDir
    private Path directory;

    private Path root;
    private Tidemark tidemark;

    @BeforeEach
    void theRealRegistryIsInstalled() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        root = Files.createDirectories(directory.resolve("registry"));
        tidemark = new Tidemark(directory.resolve("home"));
    }

    @Test
    void aRegistryThatRemembersInRedisAsksForTheUploadAgain() {
        assumeTrue(RedisServer.installed(), "redis-server is not installed: skipped");
        try (var redis = RedisServer.start(directory, "secret");
                var registry = serve(redis)) {
            redis.command("SET somebody this");
            String manifest = pushAndDelete(registry);
            assertThat(registry.has(REPOSITORY, digests().getFirst())).isTrue();
            assertThat(redis.command("KEYS blobs::*")).contains(digests());

            Tidemark.Result swept = collect(registry);

            assertThat(swept.exitCode()).as(swept.err()).isZero();
            assertThat(swept.summary().path("cache").isMissingNode()).isTrue();
            assertThat(digests()).noneMatch(digest -> registry.has(REPOSITORY, digest));
            String keys = redis.command("KEYS *");
            assertThat(keys).contains("somebody");
            assertThat(digests()).noneMatch(keys::contains);
            assertThat(push(registry, manifest)).hasSize(PARTS.size());
            assertThat(whole(registry, manifest)).isTrue();
        }
    }

    /** A process that is killed in mid-sweep has moved files of which it has told the cache nothing yet. */
    @Test
    void whatASweepThatWasCutOffHasNotToldRedisTheNextOneTells() {
        assumeTrue(RedisServer.installed(), "redis-server is not installed: skipped");
        try (var redis = RedisServer.start(directory, "secret");
                var registry = serve(redis)) {
            String manifest = pushAndDelete(registry);
            assertThat(digests()).allMatch(digest -> registry.has(REPOSITORY, digest));
            moveToTheTrash();

            Tidemark.Result next = collect(registry);

            assertThat(next.exitCode()).as(next.err()).isZero();
            assertThat(root.resolve("tidemark")).doesNotExist();
            assertThat(push(registry, manifest)).as("uploads").hasSize(PARTS.size());
            assertThat(whole(registry, manifest)).isTrue();
        }
    }

    private void moveToTheTrash() {
        try (Storage storage = FilesystemStorage.open(root)) {
            Trash trash = storage.trash().orElseThrow();
            List<String> moved = digests().stream()
                    .map(Digest::parse)
                    .flatMap(digest ->
                            Stream.of(Layout.layer(REPOSITORY, digest) + "/link", Layout.blob(digest) + "/data"))
                    .toList();
            RunId run = RunId.next(Instant.now(), Optional.empty());
            trash.prepare(run, Duration.ZERO);
            assertThat(trash.take(run, moved, () -> true)).isEmpty();
        }
    }

    @Test
    void nothingIsDeletedWhileRedisIsAway() throws IOException {
        assumeTrue(RedisServer.installed(), "redis-server is not installed: skipped");
        try (var redis = RedisServer.start(directory, "secret");
                var registry = serve(redis)) {
            pushAndDelete(registry);
            Set<String> before = data();
            redis.close();

            Tidemark.Result result = collect(registry);

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .contains("the registry's cache, Redis at " + redis.address() + ", can't be told what is gone: ");
            assertThat(data()).isEqualTo(before);
        }
    }

    @Test
    void aPushThatARegistryTakesFromItsMemoryIsHealedByTheNextLook() {
        String manifest;
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            manifest = pushAndDelete(registry);

            Tidemark.Result swept = collect(registry, "--keep-trash", "0");
            assertThat(swept.exitCode()).as(swept.err()).isZero();
            assertThat(swept.summary().path("cache").asText())
                    .startsWith("Restart each replica of the registry now ('docker restart NAME', 'kubectl rollout ");
            assertThat(swept.summary().path("trash").path("left").path("count").asInt())
                    .isPositive();

            assertThat(digests()).allMatch(digest -> registry.has(REPOSITORY, digest));
            assertThat(push(registry, manifest)).as("uploads").isEmpty();
            assertThat(whole(registry, manifest)).as("before the next look").isFalse();

            Tidemark.Result next = collect(registry);
            assertThat(next.exitCode()).as(next.err()).isZero();
            assertThat(whole(registry, manifest)).as("after the next look").isTrue();
        }
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            assertThat(whole(registry, manifest)).as("after a restart").isTrue();
        }
    }

    /** Both replicas have the image in memory. One of them is asked first for what it has, then the other. */
    @Test
    void aPushIsWholeAtOnceWhereEachReplicaIsToldWhatIsGone() {
        try (var one = DockerRegistry.serve(directory, root, "inmemory", "");
                var other = DockerRegistry.serve(directory, root, "inmemory", "")) {
            one.pushImage("kept", "latest", "kept config", "kept layer");
            String digest = one.pushImage(REPOSITORY, "v1", PARTS.get(0), PARTS.get(1), PARTS.get(2));
            String manifest = text(one.manifest(REPOSITORY, digest).orElseThrow());
            for (List<DockerRegistry> replicas : List.of(List.of(one, other), List.of(other, one))) {
                assertThat(replicas).allMatch(replica -> whole(replica, manifest));
                replicas.getFirst().deleteManifest(REPOSITORY, digest);
                assertThat(digests()).allMatch(part -> replicas.getLast().has(REPOSITORY, part));

                Tidemark.Result swept = told(one, other);

                assertThat(swept.exitCode()).as(swept.err()).isZero();
                assertThat(swept.summary().path("cache").asText())
                        .startsWith("The registry remembers manifests in memory");
                assertThat(swept.summary().path("swept").path("spared").toString())
                        .isEqualTo("{\"a manifest that the registry may remember until it is restarted\":1}");
                assertThat(data()).contains(digest).doesNotContainAnyElementsOf(digests());
                assertThat(replicas)
                        .allSatisfy(replica -> assertThat(digests()).noneMatch(part -> replica.has(REPOSITORY, part)));
                assertThat(push(replicas.getLast(), manifest)).as("uploads").hasSize(PARTS.size());
                assertThat(replicas).as("at once").allMatch(replica -> whole(replica, manifest));
            }
        }
    }

    @Test
    void manifestsThatWereRememberedGoAfterARestart() {
        String manifest;
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            manifest = pushAndDelete(registry);
            assertThat(told(registry).exitCode()).isZero();
        }
        String digest = digest(manifest);
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            assertThat(told(registry).exitCode()).isZero();
            assertThat(data()).contains(digest);

            assertThat(collect(registry, "--registry-url", "http://" + registry.address(), "--registry-restarted")
                            .exitCode())
                    .isZero();

            assertThat(data()).doesNotContain(digest);
            push(registry, manifest);
            assertThat(whole(registry, manifest)).isTrue();
        }
    }

    @Test
    void nothingIsDeletedIfTheAddressIsAnotherRegistrys() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "");
                var other = DockerRegistry.serve(directory, elsewhere, "inmemory", "")) {
            pushAndDelete(registry);
            Set<String> before = data();

            Tidemark.Result result = collect(registry, "--registry-url", "http://" + other.address());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .containsOnlyOnce("\n")
                    .contains("http://" + other.address() + " has another storage than " + root);
            assertThat(data()).isEqualTo(before);
        }
    }

    @Test
    void aDryRunSaysThatTheRegistryRemembersInMemoryBeforeAnythingIsDeleted() {
        try (var registry = DockerRegistry.serve(directory, root, "inmemory", "")) {
            pushAndDelete(registry);

            Tidemark.Result dryRun = tidemark.collect(
                    "--dry-run",
                    "--delete-untagged",
                    "--min-age",
                    "0",
                    registry.config().toString());
            assertThat(dryRun.out()).contains("The registry remembers its blobs in memory", "docker restart NAME");

            Tidemark.Result ofDirectory =
                    tidemark.collect("--dry-run", "--delete-untagged", "--min-age", "0", root.toString());
            assertThat(ofDirectory.out()).contains("If the registry's config.yml says 'blobdescriptor: inmemory'");
        }
    }

    @Test
    void aCacheThatCannotBeReadStopsARunThatDeletesAndNoOther() throws IOException {
        RegistryOnDisk.at(root).repo(REPOSITORY).image("some");
        Path config = Files.writeString(directory.resolve("config.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}, cache: {blobdescriptor: redis}}
                redis: {adr: a}
                """.formatted(root));

        Tidemark.Result result = tidemark.collect("--min-age", "0", config.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).containsOnlyOnce("\n").contains("redis.addr (in version 3 redis.addrs) is missing");

        assertThat(tidemark.collect("--dry-run", "--min-age", "0", config.toString())
                        .exitCode())
                .isZero();
    }

    private DockerRegistry serve(RedisServer redis) {
        return DockerRegistry.serve(directory, root, "redis", RegistryConfigFile.redis(redis, "secret"));
    }

    private Tidemark.Result told(DockerRegistry... replicas) {
        return collect(
                replicas[0],
                Stream.of(replicas)
                        .flatMap(replica -> Stream.of("--registry-url", "http://" + replica.address()))
                        .toArray(String[]::new));
    }

    private Tidemark.Result collect(DockerRegistry registry, String... options) {
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
    private static String pushAndDelete(DockerRegistry registry) {
        // A registry without any manifest is refused.
        registry.pushImage("kept", "latest", "kept config", "kept layer");
        String digest = registry.pushImage(REPOSITORY, "v1", PARTS.get(0), PARTS.get(1), PARTS.get(2));
        String manifest = text(registry.manifest(REPOSITORY, digest).orElseThrow());
        registry.deleteManifest(REPOSITORY, digest);
        return manifest;
    }

    /** Pushes the image as a client does. Returns what it has uploaded. */
    private static List<String> push(DockerRegistry registry, String manifest) {
        List<String> missing = PARTS.stream()
                .filter(part -> !registry.has(REPOSITORY, digest(part)))
                .toList();
        missing.forEach(part -> registry.pushBlob(REPOSITORY, part.getBytes(StandardCharsets.UTF_8)));
        registry.pushManifest(REPOSITORY, "v1", RegistryOnDisk.DOCKER_IMAGE, manifest);
        return missing;
    }

    private boolean whole(DockerRegistry registry, String manifest) {
        return registry.manifest(REPOSITORY, "v1").map(RegistryCachesIT::text).stream()
                        .anyMatch(manifest::equals)
                && data().containsAll(digests())
                && PARTS.stream()
                        .allMatch(part -> registry.blob(REPOSITORY, digest(part)).map(RegistryCachesIT::text).stream()
                                .anyMatch(part::equals));
    }

    private Set<String> data() {
        return new TreeSet<>(RegistryOnDisk.at(root).blobs());
    }

    private static List<String> digests() {
        return PARTS.stream().map(RegistryCachesIT::digest).collect(Collectors.toList());
    }

    private static String digest(String part) {
        return RegistryOnDisk.sha256(part.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
