package dev.tidemark.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.OnBroker;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A topic that is read while somebody writes to it. */
class TopicScanIT extends OnBroker {

    private static final RunId FIRST = new RunId("20260101-000000");
    private static final RunId SECOND = new RunId("20260101-000001");
    private static final RunId THIRD = new RunId("20260101-000002");

    private final AtomicInteger asked = new AtomicInteger();
    private final List<RunId> read = new ArrayList<>();
    private Cluster cluster;
    private String topic;
    private Producer<String, byte[]> producer;

    /** The second record is in a transaction that is open, and the third comes after it. */
    @BeforeEach
    void writeInATransaction(TestInfo test) throws Exception {
        String name = test.getTestMethod().orElseThrow().getName();
        cluster = new Cluster(broker.clients(), new Topics(name + ".", 1));
        topic = cluster.topics().runs();
        broker.create(topic, 1);
        broker.send(topic, 0, value(FIRST));
        producer = cluster.transactional(name, Duration.ofMinutes(10));
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, "key", value(SECOND))).get();
        broker.send(topic, 0, value(THIRD));
    }

    @AfterEach
    void closeProducer() {
        cluster.close(producer);
    }

    @Test
    void waitsForATransactionThatIsOpenWhenItBegins() throws Exception {
        assertThat(readWhile(producer::commitTransaction)).isTrue();
        assertThat(read).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void readsNothingOfATransactionThatIsAborted() throws Exception {
        assertThat(readWhile(producer::abortTransaction)).isTrue();
        assertThat(read).containsExactly(FIRST, THIRD);
    }

    @Test
    void aTransactionThatStaysOpenIsATimeout() {
        try (var scan = new TopicScan<>(cluster, topic, RunRecord.class, Duration.ofSeconds(1))) {
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> read(scan))
                    .withMessageContaining("more to read of " + topic)
                    .withMessageContaining("transaction");
        }
        assertThat(read).containsExactly(FIRST);
    }

    @Test
    void itEndsWhenItIsToldTo() throws Exception {
        try (var scan = new TopicScan<>(cluster, topic, RunRecord.class)) {
            assertThat(scan.read(0, OptionalLong.empty(), () -> read.isEmpty(), this::add))
                    .isFalse();
        }
    }

    /** Ends the transaction when the scan has been under way for a while. */
    private boolean readWhile(Runnable end) throws Exception {
        try (var scan = new TopicScan<>(cluster, topic, RunRecord.class);
                var thread = Executors.newSingleThreadExecutor()) {
            Future<Boolean> whole = thread.submit(() -> read(scan));
            Broker.await("the scan to wait", () -> asked.get() > 5 || whole.isDone());
            end.run();
            return whole.get(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private boolean read(TopicScan<RunRecord> scan) {
        return scan.read(
                0,
                OptionalLong.empty(),
                () -> {
                    asked.incrementAndGet();
                    return true;
                },
                this::add);
    }

    private void add(RunRecord record) {
        read.add(record.run());
    }

    private static byte[] value(RunId run) {
        return new JsonSerde<>(RunRecord.class).serializer().serialize(null, new Cancelled(run, "test"));
    }
}
