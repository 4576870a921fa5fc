package dev.tidemark.cli.chart;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.testkit.TestKafka;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** The topics that the chart has Strimzi make are those that the services would make themselves. */
class ChartTopicsIT extends CopiedChart {

    private static final String VALUES = Values.SERVICES_WITH_STRIMZI
            .yaml()
            .replace("kafka:", "kafka:\n  prefix: chart.\n  retentionDays: 7\n  runsRetentionDays: 90");
    private static final int PARTITIONS = 24;

    @Test
    void theServicesTakeTheTopicsAndMakeNoOthers() throws Exception {
        List<NewTopic> topics = Pods.kind(chart.objects(VALUES), "KafkaTopic")
                .map(ChartTopicsIT::topic)
                .toList();
        try (var kafka = TestKafka.start(directory.resolve("kafka"));
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(topics).all().get();

            TopicCreation.ensure(admin, settings("chart."));
            TopicCreation.ensure(admin, settings("services."));

            Collection<String> all = admin.listTopics().names().get();
            assertThat(all.stream().filter(name -> name.startsWith("chart.")))
                    .containsExactlyInAnyOrderElementsOf(
                            topics.stream().map(NewTopic::name).toList());
            assertThat(described(admin, all, "chart.")).isEqualTo(described(admin, all, "services."));
        }
    }

    private static NewTopic topic(JsonNode object) {
        JsonNode spec = object.path("spec");
        return new NewTopic(
                        spec.path("topicName").asText(), spec.path("partitions").asInt(), (short) 1)
                .configs(spec.path("config").properties().stream()
                        .collect(toMap(
                                Map.Entry::getKey, entry -> entry.getValue().asText())));
    }

    private static TopicSettings settings(String prefix) {
        TopicSettings defaults = TopicSettings.defaults();
        return new TopicSettings(
                prefix,
                OptionalInt.of(PARTITIONS),
                defaults.workPartitions(),
                (short) 1,
                Duration.ofDays(7),
                Duration.ofDays(90));
    }

    /** By the name without the prefix, the partitions and what the topic's own configuration says. */
    private static Map<String, String> described(Admin admin, Collection<String> all, String prefix) throws Exception {
        List<String> names =
                all.stream().filter(name -> name.startsWith(prefix)).toList();
        Map<String, String> described = new TreeMap<>();
        for (var topic : admin.describeTopics(names).allTopicNames().get().values()) {
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            Map<String, String> own =
                    new TreeMap<>(admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                            .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                            .collect(toMap(ConfigEntry::name, ConfigEntry::value)));
            described.put(
                    topic.name().substring(prefix.length()), topic.partitions().size() + " " + own);
        }
        return described;
    }
}
