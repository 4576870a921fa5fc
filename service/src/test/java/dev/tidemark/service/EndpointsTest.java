package dev.tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EndpointsTest {

  private final AtomicReference<Optional<String>> dead = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<String>> busy = new AtomicReference<>(Optional.of("it has not joined its \"group\""));

  @Test
  void saysWhetherItLivesAndIsReady() throws Exception {
    var health = new Health();
    health.live("threads", dead::get);
    health.ready("group", busy::get);
    try (var http = new HttpEndpoints(0, health, () -> "")) {
      assertThat(get(http, "/health/live").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = get(http, "/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).isEqualTo("{\"status\":\"down\",\"problems\":{\"group\":\"it has not joined its \\\"group\\\"\"}}\n");

      busy.set(Optional.empty());
      assertThat(get(http, "/health/ready").body()).contains("\"up\"");
      dead.set(Optional.of("one died"));
      assertThat(get(http, "/health/live").statusCode()).isEqualTo(503);
      assertThat(get(http, "/health/ready").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void whatIsNotThereIsNotFoundAndNothingIsTaken() throws Exception {
    try (var http = new HttpEndpoints(0, new Health(), () -> "")) {
      assertThat(get(http, "/admin").statusCode()).isEqualTo(404);
      assertThat(get(http, "/").body()).contains("/metrics");
      HttpRequest post = HttpRequest.newBuilder(uri(http, "/health/live")).POST(HttpRequest.BodyPublishers.ofString("x")).build();
      assertThat(HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
      assertThatThrownBy(() -> new HttpEndpoints(http.port(), new Health(), () -> ""))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining("TIDEMARK_HTTP_PORT");
    }
  }

  @Test
  void showsItsMetrics() throws Exception {
    var deletions = new AtomicLong(41);
    try (var metrics = new ServiceMetrics("sweeper", "sweeper-0");
        var http = new HttpEndpoints(0, new Health(), metrics::scrape)) {
      metrics.counter("tidemark.deletions", "Deletions", Tags.of("outcome", "deleted"), deletions::get);
      metrics.gauge("tidemark.run.age.seconds", "Age", Tags.empty(), () -> Double.NaN);
      deletions.incrementAndGet();

      HttpResponse<String> response = get(http, "/metrics");

      assertThat(response.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      assertThat(response.body())
          .contains("tidemark_deletions_total{instance=\"sweeper-0\",outcome=\"deleted\",service=\"sweeper\"} 42.0")
          .contains("tidemark_run_age_seconds{instance=\"sweeper-0\",service=\"sweeper\"} NaN")
          .contains("jvm_memory_used_bytes", "process_uptime_seconds", "logback_events_total");
    }
  }

  private static HttpResponse<String> get(HttpEndpoints http, String path) throws Exception {
    return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri(http, path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(HttpEndpoints http, String path) {
    return URI.create("http://localhost:" + http.port() + path);
  }
}
