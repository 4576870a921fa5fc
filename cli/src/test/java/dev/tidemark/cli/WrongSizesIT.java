package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Images with a layer that has another size than they say, as a crash of the machine leaves one. */
class WrongSizesIT extends BrokenImages {

    private static final String CONTENT = "a layer of 24 bytes, all";

    @Test
    void aLayerThatIsCutOffIsReportedOnceAndKept() throws Exception {
        RegistryOnDisk registry = RegistryOnDisk.at(root);
        RepositoryOnDisk app = registry.repo("team/app");
        String layer = app.layer(CONTENT);
        String image = app.image(RegistryOnDisk.DOCKER_IMAGE, app.layer("config"), layer);
        String other = app.image(RegistryOnDisk.DOCKER_IMAGE, app.layer("other config"), layer);
        app.tag("v1", image).tag("other", other).tag("whole", app.image("whole"));
        // Of an image that goes, no blob is of another size.
        String gone = app.layer("of an image that goes");
        app.image(RegistryOnDisk.DOCKER_IMAGE, app.layer("a third config"), gone);
        Files.writeString(registry.data(layer), CONTENT.substring(0, 7));
        Files.writeString(registry.data(gone), "of an");
        Map<String, String> before = registry.snapshot();

        Tidemark.Result dry = collectAsJson("--dry-run");

        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.summary().path("broken").path("missing").asInt()).isZero();
        JsonNode wrong = dry.summary().path("wrongSizes");
        assertThat(wrong.path("blobs").asInt()).isEqualTo(1);
        assertThat(wrong.path("images")).hasSize(1);
        JsonNode found = wrong.path("images").get(0);
        assertThat(found.path("repository").asText()).isEqualTo("team/app");
        assertThat(found.path("manifest").asText()).isIn(image, other);
        assertThat(found.path("blob").asText()).isEqualTo(layer);
        assertThat(found.path("said").asInt()).isEqualTo(24);
        assertThat(found.path("size").asInt()).isEqualTo(7);
        assertThat(registry.snapshot()).isEqualTo(before);

        assertThat(words(collect()))
                .contains("Broken already: live, and a blob has another size than they say")
                .containsPattern(
                        "team/app@sha256:[0-9a-f]{12} says 24 bytes of " + layer.substring(0, 19) + ", which has 7");
        assertThat(registry.data(layer)).as("it is no garbage").hasContent(CONTENT.substring(0, 7));
        assertThat(registry.data(gone)).doesNotExist();

        assertThat(words(tidemark.type("audit"))).contains("proved").doesNotContain("disproved");
        assertThat(words(tidemark.type("audit", "--registry", root.toString(), "--verify-storage")))
                .contains("Note: 1 blob has another size than a manifest says", layer + " has 7 bytes");
        assertThat(words(tidemark.type("explain", layer)))
                .containsPattern("kept: .*it has 7 bytes, and the manifest sha256:[0-9a-f]{12} in team/app says 24");
        assertThat(words(tidemark.type("explain", "team/app:v1")))
                .contains("1 blob of it has another size than its manifest says", ", of 7 bytes, not 24");
        assertThat(words(tidemark.type("explain", "team/app:whole"))).doesNotContain("another size", "bytes, not");
    }

    @Test
    void theRealRegistryKeepsTheFileUntilItIsDeleted() throws Exception {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        Files.createDirectories(root);
        try (var registry = DockerRegistry.serve(directory, root)) {
            registry.pushImage("team/app", "latest", "config", CONTENT);
            String layer = digest(CONTENT);
            Path data = RegistryOnDisk.at(root).data(layer);
            Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 7));
            assertThat(wrongSizes()).isEqualTo(1);

            registry.pushImage("team/app", "latest", "config", CONTENT);
            assertThat(data).as("pushed again").hasSize(7);
            assertThat(wrongSizes()).isEqualTo(1);

            Files.delete(data);
            registry.pushImage("team/app", "latest", "config", CONTENT);
            assertThat(data).hasContent(CONTENT);
            assertThat(wrongSizes()).isZero();
        }
    }

    private int wrongSizes() {
        Tidemark.Result result = collectAsJson();
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.summary().path("wrongSizes").path("blobs").asInt();
    }

    private static String words(Tidemark.Result result) {
        return result.out().replaceAll("\\s+", " ");
    }
}
