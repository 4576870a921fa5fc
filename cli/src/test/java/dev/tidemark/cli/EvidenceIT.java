package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.Digest;
import dev.tidemark.testkit.Chromium;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real registry is pushed to, deleted from and collected; then the run is proved, each kind of digest explained,
 * and a report opened.
 */
class EvidenceIT {

    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    @TempDir
    private Path directory;

    private Path root;
    private Tidemark tidemark;
    private String run;

    private String first;
    private String old;
    private String doomed;
    private String child;
    private String index;
    private String orphan;

    @BeforeEach
    void aRegistryIsUsedAndCollected() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        root = Files.createDirectories(directory.resolve("registry"));
        try (var registry = DockerRegistry.serve(directory, root)) {
            old = registry.pushImage("team/app", "latest", "old config", "base", "old layer");
            first = registry.pushImage("team/app", "latest", "config", "base", "layer");
            doomed = registry.pushImage("team/app", "doomed", "doomed config", "base", "doomed layer");
            registry.deleteManifest("team/app", doomed);
            child = registry.pushImage("multi", "child", "arm config", "base", "arm layer");
            String manifest = new String(registry.manifest("multi", child).orElseThrow(), StandardCharsets.UTF_8);
            index = registry.pushManifest(
                    "multi", "v1", INDEX, """
              {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":%d}]}\
              """.formatted(INDEX, RegistryOnDisk.DOCKER_IMAGE, child, manifest.length()));
            orphan = registry.pushBlob("team/app", "never used".getBytes(StandardCharsets.UTF_8));
        }
        tidemark = new Tidemark(directory.resolve("home"));
        JsonNode summary = tidemark.collect(
                        "-m", "--min-age", "0", "--max-delete", "100", "--format", "json", root.toString())
                .summary();
        assertThat(summary.path("state").asText()).isEqualTo("swept");
        run = summary.path("run").asText();
    }

    @Test
    void theRunIsProvedAndWhatIsLeftCanBePulled() {
        Tidemark.Result audit = tidemark.type("audit", run, "--registry", root.toString(), "--verify-storage");

        assertThat(audit.out()).as(audit.err()).contains("run " + run + "  proved");
        assertThat(audit.exitCode()).isZero();
        try (var registry = DockerRegistry.serve(directory, root)) {
            assertThat(registry.manifest("team/app", "latest")).isPresent();
            assertThat(registry.manifest("multi", "v1")).isPresent();
            assertThat(registry.manifest("team/app", old)).isEmpty();
            assertThat(registry.blob("team/app", orphan)).isEmpty();
            assertThat(registry.blob("multi", digest("arm layer"))).isPresent();
        }
    }

    @Test
    void eachKindOfDigestIsExplained() {
        assertThat(explained("team/app:latest")).startsWith("kept: ").contains(first, "config", "layer");
        assertThat(explained(index)).startsWith("kept: ").contains("index", "tag multi:v1");
        assertThat(explained(digest("arm layer"))).startsWith("kept: ").contains("layer", "tag multi:");
        assertThat(explained(digest("config")))
                .startsWith("kept: ")
                .contains("is          config", "tag team/app:latest");
        assertThat(explained(digest("base"))).startsWith("kept: ");
        assertThat(explained(old)).startsWith("deleted").contains(run);
        assertThat(explained("team/app@" + old)).startsWith("deleted").contains(run);
        assertThat(explained(digest("old layer"))).startsWith("deleted").contains(run);
        assertThat(explained(digest("doomed layer"))).startsWith("deleted").contains(run);
        assertThat(explained(orphan)).startsWith("deleted").contains(run);

        Tidemark.Result unknown = tidemark.type("explain", digest("never pushed"));
        assertThat(unknown.exitCode()).isNotZero();
        assertThat(unknown.err().lines()).hasSize(1);
    }

    @Test
    void theReportOpensInABrowser() {
        assumeTrue(Chromium.isInstalled(), "chromium is not installed: skipped");
        Path file = directory.resolve("report.html");
        assertThat(tidemark.type("report", run, "-o", file.toString()).exitCode())
                .isZero();

        try (Chromium chromium = Chromium.start()) {
            chromium.screen(1280, 900).open(file.toUri());

            assertThat(chromium.evaluate("document.documentElement.dataset.ready")
                            .asText())
                    .isEqualTo("true");
            assertThat(chromium.complaints()).isEmpty();
            assertThat(chromium.evaluate("document.body.textContent").asText())
                    .contains(run, "team/app", orphan.substring(0, 15));
        }
    }

    private String explained(String what) {
        Tidemark.Result result = tidemark.type("explain", what);
        assertThat(result.exitCode()).as(what + ": " + result.err()).isZero();
        return result.out();
    }

    private static String digest(String content) {
        return Digest.Algorithm.SHA256
                .of(content.getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
