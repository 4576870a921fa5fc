package dev.tidemark.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UnknownRunException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request of the page, as the command that it is. */
class ApiTest {

    private static final String RUN = "20260131-235959";
    private static final List<String> KAFKA = List.of("--bootstrap-servers", "kafka:9092");
    private static final Place CLUSTER = Place.cluster("kafka:9092", KAFKA, Optional.of(Path.of("/registry")));

    @TempDir
    private Path data;

    private final TypedCommands commands = new TypedCommands();

    static final List<Arguments> READ = List.of(
            Arguments.of("/api/runs", "runs OPTIONS --format json --"),
            Arguments.of("/api/runs/" + RUN, "show OPTIONS --format json -- " + RUN),
            Arguments.of("/api/runs/" + RUN + "/report", "report OPTIONS --format json -- " + RUN),
            Arguments.of("/api/runs/" + RUN + "/report.html", "report --output - OPTIONS -- " + RUN),
            Arguments.of("/api/trash", "trash list --format json -- /registry"),
            Arguments.of("/api/explain?subject=team%2Fapp%3Av1", "explain OPTIONS --format json -- team/app:v1"),
            Arguments.of("/api/explain?subject=a&run=" + RUN, "explain --run " + RUN + " OPTIONS --format json -- a"));

    static final List<Arguments> DONE = List.of(
            Arguments.of("/api/runs", "{}", "run --dry-run --detach OPTIONS"),
            Arguments.of("/api/runs", "{\"deleteUntagged\":true}", "run --dry-run --detach OPTIONS --delete-untagged"),
            Arguments.of("/api/runs/" + RUN + "/approve", "{}", "approve --detach OPTIONS -- " + RUN),
            Arguments.of("/api/runs/" + RUN + "/cancel", "{}", "cancel OPTIONS -- " + RUN),
            Arguments.of(
                    "/api/runs/" + RUN + "/undo",
                    "{\"dryRun\":true}",
                    "undo --format json OPTIONS --dry-run -- " + RUN + " /registry"),
            Arguments.of(
                    "/api/runs/" + RUN + "/undo",
                    "{\"dryRun\":false}",
                    "undo --format json OPTIONS -- " + RUN + " /registry"));

