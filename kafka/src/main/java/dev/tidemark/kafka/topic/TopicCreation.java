package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.LoopTimeout;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics of a registry where they aren't there yet, and refuses those that don't fit. */
public final class TopicCreation {

    private static final Duration LEADERS_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LEADERS_POLL = Duration.ofMillis(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** The last pull of a tag is remembered for so long. A segment is compacted once it is closed. */
    private static final Map<String, String> PULLS = Map.of(
            TopicConfig.RETENTION_MS_CONFIG, text(Duration.ofDays(400)),
            TopicConfig.RETENTION_BYTES_CONFIG, "-1",
            TopicConfig.SEGMENT_MS_CONFIG, text(Duration.ofDays(1)));

    private static final String COMPACT = TopicConfig.CLEANUP_POLICY_COMPACT;
    private static final String DELETE = TopicConfig.CLEANUP_POLICY_DELETE;
    private static final String COMPACT_AND_DELETE = COMPACT + "," + DELETE;

    private final Admin admin;
    private final TopicSettings settings;

    private TopicCreation(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * Makes what is missing. The number of partitions is fixed once a topic is there. Several instances may do this at
     * once.
     *
     * @return the topics with the partitions that they have
     * @throws TopicsException if they can't be made, or those that are there don't fit
     */
    public static Topics ensure(Admin admin, TopicSettings settings) throws InterruptedException {
        try {
            return new TopicCreation(admin, settings).ensure();
        } catch (ExecutionException e) {
            throw new TopicsException(
                    "the topics " + settings.prefix() + "* cannot be made: "
                            + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    /**
     * The topics as they are.
     *
     * @param patience how long they are waited for
     * @throws TopicsException if there are none by then
     */
    public static Topics existing(Admin admin, String prefix, Duration patience) throws InterruptedException {
        String manifests = new Topics(prefix, 1).manifests();
        var timeout = new LoopTimeout(patience);
        while (true) {
            try {
                return new Topics(
                        prefix,
                        admin.describeTopics(List.of(manifests))
                                .allTopicNames()
                                .get()
                                .get(manifests)
                                .partitions()
                                .size());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new TopicsException(
                            "Kafka does not answer: " + e.getCause().getMessage(), e.getCause());
                }
                if (timeout.expired()) {
                    throw new TopicsException(
                            "there is no topic " + manifests
                                    + ": start a service on this cluster, or name the topics' prefix with --prefix",
                            e.getCause());
                }
                Thread.sleep(LOOK_AGAIN.toMillis());
            }
        }
    }

    private Topics ensure() throws ExecutionException, InterruptedException {
        var names = new Topics(settings.prefix(), 1);
        Set<String> all = admin.listTopics().names().get();
        int partitions = settings.partitions().orElse(TopicSettings.DEFAULT_PARTITIONS);
        Map<String, TopicDescription> there = describe(
                topics(names).stream().map(NewTopic::name).filter(all::contains).toList());
        if (there.containsKey(names.manifests())) {
            partitions = there.get(names.manifests()).partitions().size();
        }
        Topics topics = settings.topics(partitions);
        create(topics(topics).stream()
                .filter(topic -> !there.containsKey(topic.name()))
                .toList());
        // Looked at again: another instance may have made them meanwhile, with other numbers.
        Map<String, TopicDescription> made =
                describe(topics(topics).stream().map(NewTopic::name).toList());
        requireFitting(topics, made);
        return topics;
    }

    private Map<String, TopicDescription> describe(Collection<String> names)
            throws ExecutionException, InterruptedException {
        return names.isEmpty()
                ? Map.of()
                : admin.describeTopics(names).allTopicNames().get();
    }

    private void create(List<NewTopic> missing) throws ExecutionException, InterruptedException {
        if (missing.isEmpty()) {
            return;
        }
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            try {
                created.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        awaitLeaders(missing);
    }

    /**
     * A partition answers only once its leader has taken it on. A producer with several requests under way must not
     * meet it earlier: it could have its second request taken and its first refused, for good (KAFKA-15591).
     */
    private void awaitLeaders(List<NewTopic> topics) throws ExecutionException, InterruptedException {
        var timeout = new LoopTimeout(LEADERS_TIMEOUT);
        while (true) {
            try {
                Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
                describe(topics.stream().map(NewTopic::name).toList())
                        .forEach((name, topic) -> topic.partitions()
                                .forEach(p ->
                                        partitions.put(new TopicPartition(name, p.partition()), OffsetSpec.latest())));
                admin.listOffsets(partitions).all().get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || timeout.expired()) {
                    throw e;
                }
                Thread.sleep(LEADERS_POLL);
            }
        }
    }

    private void requireFitting(Topics topics, Map<String, TopicDescription> made)
            throws ExecutionException, InterruptedException {
        settings.partitions().ifPresent(wanted -> {
            if (wanted != topics.partitions()) {
                throw new TopicsException(
                        ("%s has %s, and %d are asked for: leave the number out, or stop all services, delete the "
                                        + "topics %s*"
                                        + " and the marker's state, and they are made anew")
                                .formatted(
                                        topics.manifests(),
                                        Counted.of(topics.partitions(), "partition"),
                                        wanted,
                                        topics.prefix()));
            }
        });
        for (String name : topics.keyedByDigest()) {
            requirePartitions(made.get(name), topics.partitions());
        }
        for (String name : List.of(
                topics.runs(),
                topics.workDone(),
                topics.rejected(),
                topics.trash(),
                topics.events(),
                topics.pulls(),
                topics.pullsCollected(),
                topics.knownManifests(),
                topics.knownSubjects(),
                topics.holds())) {
            requirePartitions(made.get(name), 1);
        }
        Map<String, String> cleanup = topics(topics).stream()
                .collect(Collectors.toMap(
                        NewTopic::name, topic -> topic.configs().get(TopicConfig.CLEANUP_POLICY_CONFIG)));
        List<ConfigResource> resources = made.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        for (Map.Entry<ConfigResource, Config> topic :
                admin.describeConfigs(resources).all().get().entrySet()) {
            String name = topic.getKey().name();
            requireConfiguration(name, topic.getValue(), cleanup.get(name));
        }
    }

    private static void requirePartitions(TopicDescription topic, int wanted) {
        if (topic.partitions().size() != wanted) {
            throw new TopicsException(
                    "the topic %s has %s and must have %d: stop all services, delete it, and it is made anew"
                            .formatted(
                                    topic.name(), Counted.of(topic.partitions().size(), "partition"), wanted));
        }
    }

    private static void requireConfiguration(String topic, Config configuration, String wanted) {
        String policy = configuration.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (!Set.of(policy.split(",")).equals(Set.of(wanted.split(",")))) {
            throw new TopicsException(
                    ("the topic %s has %s=%s, which loses records that count: kafka-configs.sh --alter --topic %s "
                                    + "--add-config %s=[%s]")
                            .formatted(
                                    topic,
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    policy,
                                    topic,
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    wanted));
        }
        long largest = Long.parseLong(
                configuration.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        if (largest < Topics.LARGEST_RECORD) {
            throw new TopicsException(
                    ("the topic %s has %s=%d, too small for large manifests: kafka-configs.sh --alter --topic %s "
                                    + "--add-config %s=%d")
                            .formatted(
                                    topic,
                                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                    largest,
                                    topic,
                                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                    Topics.LARGEST_RECORD));
        }
    }

    private List<NewTopic> topics(Topics topics) {
        List<NewTopic> all = new ArrayList<>();
        all.add(topic(topics.runs(), 1, settings.runsRetention()));
        all.add(topic(topics.repositories(), 1, settings.retention()));
        all.add(topic(topics.tags(), 1, settings.retention()));
        all.add(topic(topics.work(), settings.workPartitions(), settings.retention()));
        all.add(topic(topics.workDone(), 1, settings.retention()));
        all.add(topic(topics.rejected(), 1, settings.retention()));
        all.add(topic(topics.trash(), 1, settings.retention()));
        all.add(topic(topics.events(), 1, settings.retention()));
        all.add(compacted(topics.knownManifests()));
        all.add(compacted(topics.knownSubjects()));
        all.add(compacted(topics.holds()));
        all.add(compacted(topics.pullsCollected()));
        all.add(topic(topics.pulls(), 1, COMPACT_AND_DELETE, PULLS));
        new TreeSet<>(topics.keyedByDigest())
                .forEach(name -> all.add(topic(name, topics.partitions(), settings.retention())));
        return all;
    }

    private NewTopic topic(String name, int partitions, Duration retention) {
        return topic(name, partitions, DELETE, Map.of(TopicConfig.RETENTION_MS_CONFIG, text(retention)));
    }

    private NewTopic compacted(String name) {
        return topic(name, 1, COMPACT, Map.of());
    }

    private static String text(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private NewTopic topic(String name, int partitions, String cleanup, Map<String, String> more) {
        Map<String, String> configuration = new HashMap<>(more);
        configuration.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup);
        configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.LARGEST_RECORD));
        return new NewTopic(name, partitions, settings.replication()).configs(configuration);
    }
}
