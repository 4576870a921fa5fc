package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.testkit.Certificate;
import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.gcs.GcsServer;
import dev.tidemark.testkit.gcs.Tunnel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * The real registry of version 3, whose own driver writes to a fake of Google Cloud Storage, and Tidemark beside it:
 * both as processes that the environment leads there.
 */
class GcsRegistryIT {

    private static final String REGISTRY = "registry3";
    private static final int BUILDS = 4;

    @TempDir
    private Path directory;

    private GcsServer server;
    private Tunnel tunnel;
    private Map<String, String> environment;
    private String storage;
    private String config;
    private Path bucket;

    @BeforeEach
    void aRegistryWithGarbage() throws IOException {
        assumeTrue(DockerRegistry.onPath(REGISTRY), "registry3 is not installed: skipped");
        server = GcsServer.on(Files.createDirectory(directory.resolve("gcs")));
        bucket = server.bucket("images");
        var certificate = Certificate.of("dns:www.googleapis.com,dns:storage.googleapis.com", directory);
        tunnel = server.tunnel(certificate);
        // Uploads go to Google's own host, whatever the first one says.
        environment = Map.of(
                "STORAGE_EMULATOR_HOST",
                server.endpoint(),
                "HTTPS_PROXY",
                tunnel.address(),
                "SSL_CERT_FILE",
                certificate.pem().toString(),
                "OTEL_TRACES_EXPORTER",
                "none");
        Path key = Files.writeString(directory.resolve("key.json"), server.serviceAccount());
        storage = server.storage("images", "/some/where", key);
        config = RegistryConfigFile.write(directory, storage, 0).toString();
        try (DockerRegistry registry = serve()) {
            for (int build = 0; build < BUILDS; build++) {
                registry.pushImage("team/app", "latest", "config " + build, "base", "layer " + build);
                registry.pushImage("other", "v" + build, "other config " + build, "base", "other " + build);
            }
            registry.pushBlob("other", "never used".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            tunnel.close();
            server.close();
        }
    }

    private DockerRegistry serve() {
        return DockerRegistry.serve(REGISTRY, environment, directory, storage, "");
    }

    private Set<String> eligibleBlobs(boolean deleteUntagged) {
        return DockerCollector.eligibleBlobs(REGISTRY, environment, directory, storage, deleteUntagged);
    }

    @Test
    void aRunFindsTheSameAsTheReferenceAndItsSweepLeavesAllThatIsTagged() {
        Set<String> plain = eligibleBlobs(false);
        Set<String> untagged = eligibleBlobs(true);
        Map<String, String> images = pulled();
        Map<String, String> before = contents();
        assertThat(plain).hasSize(1);
        assertThat(untagged).hasSizeGreaterThan(BUILDS);

        server.forgetRequests();
        assertThat(collect("--dry-run")).isEqualTo(plain);
        assertThat(server.requests())
                .as("a dry run lists, and reads manifests")
                .containsOnlyKeys("token", "objects.list", "objects.get");
        assertThat(server.requests().get("objects.get"))
                .as("one for each manifest, and none for links but those of the plan's witnesses")
                .isBetween(2L * BUILDS, 2L * BUILDS + 3L * Fingerprint.MOST);
        assertThat(collect("--dry-run", "-m")).isEqualTo(untagged);
        assertThat(contents()).isEqualTo(before);

        server.forgetRequests();
        assertThat(collect("-m")).isEqualTo(untagged);

        assertThat(server.requests()).containsKey("batch").doesNotContainKeys("objects.delete", "objects.rewrite");
        assertThat(contents().keySet())
                .noneMatch(name -> untagged.stream()
                        .anyMatch(digest -> name.contains(Digest.parse(digest).hex())));
        assertThat(pulled()).isEqualTo(images);
        assertThat(eligibleBlobs(true)).isEmpty();
        assertThat(collect("-m")).isEmpty();
    }

    @Test
    void aSweepIntoTheTrashIsUndoneToTheByte() {
        Map<String, String> before = contents();
        Map<String, String> images = pulled();
        server.rewriteInSteps(100_000);

        assertThat(collect("-m", "--keep-trash", "1h", "--settle", "0s")).hasSizeGreaterThan(BUILDS);

        assertThat(contents()).hasSizeLessThan(before.size());
        assertThat(pulled()).isEqualTo(images);
        JsonNode listed = json(run("trash", "list", "--format", "json", config));
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("files").asLong())
                .isEqualTo(before.size() - contents().size());
        run("undo", listed.get(0).path("run").asText(), config);

        assertThat(contents()).isEqualTo(before);
        assertThat(run("trash", "list", config)).contains("The trash is empty.");
    }

    @Test
    void aRunThatCannotSeeAllDeletesNothing() {
        Map<String, String> before = contents();
        server.faults(request -> request.operation().equals("objects.list")
                        && String.valueOf(request.parameter("prefix")).contains("/other/_layers")
                ? Optional.of(new Answer.Error(403, "forbidden"))
                : Optional.empty());

        String said = run(1, "collect", "-m", "--min-age", "0", "--max-delete", "100", "--data-dir", data(), config);

        assertThat(said).contains("grant storage.objects.list on the bucket images");
        assertThat(contents()).isEqualTo(before);
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    /** The digests of the blobs that are eligible. */
    private Set<String> collect(String... options) {
        Path plan = directory.resolve("plan.jsonl");
        run(Stream.of(
                        Stream.of("collect", "--min-age", "0", "--max-delete", "100", "--data-dir", data()),
                        Stream.of("--plan", plan.toString()),
                        Stream.of(options),
                        Stream.of(config))
                .flatMap(part -> part)
                .toArray(String[]::new));
        try (Stream<String> lines = Files.lines(plan)) {
            Set<String> digests = new TreeSet<>();
            lines.map(GcsRegistryIT::json)
                    .filter(line -> line.path("kind").asText().equals("blob"))
                    .forEach(line -> digests.add(line.path("digest").asText()));
            Files.delete(plan);
            return digests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(String... arguments) {
        return run(0, arguments);
    }

    /** What the command prints. */
    private String run(int exitCode, String... arguments) {
        Path output = directory.resolve("output");
        try {
            Files.deleteIfExists(output);
            Process process = Processes.java("1g", Main.class, output, environment, arguments);
            Processes.awaitEnd(process);
            String said = Files.readString(output);
            assertThat(process.exitValue()).as(said).isEqualTo(exitCode);
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a JVM says of its archive of classes is no part of it. */
    private static JsonNode json(String text) {
        String document = text.lines()
                .dropWhile(line -> !line.startsWith("{") && !line.startsWith("[ "))
                .collect(Collectors.joining("\n"));
        try {
            return JsonSerde.MAPPER.readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** Each tagged image's manifest and blobs, as the registry serves them. */
    private Map<String, String> pulled() {
        try (DockerRegistry registry = serve()) {
            return BucketRegistryIT.pulled(registry, List.of("team/app:latest", "other:v0", "other:v" + (BUILDS - 1)));
        }
    }

    /** The registry's objects, with what is in them. */
    private Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(bucket.resolve("some/where/docker"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(bucket.relativize(file).toString(), RegistryOnDisk.sha256(Files.readAllBytes(file)));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