    @ParameterizedTest
    @FieldSource("READ")
    void aQuestionIsACommandThatReads(String path, String command) {
        try (var page = ServedPage.of(CLUSTER, commands)) {
            HttpResponse<String> answer = page.get(path);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).startsWith("{\"words\":");
            assertThat(answer.headers().firstValue("Tidemark-Read")).isPresent();
            assertTyped(command, KAFKA);
        }
    }

    @ParameterizedTest
    @FieldSource("DONE")
    void anActionIsACommandThatActs(String path, String body, String command) {
        try (var page = ServedPage.of(CLUSTER, commands)) {
            assertThat(page.post(path, body).statusCode()).isEqualTo(200);
            assertTyped(command, KAFKA);
        }
    }

    @Test
    void ofADataDirectoryTheCommandsNameIt() {
        try (var page = ServedPage.of(Place.directory(data, Optional.empty()), commands)) {
            page.get("/api/runs");

            assertTyped("runs OPTIONS --format json --", List.of("--data-dir", data.toString()));
        }
    }

    private void assertTyped(String command, List<String> options) {
        assertThat(commands.typed)
                .containsExactly(List.of(
                        command.replace("OPTIONS", String.join(" ", options)).split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--registry=/etc", "-q", "@/etc/passwd", "--", "a b;c", "--bootstrap-servers=x"})
    void aSubjectIsAnArgumentWhateverItIs(String subject) {
        try (var page = ServedPage.of(CLUSTER, commands)) {
            page.get("/api/explain?subject=" + URLEncoder.encode(subject, StandardCharsets.UTF_8));

            assertThat(commands.typed)
                    .singleElement()
                    .satisfies(
                            words -> assertThat(words).endsWith("--", subject).startsWith("explain"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "--help", "20260131", "20260131-235959x", "..", "20261331-235959", "%40file"})
    void nothingButAnIdOfARunIsOne(String run) {
        try (var page = ServedPage.of(CLUSTER, commands)) {
            assertThat(page.get("/api/runs/" + run + "/report").statusCode()).isEqualTo(404);
            assertThat(page.post("/api/runs/" + run + "/approve", "{}").statusCode())
                    .isEqualTo(404);
            assertThat(page.get("/api/explain?subject=a&run=" + run).statusCode())
                    .isEqualTo(404);
            assertThat(commands.typed).isEmpty();
        }
    }

    @Test
    void aQuestionThatLacksSomethingIsAnsweredWithoutACommand() {
        try (var page = ServedPage.of(Place.cluster("kafka:9092", KAFKA, Optional.empty()), commands)) {
            assertThat(page.get("/api/explain").statusCode()).isEqualTo(400);
            assertThat(page.get("/api/explain?subject=").statusCode()).isEqualTo(400);
            assertThat(page.post("/api/runs/" + RUN + "/undo", "{}").statusCode())
                    .isEqualTo(400);
            assertThat(page.post("/api/runs/" + RUN + "/undo", "{\"dryRun\":\"false\"}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(page.post("/api/runs", "{\"deleteUntagged\":1}").statusCode())
                    .isEqualTo(400);
            assertThat(page.post("/api/policy", "{}").statusCode()).isEqualTo(400);
            HttpResponse<String> trash = page.get("/api/trash");
            assertThat(trash.statusCode()).isEqualTo(400);
            assertThat(ServedPage.json(trash).path("error").asText()).contains("no registry is named");
            assertThat(commands.typed).isEmpty();
        }
    }

    @Test
    void theStateSaysWhatThePageMayOffer() {
        try (var page = ServedPage.of(CLUSTER, commands)) {
            assertThat(page.get("/api/state").body())
                    .isEqualTo("{\"name\":\"kafka:9092\",\"local\":false,\"registry\":\"/registry\",\"readOnly\":false,"
                            + "\"version\":\"0.2.0\",\"canRun\":true,\"canUndo\":true,\"canTry\":false,"
                            + "\"options\":[\"--bootstrap-servers\",\"kafka:9092\"]}");
        }
        try (var page = ServedPage.of(Place.directory(data, Optional.empty()), commands)) {
            assertThat(ServedPage.json(page.get("/api/state")))
                    .hasToString("{\"name\":\"" + data + "\",\"local\":true,\"readOnly\":false,\"version\":\"0.2.0\","
                            + "\"canRun\":false,\"canUndo\":false,\"canTry\":false,\"options\":[\"--data-dir\",\""
                            + data + "\"]}");
        }
        assertThat(commands.typed).isEmpty();
    }

    static final List<Arguments> FAILURES = List.of(
            Arguments.of(new BusyException("a run is under way"), 409, 1),
            Arguments.of(new UnknownRunException("there is no run"), 404, 2),
            Arguments.of(new UsageException("is no data directory"), 400, 2),
            Arguments.of(new InvalidSettingsException("config.yml is none"), 400, 2),
            Arguments.of(new CollectionException("Kafka does not answer"), 502, 1),
            Arguments.of(new IllegalStateException("a fault"), 502, 1));

    @ParameterizedTest
    @FieldSource("FAILURES")
    void aCommandThatFailsIsAnsweredWithItsLine(Exception why, int status, int exit) {
        commands.end = words -> TypedCommands.failed(why);
        try (var page = ServedPage.of(CLUSTER, commands)) {
            for (HttpResponse<String> answer :
                    List.of(page.get("/api/runs"), page.post("/api/runs/" + RUN + "/approve", "{}"))) {
                assertThat(answer.statusCode()).isEqualTo(status);
                assertThat(answer.body()).isEqualTo("{\"error\":\"" + why.getMessage() + "\",\"exit\":" + exit + "}");
            }
        }
    }

    @Test
    void aSubjectThatNobodyKnowsHasTheOnesThatItCouldBe() {
        commands.end = words ->
                TypedCommands.complained(ExitCode.USAGE, "tidemark: several begin so\n  sha256:ab1\n  sha256:ab2\n");
        try (var page = ServedPage.of(CLUSTER, commands)) {
            HttpResponse<String> answer = page.get("/api/explain?subject=ab");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body())
                    .isEqualTo("{\"error\":\"several begin so\",\"exit\":2,\"more\":[\"sha256:ab1\",\"sha256:ab2\"]}");
        }
    }

    @Test
    void anActionIsAnsweredWithItsLinesOrItsDocument() {
        commands.end = words -> TypedCommands.printed("the run is approved\n");
        try (var page = ServedPage.of(CLUSTER, commands)) {
            assertThat(page.post("/api/runs/" + RUN + "/approve", "{}").body())
                    .isEqualTo("{\"lines\":[\"the run is approved\"],\"exit\":0}");

            commands.end = words -> new Outcome(1, "{\"failed\":[\"x\"]}", "tidemark: x\n", Optional.empty());
            HttpResponse<String> undone = page.post("/api/runs/" + RUN + "/undo", "{\"dryRun\":false}");
            assertThat(undone.statusCode()).isEqualTo(200);
            assertThat(undone.body()).isEqualTo("{\"failed\":[\"x\"]}");
            assertThat(page.notes()).containsExactly("x");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPolicyLiesInAFileOfThisUserAsLongAsItIsTried() {
        var tried = new CompletableFuture<Map.Entry<Path, String>>();
        commands.end = words -> {
            if (words.getFirst().equals("runs")) {
                return TypedCommands.printed("[{\"run\":\"" + RUN + "\",\"state\":\"swept\"}]");
            }
            Path file = Path.of(words.get(words.indexOf("--") + 1));
            tried.complete(Map.entry(file, contentAndRights(file)));
            return TypedCommands.failed(new InvalidSettingsException(file + ", line 1: no\n" + file + ", line 2: no"));
        };
        try (var page = ServedPage.of(Place.directory(data, Optional.of(Path.of("/registry"))), commands)) {
            HttpResponse<String> answer = page.post("/api/policy", "{\"policy\":\"rules: []\\n\"}");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo("{\"error\":\"policy, line 1: no\",\"exit\":2,\"more\":[\"policy, line 2: no\"]}");
            assertThat(tried.join().getValue()).isEqualTo("rules: []\n rw-------");
            assertThat(tried.join().getKey()).doesNotExist();
            assertThat(commands.typed.getLast())
                    .startsWith("policy", "try", "--format", "json", "--data-dir", data.toString(), "--")
                    .endsWith("/registry");
        }
    }

    private static String contentAndRights(Path file) {
        try {
            return Files.readString(file) + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"waiting", "sweeping"})
    void aPolicyIsNotTriedInThePlaceOfARunThatWaits(String state) {
        commands.end = words -> TypedCommands.printed("[{\"run\":\"" + RUN + "\",\"state\":\"" + state + "\"}]");
        try (var page = ServedPage.of(Place.directory(data, Optional.of(Path.of("/registry"))), commands)) {
            HttpResponse<String> answer = page.post("/api/policy", "{\"policy\":\"rules: []\"}");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains(RUN);
            assertThat(commands.typed)
                    .singleElement()
                    .satisfies(words -> assertThat(words).startsWith("runs"));
        }
    }

    @Test
    void oneActionIsDoneAtATimeAndWaitsForNoIndexOfACluster() throws Exception {
        var begun = new CountDownLatch(2);
        var go = new CountDownLatch(1);
        commands.end = words -> {
            if (words.contains("approve") || words.contains("explain")) {
                begun.countDown();
                awaitUninterrupted(go);
            }
            return TypedCommands.printed("done\n");
        };
        try (var page = ServedPage.of(CLUSTER, commands)) {
            var explained = CompletableFuture.supplyAsync(() -> page.get("/api/explain?subject=a"));
            var first = CompletableFuture.supplyAsync(() -> page.post("/api/runs/" + RUN + "/approve", "{}"));
            begun.await();

            assertThat(page.post("/api/runs/" + RUN + "/approve", "{}").statusCode())
                    .isEqualTo(409);
            assertThat(page.get("/api/runs").statusCode()).isEqualTo(200);
            go.countDown();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(explained.join().statusCode()).isEqualTo(200);
            assertThat(page.post("/api/runs/" + RUN + "/approve", "{}").statusCode())
                    .isEqualTo(200);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
