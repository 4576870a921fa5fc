package dev.tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServiceLogsTest {

  @Test
  void anEventIsALineWithItsRun() throws Exception {
    List<String> text = logged(false);
    assertThat(text).hasSize(2);
    assertThat(text.get(0)).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  sweeper \\[20261124-010203\\] Test two\\\\nlines");
    assertThat(text.get(1)).contains("WARN", "failed", "java.lang.IllegalStateException: why").doesNotContain("\t");

    List<String> json = logged(true);
    assertThat(json).hasSize(2);
    JsonNode line = new ObjectMapper().readTree(json.get(1));
    assertThat(line.path("run").asText()).isEqualTo("20261124-010203");
    assertThat(line.path("service").asText()).isEqualTo("sweeper");
    assertThat(line.path("instance").asText()).isEqualTo("sweeper-0");
    assertThat(line.path("level").asText()).isEqualTo("WARN");
    assertThat(line.path("exception").asText()).contains("IllegalStateException: why");
  }

  private static List<String> logged(boolean json) {
    PrintStream before = System.out;
    var captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      ServiceLogs.configure("sweeper", "sweeper-0", json, "info", () -> "20261124-010203");
      var logger = LoggerFactory.getLogger("dev.tidemark.Test");
      logger.info("two\nlines");
      logger.debug("not shown");
      logger.warn("failed", new IllegalStateException("why"));
    } finally {
      System.setOut(before);
    }
    return captured.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
