package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RegistryUpload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of a summary, held against a walk over all files of a registry that has something of everything. */
class StorageSumIT extends RegistryWithLeftovers {

    private static final Duration OLD = Duration.ofDays(8);
    private static final byte[] STRAY = "no registry has this".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void allFilesAreInOneOfItsNumbers(String binary) throws IOException {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        String config = aRegistryWithSomethingOfEverything(binary);

        JsonNode first = said("--delete-untagged", "--dry-run", config);
        assertSum(first);
        assertThat(first.path("bytes").asLong()).isEqualTo(bytes());
        assertThat(first.path("unknown").path("count").asInt()).isEqualTo(strays().size());
        assertThat(first.path("uploads").path("count").asInt()).isEqualTo(2);
        assertThat(first.path("histories").path("count").asInt()).isPositive();
        assertThat(first.path("trash").path("count").asInt()).isZero();

        JsonNode swept = said("--delete-untagged", "--keep-trash", "24h", "--settle", "1s", config);
        assertThat(swept.path("bytes").asLong())
                .as("all that was there before the sweep")
                .isEqualTo(first.path("bytes").asLong());

        JsonNode second = said("--delete-untagged", "--dry-run", config);
        assertSum(second);
        assertThat(second.path("trash").path("bytes").asLong()).isPositive();
        assertThat(second.path("bytes").asLong()).isEqualTo(bytes());
        assertThat(tidemark.type("show", "--format", "json")
                        .summary()
                        .path("summary")
                        .path("storage"))
                .isEqualTo(second);

        JsonNode plain = said("--dry-run", config);
        assertSum(plain);
        assertThat(plain.has("histories")).isFalse();
        assertThat(plain.path("uncounted").toString()).contains("the histories of tags");
        assertThat(plain.path("bytes").asLong()).isEqualTo(bytes() - bytesOf("histories", second));
        assertProved();
    }

    private String aRegistryWithSomethingOfEverything(String binary) throws IOException {
        try (var registry = DockerRegistry.serve(binary, directory, storage(), "")) {
            registry.pushImage("team/app", "v1", "config 1", "base", "layer 1");
            registry.pushImage("team/app", "latest", "config 2", "base", "layer 2");
            registry.pushImage("team/app", "latest", "config 3", "base", "layer 3");
            registry.deleteManifest("other", registry.pushImage("other", "gone", "config 4", "base", "layer 4"));
            String lost = registry.pushImage("other", "lost", "config 5", "base", "layer 5");
            registry.pushBlob("other", "never used".getBytes(StandardCharsets.UTF_8));
            String old = RegistryUpload.begin(registry, "team/app", "bytes of a week ago")
                    .id();
            RegistryUpload.begin(registry, "other", "some bytes");
            Files.delete(disk.data(lost));
            strays().forEach(stray -> RegistryOnDisk.write(disk.base().resolve(stray), STRAY));
            Files.createDirectories(disk.blobDirectory("sha256:" + "ab".repeat(32)));
            Files.createDirectories(disk.repo("empty").directory().resolve("_layers/sha256"));
            disk.age(OLD).ageDirectories(OLD);
            begun("team/app", old, OLD);
            return registry.config().toString();
        }
    }

    private static List<String> strays() {
        String unlinked = "repositories/team/app/_layers/sha256/" + "cd".repeat(32);
        return List.of(
                "repositories/notes.txt",
                "repositories/team/notes.txt",
                "repositories/team/app/_layers/@eaDir/of/a/nas",
                "repositories/team/app/_manifests/revisions/sha256/file",
                "repositories/team/app/_manifests/tags/file",
                unlinked + "/file",
                "blobs/sha256/file",
                "blobs/sha256/more/file",
                "blobs/sha256/00/file",
                "blobs/md5/00/file");
    }

    private JsonNode said(String... options) {
        Tidemark.Result result = tidemark.collect(Stream.concat(
                        Stream.of("--leftovers", "7d", "--max-delete", "100", "--format", "json"), Stream.of(options))
                .toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.summary().path("storage");
    }

    private static void assertSum(JsonNode storage) {
        long parts = Stream.of("blobs", "links", "histories", "uploads", "unknown", "trash")
                .mapToLong(part -> bytesOf(part, storage))
                .sum();
        JsonNode disk = storage.path("disk");
        assertThat(storage.path("bytes").asLong()).isEqualTo(parts);
        assertThat(parts + disk.path("rest").asLong())
                .isEqualTo(disk.path("used").asLong());
    }

    private static long bytesOf(String part, JsonNode storage) {
        return storage.path(part).path("bytes").asLong();
    }

    /** Of all files, but for what Tidemark notes beside those in the trash. */
    private long bytes() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("keep"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
