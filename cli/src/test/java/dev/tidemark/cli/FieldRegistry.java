package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Storage with one oddity of the field, collected for real with {@code --delete-untagged}. Around it there is a live
 * image and some garbage: the first must stay, byte for byte, the second must go.
 */
abstract class FieldRegistry {

    static final byte[] ANYTHING = "anything".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    RegistryOnDisk registry;
    RepositoryOnDisk app;
    private String live;
    String dead;
    String orphan;
    Tidemark.Result result;

    @BeforeEach
    void aRegistryWithALiveImageAndSomeGarbage() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        var around = registry.repo("around");
        live = around.image("live");
        dead = around.image("dead");
        around.tag("latest", dead).tag("latest", live);
        orphan = registry.blob("orphan");
        app = registry.repo("team/app");
    }

    @AfterEach
    void theRepositoryAroundIsCollected() {
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.manifests()).contains("around@" + dead);
        assertThat(registry.blobs()).contains(live).doesNotContain(dead, orphan);
        assertThat(registry.repo("around").revision(live)).exists();
        assertThat(registry.repo("around").revision(dead)).doesNotExist();
        assertThat(registry.repo("around").history("latest", dead)).doesNotExist();
        assertThat(registry.repo("around").history("latest", live)).exists();
    }

    String tagged(String digest) {
        app.tag("latest", digest);
        return digest;
    }

    Tidemark tidemark() {
        return new Tidemark(directory.resolve("home"));
    }

    void collect() {
        result = tidemark()
                .collect(
                        "-m",
                        "--min-age",
                        "0",
                        "--max-delete",
                        "100",
                        "--format",
                        "json",
                        registry.root().toString());
    }

    void assertKept(String... digests) {
        assertThat(registry.blobs()).contains(digests);
        assertThat(result.blobs()).doesNotContain(digests);
    }

    Map<String, Long> problems() {
        Map<String, Long> problems = new TreeMap<>();
        result.summary()
                .path("problems")
                .properties()
                .forEach(entry -> problems.put(entry.getKey(), entry.getValue().asLong()));
        return problems;
    }
}
