package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.GroupProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances share the partitions of a topic, and go on where another stopped. */
class LanesIT extends LanesOnKafka {

    /** The third are members as they are while they are restarted one by one. */
    @ParameterizedTest
    @CsvSource({"CLASSIC,CLASSIC", "CONSUMER,CONSUMER", "CLASSIC,CONSUMER"})
    void twoInstancesShareThePartitionsAndOneGoesOnWhereTheOtherStopped(GroupProtocol ofOne, GroupProtocol ofTwo)
            throws Exception {
        int partitions = 4;
        make(partitions);
        var held = new CountDownLatch(2);
        var undone = new AtomicInteger(-1);
        var one = started(lanes("one", ofOne, copies("one")));
        send(partitions, 0, 100);
        Broker.await("the first to begin", () -> lines().size() >= 100);

        var two = started(lanes("two", ofTwo, (partition, committed) -> new Copy("two") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                super.on(record, lane);
                if (record.value().number() == 250) {
                    held.countDown();
                    Broker.hold(lane::stopped);
                    if (undone.compareAndSet(-1, partition)) {
                        throw new LaneStoppedException();
                    }
                }
            }
        }));
        send(partitions, 100, 200);
        Broker.await(
                "both to have two",
                () -> one.partitions().size() == 2 && two.partitions().size() == 2);
        Set<Integer> left = two.partitions();
        assertThat(one.partitions()).doesNotContainAnyElementsOf(left);
        send(partitions, 200, 300);
        assertThat(held.await(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        two.close();
        send(partitions, 300, 400);

        Broker.await("the first to finish", () -> lines().size() >= 400 * partitions);
        for (int partition = 0; partition < partitions; partition++) {
            assertThat(numbers(partition))
                    .isEqualTo(IntStream.range(0, 400).boxed().toList());
            assertThat(doneBy(partition, 251)).isEqualTo("one");
            assertThat(doneBy(partition, 250))
                    .isEqualTo(left.contains(partition) && partition != undone.get() ? "two" : "one");
        }
        assertThat(left).contains(undone.get());
        assertThat(one.partitions()).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(one.ready()).isTrue();
    }

    @Test
    void anInstanceWithoutPartitionsIsReadyToo() throws Exception {
        make(1);
        var one = started(lanes("one", copies("one")));
        Broker.await("the first to be ready", one::ready);
        var two = started(lanes("two", copies("two")));
        Broker.await("the second to be ready", two::ready);

        assertThat(one.partitions().size() + two.partitions().size()).isEqualTo(1);
        one.close();
        two.close();
        var unused = lanes("three", copies("three"));
        assertThat(unused.ready()).isFalse();
        unused.close();
    }

    /** Kafka is not known to give a member a partition that it has. */
    @Test
    void aPartitionsEarlierLaneIsStoppedBeforeItsNextOneStarts() throws Exception {
        make(1);
        List<String> steps = new CopyOnWriteArrayList<>();
        Lanes.Start<Line> start = (partition, committed) -> {
            steps.add("started");
            return new Copy("one") {
                @Override
                public void close() {
                    steps.add("closed");
                }
            };
        };
        String group = topics.prefix() + "copier";
        Consumer<byte[], byte[]> member = cluster.member(group);
        open.add(() -> cluster.close(member));
        var held = new HeldLanes<>(new LaneContext<>(
                cluster,
                "copier",
                group,
                Line.class,
                member::groupMetadata,
                () -> Duration.ofMinutes(1),
                start,
                new UnreadableRecords(cluster, "copier", runs),
                new InFlightLimit(cluster.buffers().inFlightBytes()),
                failure::set));
        open.add(held::stop);
        Set<TopicPartition> partition = Set.of(new TopicPartition(input, 0));
        held.start(partition);
        Broker.await("the first to begin", held::working);

        held.start(partition);
        send(1, 0, 2);
        Broker.await("the second to go on", () -> lines().size() == 2);

        held.stop();
        assertThat(numbers(0)).containsExactly(0, 1);
        assertThat(steps).containsExactly("started", "closed", "started", "closed");
    }
}
