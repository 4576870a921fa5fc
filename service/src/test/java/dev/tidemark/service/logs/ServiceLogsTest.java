package dev.tidemark.service.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ServiceLogsTest {

    private static final Logger LOG = LoggerFactory.getLogger("dev.tidemark.enumerator.lead.Coordinator");

    private final PrintStream terminal = System.out;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String run = "-";

    @BeforeEach
    void catchStandardOutput() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void putItBack() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
        System.setOut(terminal);
    }

    @Test
    void aLineOfText() {
        configure(false, "info");
        LOG.info("leads {}", "the run");
        assertThat(lines())
                .singleElement()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  enumerator \\[-] Coordinator "
                        + "leads the run");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRunAtHandIsAskedForEachTime(boolean json) {
        configure(json, "info");
        LOG.info("before");
        run = "20261124-010203";
        LOG.info("in it");
        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).doesNotContain("20261124-010203"),
                        line -> assertThat(line).contains("20261124-010203"));
    }

    @Test
    void aLineOfJson() throws Exception {
        configure(true, "info");
        run = "a \"run\"";
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        LOG.warn("it's \"odd\"\nat times: ü");
        Map<?, ?> line = new ObjectMapper().readValue(lines().getFirst(), Map.class);
        assertThat(lines()).hasSize(1);
        assertThat(Instant.ofEpochMilli((long) line.get("timestamp"))).isBetween(before, Instant.now());
        line.remove("timestamp");
        assertThat(line)
                .isEqualTo(fields(
                        "level",
                        "WARN",
                        "threadName",
                        Thread.currentThread().getName(),
                        "loggerName",
                        "dev.tidemark.enumerator.lead.Coordinator",
                        "formattedMessage",
                        "it's \"odd\"\nat times: ü",
                        "throwable",
                        null,
                        "service",
                        "enumerator",
                        "instance",
                        "host-1",
                        "run",
                        "a \"run\""));
    }

    private static Map<String, Object> fields(Object... pairs) {
        var fields = new HashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    @Test
    void aFailureOfANetworkOrADiskIsToldByItsCauses() {
        configure(false, "info");
        LOG.warn("tried again", networkFailure());
        LOG.error("given up", networkFailure());
        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .endsWith("Coordinator tried again: KafkaException: no\\nanswer; because of "
                                        + "TimeoutException; because of SocketException: Connection reset"),
                        line -> assertThat(line)
                                .contains("given up: KafkaException")
                                .doesNotContain("ServiceLogsTest"));
    }

    @Test
    void aFailureHasItsTraceAtDebugAndInJson() {
        configure(false, "debug");
        LOG.warn("tried again", networkFailure());
        configure(true, "info");
        LOG.warn("tried again", networkFailure());
        assertThat(lines())
                .hasSize(2)
                .allMatch(line -> line.contains("ServiceLogsTest") && line.contains("Connection reset"));
    }

    private static Exception networkFailure() {
        return new KafkaException(
                "no\nanswer",
                new TimeoutException(null, new KafkaException("no\nanswer", new SocketException("Connection reset"))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExceptionIsInTheSameLine(boolean json) {
        configure(json, "info");
        LOG.error("cannot go on", new IllegalStateException("two\nlines", new RuntimeException("the cause")));
        assertThat(lines())
                .singleElement()
                .asString()
                .contains("cannot go on", "IllegalStateException", "the cause", "ServiceLogsTest", "\\n");
    }

    @Test
    void theLevelIsOursAndOthersOnlyWarn() {
        configure(false, "debug");
        LOG.debug("ours");
        LoggerFactory.getLogger("org.apache.kafka.clients").info("theirs");
        LoggerFactory.getLogger("org.apache.kafka.clients").warn("their warning");
        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("Coordinator ours"),
                        line -> assertThat(line).endsWith("clients their warning"));
    }

    @Test
    void aSecondConfigurationReplacesTheFirst() {
        configure(false, "info");
        configure(true, "info");
        LOG.info("once");
        assertThat(lines()).singleElement().asString().startsWith("{");
        assertThat(LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME))
                .isInstanceOfSatisfying(
                        ch.qos.logback.classic.Logger.class,
                        root -> assertThat(root.getLevel()).isEqualTo(Level.WARN));
    }

    private void configure(boolean json, String level) {
        ServiceLogs.configure("enumerator", "host-1", json, level, () -> run);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theLevelErrorLeavesOutWarningsOfOthers() {
        configure(false, "error");
        LoggerFactory.getLogger("org.apache.kafka.clients").warn("their warning");
        LOG.error("ours");
        assertThat(lines()).singleElement().asString().endsWith("Coordinator ours");
    }
}
