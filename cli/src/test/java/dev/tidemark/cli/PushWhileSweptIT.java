package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of the real registry push images again, of which it has everything but the manifest, while a collection
 * sweeps them. The registry is without a cache.
 */
class PushWhileSweptIT {

    private static final int IMAGES = 300;
    private static final int CLIENTS = 3;
    private static final String REPOSITORY = "team/app";

    @TempDir
    private Path directory;

    /** The pushes that the registry has acknowledged, and how many of them are not whole afterwards. */
    private record Outcome(int acknowledged, List<String> lost, long restored) {}

    @BeforeEach
    void theRealRegistryIsInstalled() {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
    }

    @Test
    void everyPushThatIsAcknowledgedWhileItIsSweptIsWholeInTheEnd() throws Exception {
        Outcome outcome = round("once", new Random(7), "--settle", "2s");

        assertThat(outcome.acknowledged()).isPositive();
        assertThat(outcome.lost()).isEmpty();
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void noneIsLostAllNightAndSomeAreWithoutATrash() throws Exception {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        int acknowledged = 0;
        long restored = 0;
        int without = 0;
        int lostWithout = 0;
        for (int round = 0; round == 0 || soak.goesOn(); round++) {
            Outcome outcome = round("with-" + round, random, "--settle", "2s");
            acknowledged += outcome.acknowledged();
            restored += outcome.restored();
            assertThat(outcome.lost()).isEmpty();
            Outcome bare = round("without-" + round, random, "--keep-trash", "off");
            without += bare.acknowledged();
            lostWithout += bare.lost().size();
        }
        System.out.printf(
                "with a trash 0 of %d pushes were lost, and %d files restored; without one %d of %d%n",
                acknowledged, restored, lostWithout, without);
        assertThat(lostWithout).isPositive();
    }

    private Outcome round(String name, Random random, String... options) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        Path root = Files.createDirectories(home.resolve("registry"));
        var tidemark = new Tidemark(home.resolve("home"));
        try (var registry = DockerRegistry.serve(home, root);
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            // A registry without any manifest is refused.
            registry.pushImage("kept", "latest", "kept config", "kept layer");
            Map<String, String> manifests = new ConcurrentHashMap<>();
            for (int i = 0; i < IMAGES; i++) {
                String digest = registry.pushImage(REPOSITORY, "t" + i, "config " + i, "layer " + i, "more " + i);
                manifests.put(
                        "t" + i, text(registry.manifest(REPOSITORY, digest).orElseThrow()));
                registry.deleteManifest(REPOSITORY, digest);
            }
            var stop = new AtomicBoolean();
            Map<String, String> acknowledged = new ConcurrentHashMap<>();
            List<Future<?>> pushing = new ArrayList<>();
            List<String> tags = new ArrayList<>(manifests.keySet());
            Collections.shuffle(tags, random);
            for (int client = 0; client < CLIENTS; client++) {
                List<String> own = new ArrayList<>();
                for (int i = client; i < tags.size(); i += CLIENTS) {
                    own.add(tags.get(i));
                }
                boolean uploads = client == 0;
                pushing.add(clients.submit(() -> {
                    while (!stop.get() && !sweeping(root)) {
                        Thread.onSpinWait();
                    }
                    for (String tag : own) {
                        if (stop.get()) {
                            return;
                        }
                        push(registry, tag, manifests.get(tag), uploads, acknowledged);
                    }
                }));
            }
            List<String> arguments =
                    new ArrayList<>(List.of("--delete-untagged", "--min-age", "0", "--max-delete", "100"));
            arguments.addAll(List.of(options));
            arguments.addAll(List.of("--format", "json", root.toString()));
            Tidemark.Result result = tidemark.collect(arguments.toArray(String[]::new));
            stop.set(true);
            for (Future<?> push : pushing) {
                push.get();
            }
            assertThat(result.exitCode())
                    .as(result.err())
                    .isEqualTo(
                            result.summary().path("verified").path("missing").asLong() > 0
                                    ? ExitCode.FAILED
                                    : ExitCode.DONE);
            List<String> lost = new ArrayList<>();
            acknowledged.forEach((tag, manifest) -> {
                if (!whole(registry, tag, manifest)) {
                    lost.add(tag);
                }
            });
            return new Outcome(
                    acknowledged.size(),
                    lost,
                    result.summary()
                            .path("trash")
                            .path("restored")
                            .path("count")
                            .asLong());
        }
    }

    /** Whether the sweep has begun: the first of the blobs are gone. */
    private static boolean sweeping(Path root) {
        Path blobs = root.resolve("docker/registry/v2/blobs/sha256");
        try (var names = Files.newDirectoryStream(blobs)) {
            int count = 0;
            for (Path ignored : names) {
                count++;
            }
            // With so many blobs there is one for each of the 256 beginnings, or nearly.
            return count < 250 || Files.exists(root.resolve("tidemark/trash"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pushes an image as a client does: what the registry has is not uploaded, or is, all the same. */
    private static void push(
            DockerRegistry registry, String tag, String manifest, boolean uploads, Map<String, String> acknowledged) {
        try {
            String number = tag.substring(1);
            for (String blob : List.of("config " + number, "layer " + number, "more " + number)) {
                byte[] bytes = blob.getBytes(StandardCharsets.UTF_8);
                if (uploads
                        || registry.blob(REPOSITORY, RegistryOnDisk.sha256(bytes))
                                .isEmpty()) {
                    registry.pushBlob(REPOSITORY, bytes);
                }
            }
            registry.pushManifest(REPOSITORY, tag, RegistryOnDisk.DOCKER_IMAGE, manifest);
            acknowledged.put(tag, manifest);
        } catch (IllegalStateException e) {
            // The registry has refused it: its client pushes again, and that is another push.
            assertThat(e).hasMessageContaining(" answered ");
        }
    }

    private static boolean whole(DockerRegistry registry, String tag, String manifest) {
        if (!registry.manifest(REPOSITORY, tag).map(PushWhileSweptIT::text).equals(Optional.of(manifest))) {
            return false;
        }
        JsonNode image;
        try {
            image = JsonSerde.MAPPER.readTree(manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> blobs =
                new ArrayList<>(List.of(image.path("config").path("digest").asText()));
        image.path("layers").forEach(layer -> blobs.add(layer.path("digest").asText()));
        return blobs.stream()
                .allMatch(blob -> registry.blob(REPOSITORY, blob)
                        .filter(bytes -> RegistryOnDisk.sha256(bytes).equals(blob))
                        .isPresent());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
