package dev.tidemark.kafka;

import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A Kafka cluster and a registry's topics on it, with the clients that speak to it.
 *
 * @param kafka {@code bootstrap.servers} and whatever else the clients are given. It overrides what is set here, but
 *     for what correctness depends on
 * @param trouble why it does not answer any more, where somebody knows that: clients see nothing but time-outs
 * @param groups the protocol of members of groups
 */
public record Cluster(
        Map<String, Object> kafka,
        Topics topics,
        ClientObserver observer,
        Supplier<Optional<String>> trouble,
        GroupProtocol groups) {

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    public Cluster {
        kafka = Map.copyOf(kafka);
    }

    public Cluster(Map<String, Object> kafka, Topics topics) {
        this(kafka, topics, ClientObserver.NONE);
    }

    public Cluster(Map<String, Object> kafka, Topics topics, ClientObserver observer) {
        this(
                kafka,
                topics,
                observer,
                Optional::empty,
                GroupProtocol.named(kafka).orElse(GroupProtocol.CLASSIC));
    }

    /** The same, of whose trouble somebody knows. */
    public Cluster watched(Supplier<Optional<String>> trouble) {
        return new Cluster(kafka, topics, observer, trouble, groups);
    }

    /**
     * The same, with the newest group protocol that all its brokers have, unless the settings want another.
     *
     * @throws org.apache.kafka.common.KafkaException if it does not answer
     */
    public Cluster withNewestGroups(Admin admin) throws InterruptedException {
        return new Cluster(kafka, topics, observer, trouble, GroupProtocol.chosen(kafka, admin));
    }

    /** The settings of every client. */
    public Map<String, Object> clients() {
        return GroupProtocol.without(kafka);
    }

    /**
     * How long a group waits for a member that says nothing any more.
     *
     * @throws org.apache.kafka.common.KafkaException if it is the broker that knows, and it does not answer
     */
    public Duration session(String group) throws InterruptedException {
        return switch (groups) {
            case CLASSIC -> GroupProtocol.sessionOf(kafka);
            case CONSUMER -> {
                try (Admin admin = admin()) {
                    yield GroupProtocol.sessionOf(group, admin);
                }
            }
        };
    }

    /** Why a call has failed: a Kafka that has stopped says more than what its clients see of it. */
    public String why(KafkaException failure) {
        return trouble.get().orElseGet(failure::getMessage);
    }

    /** How large the buffers of its clients are. */
    public Buffers buffers() {
        return new Buffers(topics.partitions());
    }

    public Admin admin() {
        return Admin.create(clients());
    }

    /** A consumer of no group, that is told what to read; only what is committed. */
    public <T> Consumer<String, Parsed<T>> reader(Class<T> type) {
        return open(consuming(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")), type);
    }

    /**
     * As {@link #reader}, but of records as they came, and one that fails when what it wants to read is not there any
     * more.
     */
    public Consumer<byte[], byte[]> rawReader() {
        return openRaw(consuming(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")));
    }

    /** As {@link #rawReader}, for a lane: there are as many at once as a process has partitions. */
    public Consumer<byte[], byte[]> laneReader() {
        return openRaw(consuming(Map.of(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                buffers().fetchBytes())));
    }

    /** As {@link #reader}, but one that fails when what it wants to read is not there any more. */
    public <T> Consumer<String, Parsed<T>> strictReader(Class<T> type) {
        return open(consuming(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")), type);
    }

    /**
     * A consumer that has a share of a topic's partitions, as the others of its group. It is not asked for records.
     */
    public Consumer<byte[], byte[]> member(String group) {
        return openRaw(memberSettings(group));
    }

    private Map<String, Object> memberSettings(String group) {
        Map<String, Object> configuration = consuming(
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, group, ConsumerConfig.GROUP_PROTOCOL_CONFIG, groups.name()));
        switch (groups) {
            case CLASSIC ->
                configuration.put(
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            case CONSUMER -> {
                configuration.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
                Optional.ofNullable(kafka.get(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG))
                        .ifPresent(
                                assignor -> configuration.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, assignor));
            }
        }
        return configuration;
    }

    /** A consumer of one partition, which knows what a group has committed for it, and is no member of the group. */
    public <T> Consumer<String, Parsed<T>> assigned(String group, Class<T> type) {
        return open(assignedSettings(group), type);
    }

    Map<String, Object> assignedSettings(String group) {
        Map<String, Object> configuration = consuming(
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, group, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        configuration.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, buffers().fetchBytes());
        return configuration;
    }

    private Consumer<byte[], byte[]> openRaw(Map<String, Object> configuration) {
        var consumer = new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        observer.opened(consumer);
        return consumer;
    }

    private <T> Consumer<String, Parsed<T>> open(Map<String, Object> configuration, Class<T> type) {
        var consumer = new KafkaConsumer<>(configuration, new StringDeserializer(), new JsonSerde<>(type).parser());
        observer.opened(consumer);
        return consumer;
    }

    private Map<String, Object> consuming(Map<String, Object> fixed) {
        Map<String, Object> configuration = clients();
        configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        configuration.putAll(fixed);
        return configuration;
    }

    /** A producer of single records. */
    public Producer<String, byte[]> producer() {
        return open(producing(Map.of()));
    }

    /** A producer whose records are there together or not at all. It fences other producers of the same id. */
    public Producer<String, byte[]> transactional(String id, Duration longest) {
        return open(transactionalSettings(id, longest));
    }

    Map<String, Object> transactionalSettings(String id, Duration longest) {
        return producing(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                id,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                kafka.getOrDefault(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) longest.toMillis())));
    }

    private Producer<String, byte[]> open(Map<String, Object> configuration) {
        var producer = new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer());
        observer.opened(producer);
        return producer;
    }

    private Map<String, Object> producing(Map<String, Object> fixed) {
        var configuration = new HashMap<String, Object>();
        configuration.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        configuration.put(ProducerConfig.BATCH_SIZE_CONFIG, buffers().laneBatchBytes());
        configuration.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        configuration.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.LARGEST_RECORD);
        configuration.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) buffers().producerBytes());
        configuration.putAll(clients());
        configuration.put(ProducerConfig.ACKS_CONFIG, "all");
        configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configuration.putAll(fixed);
        return configuration;
    }

    /** Closes a consumer, within seconds. */
    public void close(Consumer<?, ?> consumer) {
        observer.closed(consumer);
        consumer.close(CloseOptions.timeout(LONGEST_CLOSE));
    }

    /** Closes a consumer that is no member of a group: Kafka need not be told. */
    public void closeNow(Consumer<?, ?> consumer) {
        observer.closed(consumer);
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    /** Closes a producer, within seconds; a transaction that is open is aborted. */
    public void close(Producer<?, ?> producer) {
        observer.closed(producer);
        producer.close(LONGEST_CLOSE);
    }
}
