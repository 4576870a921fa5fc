package dev.tidemark.kafka.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.kafka.OnBroker;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** Lanes on a real broker that copy each record of an input to an output, and note in it which of them did. */
abstract class LanesOnKafka extends OnBroker {

    private static int tests;

    final AtomicReference<Throwable> failure = new AtomicReference<>();
    final List<AutoCloseable> open = new ArrayList<>();
    Topics topics;
    Cluster cluster;
    RunFollower runs;
    String input;
    String output;

    /** What the input says. */
    record Line(int number) {}

    @BeforeEach
    void follow(TestInfo test) throws Exception {
        topics = new Topics(test.getTestMethod().orElseThrow().getName() + tests++ + ".", 1);
        cluster = new Cluster(broker.clients(), topics);
        input = topics.prefix() + "input";
        output = topics.prefix() + "output";
        broker.create(topics.runs(), 1);
        broker.create(topics.rejected(), 1);
        runs = new RunFollower(cluster, failure::set);
        open.add(runs);
        runs.start();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        assertThat(failure.get()).isNull();
    }

    void make(int partitions) throws Exception {
        broker.create(input, partitions);
        broker.create(output, partitions);
    }

    Lanes<Line> lanes(String client, Lanes.Start<Line> start) {
        return lanes(client, GroupProtocol.CLASSIC, start);
    }

    Lanes<Line> lanes(String client, GroupProtocol protocol, Lanes.Start<Line> start) {
        Map<String, Object> named = new HashMap<>(broker.clients());
        named.put("client.id", client);
        named.put("group.protocol", protocol.name());
        return lanes(new Cluster(named, topics), start);
    }

    Lanes<Line> lanes(Cluster on, Lanes.Start<Line> start) {
        return new Lanes<>(on, input, Line.class, "copier", start, runs, failure::set);
    }

    Lanes<Line> started(Lanes<Line> lanes) {
        open.add(lanes);
        lanes.start();
        return lanes;
    }

    Lanes.Start<Line> copies(String by) {
        return (partition, committed) -> new Copy(by);
    }

    /** Copies each record to the same partition of the output, and says who did it. */
    class Copy implements Work<Line> {

        final String by;

        Copy(String by) {
            this.by = by;
        }

        @Override
        public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
            on(record, lane, by);
        }

        final void on(ConsumerRecord<String, Line> record, Lane lane, String who) {
            String number = Integer.toString(record.value().number());
            var copy = new ProducerRecord<>(output, record.partition(), record.key(), number.getBytes(UTF_8));
            copy.headers().add("by", who.getBytes(UTF_8));
            lane.send(copy);
        }

        @Override
        public void givenUp(ConsumerRecord<String, Line> record, RuntimeException why, Lane lane) {
            throw new AssertionError("nothing is given up here", why);
        }
    }

    /** Sends the numbers to each partition. */
    void send(int partitions, int from, int to) {
        for (int number = from; number < to; number++) {
            for (int partition = 0; partition < partitions; partition++) {
                broker.begin(
                        input,
                        partition,
                        new JsonSerde<>(Line.class).serializer().serialize(input, new Line(number)));
            }
        }
        broker.flush();
    }

    List<ConsumerRecord<String, byte[]>> lines() throws Exception {
        return broker.read(output);
    }

    List<Integer> numbers(int partition) throws Exception {
        return lines().stream()
                .filter(record -> record.partition() == partition)
                .map(LanesOnKafka::number)
                .toList();
    }

    String doneBy(int partition, int number) throws Exception {
        return lines().stream()
                .filter(record -> record.partition() == partition && number(record) == number)
                .map(LanesOnKafka::by)
                .findFirst()
                .orElseThrow();
    }

    static int number(ConsumerRecord<String, byte[]> record) {
        return Integer.parseInt(new String(record.value(), UTF_8));
    }

    static String by(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader("by");
        return new String(header.value(), UTF_8);
    }
}
