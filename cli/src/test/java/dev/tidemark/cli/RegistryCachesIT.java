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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A registry that remembers blobs in Redis. */
class RegistryCachesIT extends RememberedImage {

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
    void theNextSweepTellsRedisWhatACutOffOneHasNotTold() {
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

    /** Its bytes were lost: a registry that remembers them does not write them when they are pushed again. */
    @Test
    void aManifestWhoseBlobIsNotThereIsForgottenWithItsLink() {
        assumeTrue(RedisServer.installed(), "redis-server is not installed: skipped");
        try (var redis = RedisServer.start(directory, "secret");
                var registry = serve(redis)) {
            registry.pushImage("kept", "latest", "kept config", "kept layer");
            String digest = registry.pushImage(REPOSITORY, "v1", PARTS.get(0), PARTS.get(1), PARTS.get(2));
            String manifest = text(registry.manifest(REPOSITORY, digest).orElseThrow());
            RegistryOnDisk disk = RegistryOnDisk.at(root);
            RegistryOnDisk.remove(disk.data(digest).getParent());
            disk.age(Duration.ofDays(90));
            assertThat(redis.command("KEYS blobs::*")).contains(digest);
            collect(registry, "--leftovers", "1s", "--dry-run");
            // The links count from the look of that run: a run in between takes more than the second.
            collect(registry, "--leftovers", "1s", "--dry-run");

            Tidemark.Result swept = collect(registry, "--leftovers", "1s");

            assertThat(swept.links()).as(swept.err()).hasSize(2);
            assertThat(redis.command("KEYS *")).doesNotContain(digest);
            push(registry, manifest);
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
}
