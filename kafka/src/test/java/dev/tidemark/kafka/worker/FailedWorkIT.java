package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Broker;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Work that fails is undone and tried again, and in the end it is given up. */
class FailedWorkIT extends LanesOnKafka {

    @Test
    void aRecordThatFailsIsUndoneAndTriedAgain() throws Exception {
        make(1);
        var tries = new AtomicInteger();
        send(1, 0, 10);
        started(lanes("one", (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                super.on(record, lane);
                if (record.value().number() == 5 && tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("not yet");
                }
            }
        }));

        Broker.await("all to be done", () -> lines().size() >= 10);
        assertThat(numbers(0)).isEqualTo(IntStream.range(0, 10).boxed().toList());
        assertThat(tries).hasValue(3);
    }

    @Test
    void aRecordThatFailsFiveTimesIsGivenUp() throws Exception {
        make(1);
        var tries = new AtomicInteger();
        send(1, 0, 10);
        started(lanes("one", (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                super.on(record, lane);
                if (record.value().number() == 5) {
                    throw new IllegalStateException("try " + tries.incrementAndGet());
                }
            }

            @Override
            public void givenUp(ConsumerRecord<String, Line> record, RuntimeException why, Lane lane) {
                super.on(record, lane, "gave up after " + why.getMessage());
            }
        }));

        Broker.await("all to be done", () -> lines().size() >= 10);
        assertThat(numbers(0)).isEqualTo(IntStream.range(0, 10).boxed().toList());
        assertThat(doneBy(0, 5)).isEqualTo("gave up after try 5");
        assertThat(doneBy(0, 4)).isEqualTo("one");
        assertThat(doneBy(0, 6)).isEqualTo("one");
        assertThat(tries).hasValue(5);
    }

    @Test
    void recordsThatJoinAreTakenTogetherAndOneByOneAfterAFailure() throws Exception {
        make(1);
        send(1, 0, 1_000);
        var sizes = new ConcurrentLinkedQueue<Integer>();
        var givenUp = new ConcurrentLinkedQueue<Integer>();
        started(lanes("one", (partition, committed) -> new Copy("one") {
            @Override
            public boolean joins(List<ConsumerRecord<String, Line>> before, Line next) {
                return next.number() % 100 != 0;
            }

            @Override
            public void on(List<ConsumerRecord<String, Line>> records, Lane lane) throws InterruptedException {
                sizes.add(records.size());
                for (ConsumerRecord<String, Line> record : records) {
                    on(record, lane);
                }
            }

            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                if (record.value().number() == 542) {
                    throw new IllegalStateException("this one fails");
                }
                super.on(record, lane);
            }

            @Override
            public void givenUp(ConsumerRecord<String, Line> record, RuntimeException why, Lane lane) {
                givenUp.add(record.value().number());
            }
        }));

        Broker.await("all but one to be done", () -> lines().size() >= 999);
        assertThat(numbers(0))
                .isEqualTo(IntStream.range(0, 1_000)
                        .filter(number -> number != 542)
                        .boxed()
                        .toList());
        assertThat(givenUp).contains(542).containsOnly(542);
        assertThat(sizes).allMatch(size -> size <= 100).contains(100);
    }

    @Test
    void anErrorStopsThePartitionAndIsReported() throws Exception {
        make(2);
        var full = new OutOfMemoryError("Java heap space");
        send(2, 0, 3);
        var one = started(lanes("one", (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                super.on(record, lane);
                if (partition == 1 && record.value().number() == 1) {
                    throw full;
                }
            }
        }));

        Broker.await("it to be said", () -> failure.get() != null);
        assertThat(failure.getAndSet(null)).isSameAs(full);
        Broker.await("the other partition to be done", () -> numbers(0).size() == 3);
        assertThat(numbers(1)).doesNotContain(1, 2);
        assertThat(one.ready()).isFalse();
        one.close();

        started(lanes("two", copies("two")));
        Broker.await("the next holder to go on", () -> numbers(1).size() == 3);
        assertThat(numbers(1)).containsExactly(0, 1, 2);
    }

    @Test
    void workThatCannotStartIsStartedAgain() throws Exception {
        make(1);
        var tries = new AtomicInteger();
        send(1, 0, 3);
        started(lanes("one", (partition, committed) -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return new Copy("one");
        }));

        Broker.await("all to be done", () -> lines().size() >= 3);
        assertThat(numbers(0)).containsExactly(0, 1, 2);
    }

    @Test
    void workThatCannotBeClosedIsStartedAgain() throws Exception {
        make(1);
        var tries = new AtomicInteger();
        send(1, 0, 3);
        started(lanes("one", (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("not yet");
                }
                super.on(record, lane);
            }

            @Override
            public void close() {
                throw new IllegalStateException("nor can it be closed");
            }
        }));

        Broker.await("all to be done", () -> lines().size() >= 3);
        assertThat(numbers(0)).containsExactly(0, 1, 2);
    }
}
