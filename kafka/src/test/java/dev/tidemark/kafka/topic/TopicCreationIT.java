package dev.tidemark.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.OnBroker;
import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class TopicCreationIT extends OnBroker {

    private static final Map<String, String> LARGE =
            Map.of("max.message.bytes", Integer.toString(Topics.LARGEST_RECORD));

    private String prefix;

    @BeforeEach
    void aPrefixOfItsOwn(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName() + ".";
    }

    @Test
    void makesAllTopics() throws Exception {
        Topics topics = ensure(OptionalInt.of(5));

        assertThat(topics).isEqualTo(new Topics(prefix, 5));
        Map<String, Integer> expected = new TreeMap<>();
        topics.keyedByDigest().forEach(topic -> expected.put(topic, 5));
        List.of(
                        topics.runs(),
                        topics.repositories(),
                        topics.tags(),
                        topics.workDone(),
                        topics.rejected(),
                        topics.trash(),
                        topics.holds(),
                        topics.events(),
                        topics.pulls(),
                        topics.pullsCollected(),
                        topics.knownManifests(),
                        topics.knownSubjects())
                .forEach(topic -> expected.put(topic, 1));
        expected.put(topics.work(), 7);
        assertThat(partitions()).isEqualTo(expected);
        assertThat(configuration(topics.pulls()).get("cleanup.policy").value().split(","))
                .containsExactlyInAnyOrder("compact", "delete");
        assertThat(configuration(topics.pulls()).get("retention.ms").value())
                .isEqualTo(Long.toString(Duration.ofDays(400).toMillis()));
        expected.remove(topics.pulls());
        for (String topic :
                List.of(topics.knownManifests(), topics.knownSubjects(), topics.holds(), topics.pullsCollected())) {
            assertThat(configuration(topic).get("cleanup.policy").value()).isEqualTo("compact");
            expected.remove(topic);
        }
        for (String topic : expected.keySet()) {
            Config configuration = configuration(topic);
            assertThat(configuration.get("cleanup.policy").value()).as(topic).isEqualTo("delete");
            assertThat(configuration.get("max.message.bytes").value())
                    .as(topic)
                    .isEqualTo(LARGE.get("max.message.bytes"));
            assertThat(configuration.get("retention.ms").value())
                    .as(topic)
                    .isEqualTo(Long.toString(Duration.ofDays(topic.equals(topics.runs()) ? 50 : 3)
                            .toMillis()));
        }
    }

    @Test
    void hasADefaultNumberOfPartitions() throws Exception {
        assertThat(ensure(OptionalInt.empty()).partitions()).isEqualTo(TopicSettings.DEFAULT_PARTITIONS);
    }

    @Test
    void adoptsWhatIsThere() throws Exception {
        ensure(OptionalInt.of(3));
        Map<String, Integer> before = partitions();

        assertThat(ensure(OptionalInt.empty())).isEqualTo(new Topics(prefix, 3));
        assertThat(ensure(OptionalInt.of(3))).isEqualTo(new Topics(prefix, 3));
        assertThat(TopicCreation.existing(broker.admin(), prefix, Duration.ZERO))
                .isEqualTo(new Topics(prefix, 3));
        assertThat(partitions()).isEqualTo(before);
    }

    @Test
    void makesWhatIsMissing() throws Exception {
        Topics topics = ensure(OptionalInt.of(3));
        Map<String, Integer> before = partitions();
        broker.delete(topics.marks(), topics.rejected());
        Broker.await("them to be gone", () -> names().size() == before.size() - 2);

        Broker.await("them to be made", () -> {
            try {
                return ensure(OptionalInt.empty()).equals(topics);
            } catch (TopicsException e) {
                // Kafka deletes a topic some time after its name is gone.
                return false;
            }
        });
        assertThat(partitions()).isEqualTo(before);
    }

    @Test
    void anotherNumberOfPartitionsThanThereAreIsRefused() throws Exception {
        Topics topics = ensure(OptionalInt.of(3));
        Map<String, Integer> before = partitions();

        assertRefused(OptionalInt.of(4), topics.manifests(), "3 partitions, and 4");
        assertThat(partitions()).isEqualTo(before);
    }

    @Test
    void topicsOfUnequalNumbersOfPartitionsAreRefused() throws Exception {
        var topics = new Topics(prefix, 3);
        broker.create(topics.layers(), 2, LARGE);

        assertRefused(OptionalInt.of(3), topics.layers(), "has 2 partitions and must have 3");
    }

    @Test
    void aTopicOfOnePartitionThatHasTwoIsRefused() throws Exception {
        String all = prefix;
        for (Function<Topics, String> which : List.<Function<Topics, String>>of(
                Topics::runs,
                Topics::workDone,
                Topics::rejected,
                Topics::knownManifests,
                Topics::knownSubjects,
                Topics::holds)) {
            prefix = all + which.apply(new Topics("", 1)) + ".";
            String topic = which.apply(new Topics(prefix, 1));
            broker.create(topic, 2, LARGE);
            assertRefused(OptionalInt.of(1), topic, "has 2 partitions and must have 1");
        }
    }

    @Test
    void aCompactedTopicIsRefused() throws Exception {
        var topics = new Topics(prefix, 1);
        broker.create(
                topics.runs(),
                1,
                Map.of("cleanup.policy", "compact", "max.message.bytes", LARGE.get("max.message.bytes")));

        assertRefused(OptionalInt.of(1), topics.runs(), "cleanup.policy=compact");
    }

    @Test
    void aTopicForSmallRecordsIsRefused() throws Exception {
        var topics = new Topics(prefix, 1);
        broker.create(topics.manifests(), 1, Map.of("max.message.bytes", "1000000"));

        assertRefused(OptionalInt.of(1), topics.manifests(), "max.message.bytes=1000000");
    }

    @Test
    void severalMayMakeThemAtOnce() throws Exception {
        int instances = 3;
        for (int round = 0; round < 5; round++) {
            String roundPrefix = prefix + round + ".";
            var barrier = new CyclicBarrier(instances);
            Callable<Topics> instance = () -> {
                barrier.await();
                Topics topics = TopicCreation.ensure(broker.admin(), settings(roundPrefix, OptionalInt.of(4)));
                // Whoever has them can write to them at once: each has a leader.
                broker.admin()
                        .listOffsets(broker.ends(topics.keyedByDigest()))
                        .all()
                        .get();
                return topics;
            };
            try (var threads = Executors.newFixedThreadPool(instances)) {
                List<Future<Topics>> made = new ArrayList<>();
                for (int i = 0; i < instances; i++) {
                    made.add(threads.submit(instance));
                }
                for (Future<Topics> each : made) {
                    assertThat(each.get(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isEqualTo(new Topics(roundPrefix, 4));
                }
            }
        }
    }

    @Test
    void topicsThatAreNotThereAreNamed() {
        assertThatExceptionOfType(TopicsException.class)
                .isThrownBy(() -> TopicCreation.existing(broker.admin(), prefix, Duration.ZERO))
                .withMessageContaining(prefix + "manifests");
    }

    private Topics ensure(OptionalInt partitions) throws InterruptedException {
        return TopicCreation.ensure(broker.admin(), settings(prefix, partitions));
    }

    private void assertRefused(OptionalInt partitions, String topic, String why) {
        assertThatExceptionOfType(TopicsException.class)
                .isThrownBy(() -> ensure(partitions))
                .withMessageContaining(topic + " has ")
                .withMessageContaining(why);
    }

    private static TopicSettings settings(String prefix, OptionalInt partitions) {
        return new TopicSettings(prefix, partitions, 7, (short) 1, Duration.ofDays(3), Duration.ofDays(50));
    }

    /** The topics of the prefix, with their numbers of partitions. */
    private Map<String, Integer> partitions() throws Exception {
        Map<String, Integer> partitions = new TreeMap<>();
        broker.admin()
                .describeTopics(names())
                .allTopicNames()
                .get()
                .forEach(
                        (name, topic) -> partitions.put(name, topic.partitions().size()));
        return partitions;
    }

    private List<String> names() throws Exception {
        return broker.admin().listTopics().names().get().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static Config configuration(String topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return broker.admin().describeConfigs(List.of(resource)).all().get().get(resource);
    }
}
