package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.ui.Place;
import dev.tidemark.cli.ui.ServedPage;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a data directory, beside the command that collects. */
class UiIT {

    private static final String READ = "Tidemark-Read";
    private static final String STALE = "Tidemark-Stale";

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private Tidemark tidemark;
    private Path data;
    private int before;

    @BeforeEach
    void aRunWaits() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        var app = registry.repo("team/app");
        app.tag("latest", app.image("kept"));
        app.image("untagged");
        before = registry.blobs().size();
        tidemark = new Tidemark(directory.resolve("home"));
        data = directory.resolve("home/data");
        assertThat(collect().exitCode()).isEqualTo(ExitCode.WAITING);
    }

    private Tidemark.Result collect() {
        return tidemark.collect(
                "--delete-untagged",
                "--min-age",
                "0",
                "--max-delete",
                "5",
                "--keep-trash",
                "24h",
                registry.root().toString());
    }

    private ServedPage page() {
        return ServedPage.of(Place.directory(data, Optional.of(registry.root())), Main::captured);
    }

    @Test
    void aRunIsLookedAtApprovedSweptByACollectionBesideThePageAndUndone() {
        try (ServedPage page = page()) {
            JsonNode waiting = document(page.get("/api/runs"), "runs").path(0);
            assertThat(waiting.path("state").asText()).isEqualTo("waiting");
            String run = "/api/runs/" + waiting.path("run").asText();
            assertThat(document(page.get(run), "show").path("why").asText()).contains("%");
            assertThat(document(page.get(run + "/report"), "report")
                            .path("effect")
                            .isObject())
                    .isTrue();
            assertThat(page.get(run + "/report.html").body())
                    .startsWith("<!doctype html>")
                    .contains("team/app");
            assertThat(page.post("/api/policy", "{\"policy\":\"rules: []\"}").statusCode())
                    .as("a try would end the run that waits")
                    .isEqualTo(409);

            HttpResponse<String> approved = page.post(run + "/approve", "{}");
            assertThat(approved.body()).contains("is approved: tidemark collect sweeps it");
            assertThat(state(page)).isEqualTo("sweeping");
            assertThat(page.post(run + "/approve", "{}").statusCode()).isEqualTo(400);

            assertThat(collect().exitCode()).as("the page holds nothing").isZero();
            assertThat(registry.blobs().size()).isLessThan(before);
            assertThat(state(page)).isEqualTo("swept");

            JsonNode trash = document(page.get("/api/trash"), "trash-list");
            assertThat(run).endsWith(trash.path(0).path("run").asText());
            JsonNode preview = document(page.post(run + "/undo", "{\"dryRun\":true}"), "undo");
            assertThat(preview.path("restored").path("count").asInt()).isPositive();
            assertThat(registry.blobs().size()).isLessThan(before);
            JsonNode undone = document(page.post(run + "/undo", "{\"dryRun\":false}"), "undo");
            assertThat(undone.path("restored")).isEqualTo(preview.path("restored"));
            assertThat(registry.blobs()).hasSize(before);
            assertThat(document(page.get("/api/trash"), "trash-list")).isEmpty();
        }
    }

    @Test
    void anAnswerIsKeptWhileOthersReadAndIsOldWhileSomebodyHasTheDirectory() {
        try (ServedPage page = page()) {
            HttpResponse<String> first = page.get("/api/runs");
            assertThat(tidemark.type("show").exitCode()).isZero();
            assertThat(page.get("/api/explain?subject=team%2Fapp%3Alatest").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> again = page.get("/api/runs");
            assertThat(again.headers().firstValue(READ))
                    .as("to read changes nothing")
                    .isEqualTo(first.headers().firstValue(READ));

            assertThat(tidemark.type("cancel", "latest").exitCode()).isZero();
            try (DataDirectory held = DataDirectory.openExisting(data)) {
                assertThat(held.hasTopics()).isTrue();
                HttpResponse<String> old = page.get("/api/runs");
                assertThat(old.body()).isEqualTo(first.body());
                assertThat(old.headers().firstValue(STALE).orElseThrow()).contains("is under way");
                assertThat(page.get("/api/explain?subject=team%2Fapp%3Anone").statusCode())
                        .isEqualTo(409);
                assertThat(page.post("/api/runs/20260131-235959/cancel", "{}").statusCode())
                        .isEqualTo(409);
                assertThat(page.get("/api/trash").statusCode())
                        .as("the storage is nobody's")
                        .isEqualTo(200);
            }
            assertThat(state(page)).isEqualTo("cancelled");
        }
    }

    @Test
    void aPolicyIsTriedOnceNothingWaits() {
        try (ServedPage page = page()) {
            tidemark.type("cancel", "latest");

            HttpResponse<String> none = page.post("/api/policy", "{\"policy\":\"tags: nonsense\"}");
            assertThat(none.statusCode()).isEqualTo(400);
            assertThat(ServedPage.json(none).path("error").asText()).startsWith("policy, line 1");
            JsonNode tried = document(page.post("/api/policy", """
                    {"policy":"policies: [{name: old, repositories: ['**'], \
                    tags: [{match: ['*'], keepAny: {newest: 1}}]}]"}\
                    """), "policy-try");
            assertThat(tried.path(0).path("repository").asText()).isEqualTo("team/app");
            assertThat(state(page)).isEqualTo("decided");
        }
    }

    @Test
    void aSubjectIsNoOptionAndNamesNoFile() throws IOException {
        Path words = Files.writeString(directory.resolve("words"), "--help");
        try (ServedPage page = page()) {
            for (String subject : new String[] {"--help", "@" + words}) {
                HttpResponse<String> answer = page.get("/api/explain?subject=" + subject);

                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(ServedPage.json(answer).path("error").asText()).contains(subject);
            }
        }
    }

    @Test
    void theCommandPrintsItsAddressAndEndsWhenItIsToldTo() throws Exception {
        Path output = directory.resolve("output");
        Process process = Processes.java(
                "256m", Main.class, output, Map.of(), "ui", "--port", "0", "--data-dir", data.toString());
        Processes.await(
                "it says where it is", () -> !process.isAlive() || said(output).contains("until Ctrl-C"));
        String address = said(output).replaceAll("(?s).*The page is at (\\S+) until.*", "$1");

        try (var page = ServedPage.at(address)) {
            assertThat(page.get("/").statusCode()).isEqualTo(200);
            assertThat(ServedPage.json(page.get("/api/runs"))
                            .path(0)
                            .path("state")
                            .asText())
                    .isEqualTo("waiting");
        }
        assertThat(collect().exitCode()).isEqualTo(ExitCode.WAITING);
        Processes.signal(process, "TERM");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    private static String said(Path output) {
        try {
            return Files.exists(output) ? Files.readString(output) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String state(ServedPage page) {
        return document(page.get("/api/runs"), "runs").path(0).path("state").asText();
    }

    /** The document of an answer, which has to be as its schema says. */
    private static JsonNode document(HttpResponse<String> answer, String schema) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        OutputSchemas.assertValid(schema, answer.body());
        return ServedPage.json(answer);
    }
}
