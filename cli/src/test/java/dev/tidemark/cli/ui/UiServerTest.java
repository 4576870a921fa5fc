package dev.tidemark.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests that the page's server answers, and those that it refuses. */
class UiServerTest {

    private static final Place CLUSTER =
            Place.cluster("kafka:9092", List.of("--prefix", "p."), Optional.of(Path.of("/registry")));

    private final TypedCommands commands = new TypedCommands();
    private final ServedPage page = ServedPage.of(CLUSTER, commands);

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void thePageItselfNeedsNoTokenAndLoadsNothingFromElsewhere() {
        HttpResponse<String> answer = page.ask(page.request("/"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("Tidemark");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing.js",
                "/../UiFiles.class",
                "/..%2fUiFiles.class",
                "/%2e%2e/page/report.js",
                "//etc/passwd",
                "/index.html/",
                "/api"
            })
    void noOtherFileIsServed(String path) {
        assertThat(page.answerTo("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .contains(" 404 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                ServedPage.TOKEN,
                "Basic " + ServedPage.TOKEN,
                "Bearer " + ServedPage.TOKEN + "2",
                "Bearer a-token-of-this-tes",
                "Bearer A-TOKEN-OF-THIS-TEST"
            })
    void withoutTheTokenNothingIsSaidAndNothingIsDone(String authorization) {
        for (String path : List.of("/api/state", "/api/runs", "/api/nothing", "/api/runs/20260131-235959/approve")) {
            var wrong = page.request(path).header("Authorization", authorization);
            assertThat(page.ask(wrong).statusCode()).as(path).isEqualTo(401);
            HttpResponse<String> posted =
                    page.ask(wrong.header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}")));
            assertThat(posted.statusCode()).as(path).isEqualTo(401);
            assertThat(posted.headers().firstValue("WWW-Authenticate")).isPresent();
        }
        assertThat(page.ask(page.request("/api/state")).statusCode()).isEqualTo(401);
        assertThat(page.ask(page.request("/api/state?token=" + ServedPage.TOKEN))
                        .statusCode())
                .isEqualTo(401);
        assertThat(commands.typed).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:8642, 200",
        "LocalHost:9999, 200",
        "127.0.0.1:1, 200",
        "[::1]:1, 200",
        "evil.example, 421",
        "evil.example:8642, 421",
        "localhost.evil.example, 421",
        "127.0.0.1.evil.example, 421",
        "evil.example#localhost, 421",
        "'', 421"
    })
    void aNameOfSomebodyElseThatLeadsHereIsRefused(String host, int status) {
        for (String path : List.of("/", "/api/state")) {
            assertThat(page.answerTo("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer "
                            + ServedPage.TOKEN + "\r\nConnection: close\r\n\r\n"))
                    .contains(" " + status + " ");
        }
    }

    @Test
    void aRequestThatNamesNoHostIsRefused() {
        assertThat(page.answerTo("GET / HTTP/1.0\r\n\r\n")).contains(" 421 ");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /, 'GET, HEAD'",
        "POST, /, 'GET, HEAD'",
        "POST, /api/state, 'GET, HEAD'",
        "DELETE, /api/runs, 'GET, HEAD, POST'",
        "OPTIONS, /api/runs, 'GET, HEAD, POST'",
        "GET, /api/policy, POST",
        "GET, /api/runs/20260131-235959/approve, POST",
        "POST, /api/runs/20260131-235959, 'GET, HEAD'"
    })
    void anotherMethodIsRefused(String method, String path, String allowed) {
        HttpResponse<String> answer = page.ask(page.request(path)
                .header("Authorization", "Bearer " + ServedPage.TOKEN)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString("{}")));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(answer.headers().map()).doesNotContainKey("Access-Control-Allow-Origin");
        assertThat(commands.typed).isEmpty();
    }

    @Test
    void headHasTheHeadersOnly() {
        HttpResponse<String> answer = page.ask(page.request("/api/runs")
                .header("Authorization", "Bearer " + ServedPage.TOKEN)
                .method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Tidemark-Read")).isPresent();
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/json-patch+json"})
    void aFormOfAnotherSiteIsNoAction(String type) {
        var request = page.request("/api/runs")
                .header("Authorization", "Bearer " + ServedPage.TOKEN)
                .POST(BodyPublishers.ofString("{}"));

        assertThat(page.ask(type.isEmpty() ? request : request.header("Content-Type", type))
                        .statusCode())
                .isEqualTo(415);
        assertThat(commands.typed).isEmpty();
    }

    @Test
    void aBodyThatIsTooLargeOrNoObjectIsRefused() {
        String policy = "{\"policy\":\"" + "x".repeat((1 << 20) - 13) + "\"}";
        assertThat(page.post("/api/runs", policy).statusCode()).isEqualTo(200);
        assertThat(page.post("/api/runs", policy + " ").statusCode()).isEqualTo(413);
        for (String body : List.of("", "[]", "\"text\"", "{", "null")) {
            assertThat(page.post("/api/runs", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(commands.typed).hasSize(1);
    }

    @Test
    void aPageToLookAtActsOnNothing() {
        try (var looking = ServedPage.readOnly(CLUSTER, commands)) {
            for (String path : List.of(
                    "/api/runs",
                    "/api/runs/20260131-235959/approve",
                    "/api/runs/20260131-235959/cancel",
                    "/api/runs/20260131-235959/undo",
                    "/api/policy")) {
                assertThat(looking.post(path, "{\"dryRun\":false}").statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(commands.typed).isEmpty();
            assertThat(looking.get("/api/runs").statusCode()).isEqualTo(200);
            assertThat(ServedPage.json(looking.get("/api/state"))
                            .path("readOnly")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void anAnswerThatFailsIsAnsweredAndToldToTheProcess() {
        commands.end = words -> {
            throw new IllegalStateException("a fault");
        };

        assertThat(page.get("/api/runs").statusCode()).isEqualTo(500);
        assertThat(page.notes()).singleElement().asString().contains("a fault");
        commands.end = words -> TypedCommands.printed("[]");
        assertThat(page.get("/api/runs").statusCode()).isEqualTo(200);
    }
}
