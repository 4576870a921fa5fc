package dev.tidemark.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsEndpointTest {

    private static final String TYPE = "application/vnd.docker.distribution.events.v2+json";
    private static final String BEARER = "Bearer a secret";

    private final HttpEndpoints http = new HttpEndpoints(0, new Health(), () -> "");
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> kept = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void open() {
        http.take(new EventsEndpoint("a secret", body -> kept.add(new String(body, StandardCharsets.UTF_8))));
    }

    @AfterEach
    void close() {
        http.close();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TYPE,
                "application/vnd.docker.distribution.events.v1+json",
                "Application/vnd.docker.distribution.events.v2+json; charset=utf-8"
            })
    void aRequestOfTheRegistryIsAnsweredWhenItIsKept(String type) throws Exception {
        assertThat(post("/events", BEARER, type, "{}")).isEqualTo(200);
        assertThat(kept).containsExactly("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer another secret", "Bearer a secret2", "Basic a secret", "a secret"})
    void aRequestWithoutTheSecretIsRefused(String authorization) throws Exception {
        assertThat(post("/events", authorization, TYPE, "{}")).isEqualTo(401);
        assertThat(kept).isEmpty();
    }

    @Test
    void aRequestOfAnotherTypeIsRefused() throws Exception {
        assertThat(post("/events", BEARER, "application/json", "{}")).isEqualTo(415);
        assertThat(kept).isEmpty();
    }

    @Test
    void aRequestThatIsTooLargeIsRefused() throws Exception {
        assertThat(post("/events", BEARER, TYPE, " ".repeat(1 << 20))).isEqualTo(200);
        assertThat(post("/events", BEARER, TYPE, " ".repeat((1 << 20) + 1))).isEqualTo(413);
        assertThat(kept).hasSize(1);
    }

    @Test
    void aRequestThatKafkaHasNotKeptMustBeSentAgain() throws Exception {
        try (var broken = new HttpEndpoints(0, new Health(), () -> "")) {
            broken.take(new EventsEndpoint("a secret", body -> {
                throw new TimeoutException("no broker");
            }));
            assertThat(post(broken.port(), "/events", BEARER, TYPE, "{}")).isEqualTo(503);
        }
    }

    @Test
    void thereIsNothingBelowAndNothingToRead() throws Exception {
        assertThat(post("/events/x", BEARER, TYPE, "{}")).isEqualTo(404);
        HttpRequest get = HttpRequest.newBuilder(uri(http.port(), "/events")).build();
        assertThat(client.send(get, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
        assertThat(kept).isEmpty();
    }

    private int post(String path, String authorization, String type, String body) throws Exception {
        return post(http.port(), path, authorization, type, body);
    }

    private int post(int port, String path, String authorization, String type, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static URI uri(int port, String path) {
        return URI.create("http://localhost:" + port + path);
    }
}
