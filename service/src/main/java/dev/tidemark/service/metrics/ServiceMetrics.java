package dev.tidemark.service.metrics;

import dev.tidemark.kafka.ClientObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaStreams;

/** The metrics of a service, for Prometheus: its own, those of its Kafka clients, and those of the JVM. */
public final class ServiceMetrics implements ClientObserver, AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Object, KafkaClientMetrics> clients = new ConcurrentHashMap<>();
    private final List<Runnable> bound = new ArrayList<>();
    private final List<Object> observed = new ArrayList<>();

    public ServiceMetrics(String service, String instance) {
        registry.config().commonTags("service", service, "instance", instance);
        var gc = new JvmGcMetrics();
        var logs = new LogbackMetrics();
        for (var binder : List.of(
                new JvmMemoryMetrics(),
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new UptimeMetrics(),
                gc,
                logs)) {
            binder.bindTo(registry);
        }
        bound.add(gc::close);
        bound.add(logs::close);
    }

    /** Something that only grows. */
    public void counter(String name, String meaning, Tags tags, LongSupplier value) {
        observed.add(value);
        FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                .description(meaning)
                .tags(tags)
                .register(registry);
    }

    /** Something that goes up and down; NaN as long as it is not known. */
    public void gauge(String name, String meaning, Tags tags, DoubleSupplier value) {
        observed.add(value);
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(meaning)
                .tags(tags)
                .register(registry);
    }

    @Override
    public void opened(Consumer<?, ?> consumer) {
        bind(consumer, new KafkaClientMetrics(consumer));
    }

    @Override
    public void opened(Producer<?, ?> producer) {
        bind(producer, new KafkaClientMetrics(producer));
    }

    private void bind(Object client, KafkaClientMetrics metrics) {
        clients.put(client, metrics);
        metrics.bindTo(registry);
    }

    @Override
    public void closed(Object client) {
        KafkaClientMetrics metrics = clients.remove(client);
        if (metrics != null) {
            metrics.close();
        }
    }

    /** Binds what Kafka Streams knows of itself, its clients' included. */
    public void bind(KafkaStreams streams) {
        var metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(registry);
        bound.add(metrics::close);
    }

    /** All of them, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        bound.forEach(Runnable::run);
        clients.values().forEach(KafkaClientMetrics::close);
        registry.close();
    }
}
