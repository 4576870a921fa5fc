package dev.tidemark.kafka;

import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker, with what a test says to it in one line each. It shares no client with the code under test. */
public final class Broker implements AutoCloseable {

    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private final TestKafka kafka;
    private final Admin admin;
    private final KafkaProducer<String, byte[]> producer;
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    public Broker(Path directory) {
        kafka = TestKafka.start(directory);
        admin = Admin.create(clients());
        producer = new KafkaProducer<>(clients(), new StringSerializer(), new ByteArraySerializer());
    }

    public Map<String, Object> clients() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    public Admin admin() {
        return admin;
    }

    public void create(String topic, int partitions) throws Exception {
        create(topic, partitions, Map.of());
    }

    /** Makes a topic, as soon as one of that name that was deleted is gone, and waits until it can be written to. */
    public void create(String topic, int partitions, Map<String, String> configuration) throws Exception {
        await("the topic " + topic + " to be made", () -> {
            try {
                admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configuration)))
                        .all()
                        .get();
                return true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    return false;
                }
                throw e;
            }
        });
        await("the topic " + topic + " to be led", () -> {
            try {
                Map<TopicPartition, OffsetSpec> all = ends(List.of(topic));
                admin.listOffsets(all).all().get();
                return all.size() == partitions;
            } catch (ExecutionException e) {
                return false;
            }
        });
    }

    /** The ends of all partitions, to be asked for. */
    public Map<TopicPartition, OffsetSpec> ends(List<String> topics) throws Exception {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (String topic : topics) {
            partitions(topic).forEach(partition -> all.put(partition, OffsetSpec.latest()));
        }
        return all;
    }

    /** Removes all records of a topic of one partition, as retention does. */
    public void cutOff(String topic) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(-1)))
                .all()
                .get();
    }

    public void delete(String... topics) throws Exception {
        admin.deleteTopics(Arrays.asList(topics)).all().get();
    }

    public void send(String topic, int partition, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, "key", value)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Sends without waiting; {@link #flush} waits for all that was begun. */
    public void begin(String topic, int partition, byte[] value) {
        producer.send(new ProducerRecord<>(topic, partition, "key", value), (metadata, exception) -> {
            if (exception != null) {
                failures.add(exception);
            }
        });
    }

    public void flush() {
        producer.flush();
        if (!failures.isEmpty()) {
            throw new AssertionError("Kafka did not take a record", failures.element());
        }
    }

    /** All that is committed now, each partition in its order; as far as no open transaction holds it up. */
    public List<ConsumerRecord<String, byte[]>> read(String topic) throws Exception {
        Map<String, Object> configuration = new HashMap<>(clients());
        configuration.put("isolation.level", "read_committed");
        configuration.put("fetch.max.wait.ms", 50);
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(configuration, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions(topic));
            consumer.seekToBeginning(consumer.assignment());
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            await("the end of " + topic, () -> {
                consumer.poll(Duration.ofMillis(50)).forEach(records::add);
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        return records;
    }

    private List<TopicPartition> partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** Something that may fail to be told. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Asks again and again, and leaves the machine to what is waited for: the pauses are ten times as long as the
     * asking takes.
     */
    public static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long asked = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            TimeUnit.MILLISECONDS.sleep(Math.clamp(10 * took, 5, 500));
            asked = System.nanoTime();
        }
    }

    /** As {@link #await}, for the code under test to call. */
    public static void hold(BooleanSupplier until) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!until.getAsBoolean() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Override
    public void close() throws Exception {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
        kafka.close();
    }
}
