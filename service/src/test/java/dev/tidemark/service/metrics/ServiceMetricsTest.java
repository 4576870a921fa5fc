package dev.tidemark.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ServiceMetricsTest {

    /** Nobody listens there: clients have their metrics all the same. */
    private static final Map<String, Object> NOWHERE =
            Map.of("bootstrap.servers", "127.0.0.1:1", "client.id", "someone");

    private final ServiceMetrics metrics = new ServiceMetrics("marker", "host-1");

    @AfterEach
    void close() throws Exception {
        metrics.close();
    }

    @Test
    void everyLineNamesTheServiceAndTheInstance() {
        List<String> values =
                metrics.scrape().lines().filter(line -> !line.startsWith("#")).toList();
        assertThat(values)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("service=\"marker\"", "instance=\"host-1\""));
    }

    @Test
    void showsTheJvm() {
        assertThat(metrics.scrape())
                .contains(
                        "jvm_memory_used_bytes",
                        "jvm_gc_",
                        "jvm_threads_live_threads",
                        "process_uptime_seconds",
                        "cpu_");
    }

    @Test
    void aCounterIsReadWhenItIsAskedFor() {
        var records = new AtomicLong(1);
        metrics.counter("tidemark.records", "Records", Tags.of("kind", "blob"), records::get);
        assertThat(value("tidemark_records_total", "kind=\"blob\"")).isEqualTo(1);
        records.set(42);
        assertThat(value("tidemark_records_total", "kind=\"blob\"")).isEqualTo(42);
        assertThat(metrics.scrape())
                .contains("# HELP tidemark_records_total Records", "# TYPE tidemark_records_total counter");
    }

    @Test
    void aGaugeGoesDownToo() {
        var items = new AtomicLong(7);
        metrics.gauge("tidemark.items", "Items", Tags.empty(), items::get);
        assertThat(value("tidemark_items", "")).isEqualTo(7);
        items.set(2);
        assertThat(value("tidemark_items", "")).isEqualTo(2);
    }

    @Test
    void aMetricThatNobodyElseHoldsOutlivesAGarbageCollection() {
        metrics.gauge("tidemark.items", "Items", Tags.empty(), new AtomicLong(7)::get);
        System.gc();
        assertThat(value("tidemark_items", "")).isEqualTo(7);
    }

    @Test
    void countsErrorsAndWarnings() {
        double before = value("logback_events_total", "level=\"error\"");
        var logger = (Logger) LoggerFactory.getLogger("dev.tidemark.test");
        logger.setLevel(Level.ERROR);
        logger.error("counted");
        assertThat(value("logback_events_total", "level=\"error\"")).isEqualTo(before + 1);
    }

    @Test
    void showsClientsAsLongAsTheyAreOpen() {
        try (Consumer<String, String> consumer =
                        new KafkaConsumer<>(NOWHERE, new StringDeserializer(), new StringDeserializer());
                Producer<String, String> producer =
                        new KafkaProducer<>(NOWHERE, new StringSerializer(), new StringSerializer())) {
            metrics.opened(consumer);
            metrics.opened(producer);
            assertThat(metrics.scrape()).contains("kafka_consumer_", "kafka_producer_");
            metrics.closed(consumer);
            assertThat(metrics.scrape()).doesNotContain("kafka_consumer_").contains("kafka_producer_");
            metrics.closed(producer);
            assertThat(metrics.scrape()).doesNotContain("kafka_producer_");
        }
    }

    @Test
    void aClientThatWasNeverOpenedCanBeClosed() {
        metrics.closed(new Object());
        assertThat(metrics.scrape()).contains("jvm_");
    }

    @Test
    void showsStreams(@TempDir Path directory) {
        var config = new Properties();
        config.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "test",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:1",
                StreamsConfig.STATE_DIR_CONFIG,
                directory.toString()));
        var builder = new StreamsBuilder();
        builder.stream("in").to("out");
        try (var streams = new KafkaStreams(builder.build(), config)) {
            metrics.bind(streams);
            assertThat(metrics.scrape()).contains("kafka_stream_");
        }
    }

    private double value(String name, String tag) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
