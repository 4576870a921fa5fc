package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.testkit.Chromium;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry is collected, and its report opened. */
class ReportIT {

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private Tidemark tidemark;

    @BeforeEach
    void aRegistryWithGarbage() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        for (String name : List.of("team/app", "team/other", "alone")) {
            var repository = registry.repo(name);
            repository.tag(
                    "v1",
                    repository.image(
                            RegistryOnDisk.DOCKER_IMAGE,
                            repository.layer("config of " + name),
                            repository.layer("shared"),
                            repository.layer("of " + name)));
            repository.image(
                    RegistryOnDisk.DOCKER_IMAGE,
                    repository.layer("old config"),
                    repository.layer("shared"),
                    repository.layer("dead, of " + name));
        }
        registry.blob("orphan");
        tidemark = new Tidemark(directory.resolve("home"));
    }

    private JsonNode collect(String... options) {
        List<String> all = new ArrayList<>(List.of("-m", "--min-age", "0", "--format", "json"));
        all.addAll(List.of(options));
        all.add(directory.resolve("registry").toString());
        return tidemark.collect(all.toArray(String[]::new)).summary();
    }

    private Tidemark.Result report(String... options) {
        List<String> all = new ArrayList<>(
                List.of("report", "--data-dir", directory.resolve("home/data").toString()));
        all.addAll(List.of(options));
        return Tidemark.run(all.toArray(String[]::new));
    }

    @Test
    void aReportsFiguresAreThoseOfTheSummary() throws IOException {
        JsonNode dryRun = collect("--dry-run");
        JsonNode swept = collect("--max-delete", "100");

        for (JsonNode summary : List.of(dryRun, swept)) {
            Tidemark.Result result = report(summary.path("run").asText(), "--format", "json");
            assertThat(result.exitCode()).as(result.err()).isZero();
            JsonNode report = JsonSerde.MAPPER.readTree(result.out());

            assertThat(report.path("run").path("registry").asText())
                    .isEqualTo(summary.path("registry").asText());
            assertThat(report.path("gaps")).isEmpty();
            assertThat(report.path("found").path("bytes").asLong())
                    .isEqualTo(summary.path("blobs").path("found").path("bytes").asLong());
            assertThat(report.path("effect").path("bytes").asLong())
                    .isPositive()
                    .isEqualTo(
                            summary.path("blobs").path("eligible").path("bytes").asLong());
            assertThat(freed(report.path("repositories").path("listed"), "name", "freed"))
                    .isEqualTo(freed(summary.path("frees"), "repository", "bytes"));
            assertThat(report.path("map").path("held").asLong())
                    .isEqualTo(summary.path("blobs").path("found").path("bytes").asLong());
        }
    }

    private static Map<String, Long> freed(JsonNode list, String name, String bytes) {
        var freed = new TreeMap<String, Long>();
        list.forEach(one -> {
            if (one.path(bytes).asLong() > 0) {
                freed.put(one.path(name).asText(), one.path(bytes).asLong());
            }
        });
        return freed;
    }

    @Test
    void aReportIsAFileThatABrowserShows() throws IOException {
        collect("--dry-run");
        JsonNode swept = collect("--max-delete", "100");
        Path file = directory.resolve("report.html");

        Tidemark.Result result = report("-o", file.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .startsWith(file + ": ")
                .contains("of the run " + swept.path("run").asText());
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).doesNotContain("report.html.unfinished");
        }
        assumeTrue(Chromium.isInstalled(), "chromium is not installed: the report is not opened");
        try (Chromium chromium = Chromium.start()) {
            chromium.screen(1280, 900).open(file.toUri());
            assertThat(chromium.evaluate("document.documentElement.dataset.ready")
                            .asText())
                    .isEqualTo("true");
            assertThat(chromium.complaints()).isEmpty();
            assertThat(chromium.requests())
                    .filteredOn(request -> !request.startsWith("data:"))
                    .containsExactly(file.toUri().toString());
            assertThat(chromium.evaluate("document.querySelector('.state').textContent")
                            .asText())
                    .isEqualTo("swept");
            assertThat(chromium.evaluate("document.querySelectorAll('#listing tr').length")
                            .asInt())
                    .isEqualTo(swept.path("swept").path("deleted").findValues("count").stream()
                            .mapToInt(JsonNode::asInt)
                            .sum());
            assertThat(chromium.evaluate("document.querySelectorAll('.line circle').length")
                            .asInt())
                    .isEqualTo(2);
            Path pictures = Files.createDirectories(Path.of("target", "report-pictures"));
            Files.write(pictures.resolve("collected.png"), chromium.screenshot());
        }
    }

    @Test
    void aReportListsEveryRowIfThatIsAskedFor() throws IOException {
        Tidemark.Result planned = tidemark.collect(
                "--dry-run",
                "-m",
                "--min-age",
                "0",
                directory.resolve("registry").toString());
        Path list = directory.resolve("all.jsonl");

        report("-o", directory.resolve("report.html").toString(), "--list", list.toString());

        var digests = new ArrayList<String>();
        for (String line : Files.readAllLines(list)) {
            OutputSchemas.assertValid("report-list", line);
            JsonNode row = JsonSerde.MAPPER.readTree(line);
            digests.add(row.path("kind").asText() + row.path("digest").asText());
        }
        assertThat(digests)
                .containsExactlyInAnyOrderElementsOf(planned.plan().stream()
                        .map(line ->
                                line.path("kind").asText() + line.path("digest").asText())
                        .toList());
    }

    @Test
    void aReportOnStandardOutputHasNothingBesideIt() {
        collect("--dry-run");

        Tidemark.Result result = report("-o", "-");

        assertThat(result.out()).startsWith("<!doctype html>").endsWith("</html>\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aDirectoryIsNotOverwritten() {
        Tidemark.Result result = report("-o", directory.toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(directory + " cannot be written");
        assertThat(directory).isDirectory();
    }

    @Test
    void aReportOfARunThatDoesNotExistIsAUsageErrorInOneLine() {
        collect("--dry-run");

        Tidemark.Result result = report("20010101-000000");

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err().lines()).hasSize(1).first().asString().contains("there is no run 20010101-000000");
    }
}
