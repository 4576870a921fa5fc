package dev.tidemark.service.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.RunId;
import dev.tidemark.service.health.Health;
import dev.tidemark.service.health.HttpEndpoints;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.EventReceiver;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.TestKafka;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The real registry remembers an image that is in the trash, tells its client that all of it is there, and sends the
 * push to a sweeper: the image is whole again, without a run and without a restart.
 */
@Timeout(900)
class EventsIT extends NotifyingRegistry {

    private static final String REPOSITORY = "team/app";
    private static final List<String> PARTS = List.of("config", "one layer", "another layer");
    private static final RunId RUN = RunId.next(Instant.now(), Optional.empty());

    private Path root;

    @BeforeEach
    void theRealRegistryIsInstalled() throws Exception {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        root = Files.createDirectories(directory.resolve("registry"));
    }

    @Test
    void aBrokenPushIsHealedByItsEvent() throws Exception {
        try (var kafka = TestKafka.start(directory.resolve("kafka"));
                var http = new HttpEndpoints(0, new Health(), () -> "");
                var registry = DockerRegistry.serve(directory, root, "inmemory", notifying(http))) {
            registry.pushImage("kept", "latest", "kept config", "kept layer");
            Cluster cluster = cluster(kafka);
            try (Storage storage = FilesystemStorage.open(root);
                    var events = new EventReceiver(cluster, meter);
                    var sweeper = new SweeperService(
                            cluster,
                            storage,
                            new TrashRetention(Optional.of(Duration.ofDays(1)), Duration.ZERO, true),
                            Optional.empty(),
                            true,
                            meter,
                            failure::complete)) {
                sweeper.start();
                await(sweeper::ready);
                take(http, events);
                String digest = registry.pushImage(REPOSITORY, "v1", PARTS.get(0), PARTS.get(1), PARTS.get(2));
                String manifest = text(registry.manifest(REPOSITORY, digest).orElseThrow());
                registry.deleteManifest(REPOSITORY, digest);
                sweep(storage, digest);

                assertThat(PARTS).allMatch(part -> registry.has(REPOSITORY, digest(part)));
                registry.pushManifest(REPOSITORY, "v1", RegistryOnDisk.DOCKER_IMAGE, manifest);

                await(() -> whole(registry, manifest));
                assertThat(meter.events()).isPositive();
                assertThat(meter.malformed()).isZero();
            }
        }
    }

    /** Moves the image to the trash, as a run does. */
    private static void sweep(Storage storage, String manifest) {
        Trash trash = storage.trash().orElseThrow();
        trash.prepare(RUN, Duration.ofDays(1));
        List<String> files = Stream.concat(
                        PARTS.stream()
                                .map(EventsIT::digest)
                                .flatMap(digest -> Stream.of(
                                        "repositories/" + REPOSITORY + "/_layers/" + digest.replace(':', '/') + "/link",
                                        data(digest))),
                        Stream.of(data(manifest)))
                .toList();
        assertThat(files).allMatch(file -> storage.stat(file).isPresent());
        assertThat(trash.take(RUN, files, () -> true)).isEmpty();
    }

    private static String data(String digest) {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return "blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data";
    }

    private static boolean whole(DockerRegistry registry, String manifest) {
        try {
            return served(registry, manifest);
        } catch (UncheckedIOException e) {
            // Of a blob that it only remembers, the registry sends no byte.
            return false;
        }
    }

    private static boolean served(DockerRegistry registry, String manifest) {
        return registry.manifest(REPOSITORY, "v1").map(EventsIT::text).stream().anyMatch(manifest::equals)
                && PARTS.stream()
                        .allMatch(part -> registry.blob(REPOSITORY, digest(part)).map(EventsIT::text).stream()
                                .anyMatch(part::equals));
    }

    private static String digest(String part) {
        return RegistryOnDisk.sha256(part.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
