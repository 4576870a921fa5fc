package dev.tidemark.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The calls that tests make to a broker, in one line each. Every topic has one partition. */
final class Clients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Map<String, Object> bootstrap;
    private final Admin admin;
    private final KafkaProducer<String, String> producer;

    Clients(EmbeddedKafka kafka) {
        bootstrap = kafka.clientSettings();
        admin = Admin.create(bootstrap);
        producer = new KafkaProducer<>(
                with(Map.of("max.request.size", 64 * 1024 * 1024, "buffer.memory", 128L * 1024 * 1024)),
                new StringSerializer(),
                new StringSerializer());
    }

    void createTopic(String topic, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(configs)))
                .all()
                .get(3, TimeUnit.MINUTES);
    }

    void send(String topic, String value) throws Exception {
        send(topic, value, Instant.now());
    }

    void send(String topic, String value, Instant timestamp) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, timestamp.toEpochMilli(), null, value))
                .get(3, TimeUnit.MINUTES);
    }

    void sendWithoutWaiting(String topic, String value) {
        producer.send(new ProducerRecord<>(topic, 0, null, null, value));
    }

    /** Takes a step while a transaction with a record is open. It is never committed. */
    void sendInOpenTransaction(String id, String topic, String value, Step whileOpen) throws Exception {
        try (var transactional = new KafkaProducer<>(
                with(Map.of("transactional.id", id)), new StringSerializer(), new StringSerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional
                    .send(new ProducerRecord<>(topic, 0, null, null, value))
                    .get(5, TimeUnit.MINUTES);
            whileOpen.run();
        }
    }

    /** Reads so many records that are committed, from the topic's beginning. */
    List<String> readCommitted(String topic, int count) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(
                with(Map.of("isolation.level", "read_committed")),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            List<String> values = new ArrayList<>();
            while (values.size() < count) {
                failAfter(deadline, "reading what is committed of " + topic);
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    void setRetention(String topic, Duration retention) throws Exception {
        var entry = new ConfigEntry("retention.ms", Long.toString(retention.toMillis()));
        var change = List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET));
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), change))
                .all()
                .get(3, TimeUnit.MINUTES);
    }

    /** Everything from the topic's first record that is still there to its end. */
    List<String> read(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(
                with(Map.of("fetch.max.wait.ms", 50)), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            List<String> values = new ArrayList<>();
            while (consumer.position(partition) < end) {
                failAfter(deadline, "reading " + topic);
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    interface Step {
        void run() throws Exception;
    }

    /** Reads on from what the group has committed, commits, and takes a step while it is still a member. */
    List<String> readAsGroup(String group, String protocol, String topic, int count, Step asMember) throws Exception {
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap.get("bootstrap.servers"),
                        "fetch.max.wait.ms",
                        50,
                        "group.id",
                        group,
                        "group.protocol",
                        protocol,
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            List<String> values = new ArrayList<>();
            while (values.size() < count) {
                failAfter(deadline, "reading " + topic + " as " + group);
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            consumer.commitSync();
            asMember.run();
            return values;
        }
    }

    long startOffset(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get(3, TimeUnit.MINUTES)
                .offset();
    }

    void awaitStartOffset(String topic, long offset) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (startOffset(topic) != offset) {
            failAfter(deadline, topic + " still starts at " + startOffset(topic));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    private Map<String, Object> with(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(bootstrap);
        settings.putAll(more);
        return settings;
    }

    private static void failAfter(long deadline, String what) {
        if (System.nanoTime() > deadline) {
            throw new AssertionError("Gave up: " + what);
        }
    }
}
