package dev.tidemark.service.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointsTest {

    private final Health health = new Health();
    private final HttpEndpoints http = new HttpEndpoints(0, health, () -> "tidemark_up 1.0\n");
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready"})
    void upIfNothingIsWrong(String path) throws Exception {
        HttpResponse<String> answer = ask("GET", path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(json(answer)).isEqualTo(Map.of("status", "up", "problems", Map.of()));
    }

    @Test
    void downWithWhatIsWrong() throws Exception {
        health.ready("group", () -> Optional.of("not \"joined\""));
        HttpResponse<String> answer = ask("GET", "/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer)).isEqualTo(Map.of("status", "down", "problems", Map.of("group", "not \"joined\"")));
        assertThat(ask("GET", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreForPrometheus() throws Exception {
        HttpResponse<String> answer = ask("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).isEqualTo("tidemark_up 1.0\n");
    }

    @Test
    void theRootListsWhatThereIs() throws Exception {
        assertThat(ask("GET", "/").body()).contains("/health/live", "/health/ready", "/metrics");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live/", "/metrics/x", "/favicon.ico"})
    void thereIsNothingElse(String path) throws Exception {
        assertThat(ask("GET", path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void nothingCanBeChanged(String method) throws Exception {
        HttpResponse<String> answer = ask(method, "/metrics");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void headHasTheStatusOnly() throws Exception {
        health.live("streams", () -> Optional.of("stopped"));
        HttpResponse<String> answer = ask("HEAD", "/health/live");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aPortInUseIsSaidInOneLine() {
        assertThatThrownBy(() -> new HttpEndpoints(http.port(), health, () -> ""))
                .isInstanceOf(InvalidSettingsException.class)
                .message()
                .contains(Integer.toString(http.port()), "TIDEMARK_HTTP_PORT")
                .doesNotContain("\n");
    }

    @Test
    void closedItAnswersNobody() {
        int port = http.port();
        http.close();
        assertThatThrownBy(() -> ask("GET", port, "/")).isInstanceOf(ConnectException.class);
    }

    private static Map<String, Object> json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readValue(answer.body(), new TypeReference<>() {});
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        return ask(method, http.port(), path);
    }

    private HttpResponse<String> ask(String method, int port, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .method(method, BodyPublishers.noBody())
                        .timeout(Duration.ofMinutes(5))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void aRequestThatFailsIsAnsweredToo() throws Exception {
        health.live("streams", () -> {
            throw new IllegalStateException("closed");
        });
        assertThat(ask("GET", "/health/live").statusCode()).isEqualTo(503);
        try (var broken = new HttpEndpoints(0, health, () -> {
            throw new IllegalStateException("no metrics");
        })) {
            HttpResponse<String> answer = ask("GET", broken.port(), "/metrics");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("no metrics");
        }
    }

    @Test
    void clientsThatSendNoMoreThanAByteHoldNobodyUp() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                var socket = new Socket("localhost", http.port());
                idle.add(socket);
                socket.getOutputStream().write('G');
            }
            assertThat(ask("GET", "/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }
}
