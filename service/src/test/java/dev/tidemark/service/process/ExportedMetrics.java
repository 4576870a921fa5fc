package dev.tidemark.service.process;

import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.service.metrics.RunMetrics;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.storage.Calls;
import dev.tidemark.sweeper.SweeperMeter;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The metrics that the services answer on {@code /metrics}.
 *
 * @param labels by metric and label, its values
 */
record ExportedMetrics(Map<String, Map<String, Set<String>>> labels) {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? ");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** Those of the three services, each with a client of Kafka. */
    static ExportedMetrics scraped() throws Exception {
        var all = new ExportedMetrics(new HashMap<>());
        all.scrape("enumerator", metrics -> {
            EnumeratorCommand.register(new EnumeratorMeter(), metrics);
            RegistryStorage.register(new Calls(), metrics);
        });
        all.scrape("marker", metrics -> MarkerCommand.register(new MarkerMeter(), metrics));
        all.scrape("sweeper", metrics -> {
            SweeperCommand.register(new SweeperMeter(), metrics);
            RegistryStorage.register(new Calls(), metrics);
        });
        return all;
    }

    private void scrape(String service, Consumer<ServiceMetrics> registration) throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", "localhost:1");
        try (var metrics = new ServiceMetrics(service, "one");
                var consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            metrics.opened(consumer);
            new RunMetrics(InstantSource.system(), Optional::empty, () -> 0, () -> 0).bindTo(metrics);
            registration.accept(metrics);
            SAMPLE.matcher(metrics.scrape()).results().forEach(sample -> {
                Map<String, Set<String>> known = labels.computeIfAbsent(sample.group(1), name -> new TreeMap<>());
                Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                while (label.find()) {
                    known.computeIfAbsent(label.group(1), name -> new TreeSet<>())
                            .add(label.group(2));
                }
            });
        }
    }
}
