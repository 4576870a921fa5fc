package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.Digest;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real registry, that keeps its data in a place of objects, and Tidemark beside it, in this process. */
abstract class BucketRegistryIT {

    @TempDir
    Path directory;

    Tidemark tidemark;
    String config;

    /** The registry's objects, with what is in them. */
    abstract Map<String, String> contents();

    /** The names of all objects, those of the trash, too. */
    abstract Set<String> all();

    /** What the registry's own collector would delete without tags. */
    abstract Set<String> untagged();

    /** What the registry serves of the images that are tagged. */
    abstract Map<String, String> pulled();

    /** A service says the time to the second: what is written now counts as young until the next one has passed. */
    static void awaitNextSecond() {
        Instant next = Instant.now().plus(Duration.ofSeconds(2));
        while (Instant.now().isBefore(next)) {
            LockSupport.parkNanos(Duration.between(Instant.now(), next).toNanos());
        }
    }

    @Test
    void aSweepIntoTheTrashIsUndoneToTheByte() {
        Map<String, String> before = contents();
        Set<String> untagged = untagged();
        Map<String, String> images = pulled();
        assertThat(said("-m", "--dry-run").path("trashNote").asText())
                .contains("deletes at once")
                .contains("--keep-trash 24h");

        Tidemark.Result swept = collect("-m", "--max-delete", "100", "--keep-trash", "1h", "--settle", "0s");

        assertThat(swept.out()).contains("two requests more a file");
        assertThat(swept.blobs()).isEqualTo(untagged);
        assertThat(contents()).hasSizeLessThan(before.size());
        assertThat(pulled()).isEqualTo(images);
        assertThat(untagged()).isEmpty();
        assertThat(said("-m", "--dry-run")
                        .path("blobs")
                        .path("eligible")
                        .path("count")
                        .asLong())
                .isZero();

        assertUndoneToTheByte(before, untagged);
        assertThat(pulled()).isEqualTo(images);
        assertThat(all()).noneMatch(name -> name.contains("tidemark"));
    }

    /** All that the registry has lost since is in the trash, and comes back. */
    void assertUndoneToTheByte(Map<String, String> before, Set<String> untagged) {
        JsonNode listed =
                Tidemark.run("trash", "list", "--format", "json", config).summary();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("files").asLong())
                .isEqualTo(before.size() - contents().size());
        Tidemark.Result undone = Tidemark.run("undo", listed.get(0).path("run").asText(), config);

        assertThat(undone.exitCode()).as(undone.err()).isZero();
        assertThat(contents()).isEqualTo(before);
        assertThat(untagged()).isEqualTo(untagged);
        assertThat(Tidemark.run("trash", "list", config).out()).contains("The trash is empty.");
    }

    Tidemark.Result collect(String... options) {
        Tidemark.Result result = tidemark.collect(Stream.concat(Stream.of(options), Stream.of("--min-age", "0", config))
                .toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    JsonNode said(String... options) {
        return tidemark.collect(
                        Stream.concat(Stream.of(options), Stream.of("--min-age", "0", "--format", "json", config))
                                .toArray(String[]::new))
                .summary();
    }

    /** Of each image the manifest, and what that names, as the registry serves them. */
    static Map<String, String> pulled(DockerRegistry registry, List<String> images) {
        Map<String, String> all = new HashMap<>();
        for (String name : images) {
            String repository = name.substring(0, name.indexOf(':'));
            String manifest = text(registry.manifest(repository, name.substring(name.indexOf(':') + 1)));
            all.put(name, manifest);
            for (String word : manifest.split("\"")) {
                Digest.tryParse(word)
                        .ifPresent(digest -> all.put(
                                name + " " + digest,
                                RegistryOnDisk.sha256(registry.blob(repository, digest.toString())
                                        .orElseThrow())));
            }
        }
        return all;
    }

    static String text(Optional<byte[]> manifest) {
        return new String(manifest.orElseThrow(), StandardCharsets.UTF_8);
    }
}
