package dev.tidemark.kafka.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lane that hangs does no harm, and neither does an instance that does not know what it has lost. */
class HangingLanesIT extends LanesOnKafka {

    @Test
    void anInstanceThatDoesNotKnowOfItsLossCommitsNothing() throws Exception {
        make(2);
        var entered = new CountDownLatch(2);
        var release = new CountDownLatch(1);
        Map<Integer, Object> outcome = new ConcurrentHashMap<>();
        Map<String, Object> impatient = new HashMap<>(broker.clients());
        impatient.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1500);
        var frozen = started(lanes(new Cluster(impatient, topics), (partition, committed) -> new Copy("frozen") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                super.on(record, lane);
                if (record.value().number() == 2) {
                    entered.countDown();
                    hang(release);
                    try {
                        on(record, lane, "zombie");
                        lane.commit();
                        outcome.put(partition, "committed");
                    } catch (RuntimeException e) {
                        outcome.put(partition, e);
                        throw e;
                    }
                }
            }
        }));
        open.add(release::countDown);
        send(2, 0, 3);
        assertThat(entered.await(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        started(lanes("heir", copies("heir")));
        send(2, 3, 5);
        Broker.await("the next holder to take over", () -> lines().size() >= 10);
        release.countDown();
        Broker.await("the last one to go on", () -> outcome.size() == 2);
        frozen.close();
        send(2, 5, 6);
        Broker.await("the next holder to go on", () -> lines().size() >= 12);

        assertThat(outcome.values()).allSatisfy(end -> assertThat(end).isInstanceOf(RuntimeException.class));
        for (int partition = 0; partition < 2; partition++) {
            assertThat(numbers(partition)).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(doneBy(partition, 2)).isEqualTo("heir");
        }
    }

    @Test
    void aLaneThatHangsHoldsUpNoCloseAndDoesNothingAfterwards() throws Exception {
        make(2);
        send(2, 0, 2);
        var one = new Hanging();
        var lanes = started(lanes("one", one));
        Broker.await("what comes before to be done", () -> lines().size() == 4);
        send(2, 2, 3);
        one.await(2);

        CompletableFuture.runAsync(lanes::close).get(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        broker.send(output, 0, "100".getBytes(UTF_8));
        Broker.await("what was begun to hold up no reader", () -> numbers(0).equals(List.of(0, 1, 100)));
        one.release.countDown();
        Broker.await("what has hung to go on", () -> one.outcome.size() == 2);

        assertThat(one.outcome.values())
                .flatExtracting(failures -> failures)
                .hasSize(4)
                .hasOnlyElementsOfType(LaneStoppedException.class);
        started(lanes("heir", copies("heir")));
        Broker.await(
                "the next holder to go on",
                () -> numbers(0).equals(List.of(0, 1, 100, 2)) && numbers(1).equals(List.of(0, 1, 2)));
        assertThat(doneBy(0, 2)).isEqualTo("heir");
        assertThat(doneBy(1, 2)).isEqualTo("heir");
    }

    @ParameterizedTest
    @EnumSource
    void aLaneThatHangsIsGivenBackAndItsMemberStays(GroupProtocol protocol) throws Exception {
        make(2);
        var hanging = new Hanging();
        var one = started(lanes("one", protocol, hanging));
        send(2, 0, 3);
        hanging.await(2);

        var two = started(lanes("two", protocol, copies("two")));
        Broker.await(
                "the second to take one over",
                () -> two.partitions().size() == 1
                        && numbers(two.partitions().iterator().next()).contains(2));
        int moved = two.partitions().iterator().next();
        int stayed = 1 - moved;
        assertThat(one.partitions()).containsExactly(stayed);
        hanging.release.countDown();

        Broker.await("both to be done", () -> lines().size() == 6 && hanging.outcome.containsKey(moved));
        assertThat(hanging.outcome.keySet()).containsExactly(moved);
        assertThat(hanging.outcome.get(moved)).hasSize(2).hasOnlyElementsOfType(LaneStoppedException.class);
        assertThat(doneBy(moved, 2)).isEqualTo("two");
        assertThat(doneBy(stayed, 2)).isEqualTo("one");
        assertThat(numbers(moved)).containsExactly(0, 1, 2);
        assertThat(numbers(stayed)).containsExactly(0, 1, 2);
    }

    /** Hangs in the middle of the third record of each partition, and notes what keeps it from going on then. */
    private final class Hanging implements Lanes.Start<Line> {

        final CountDownLatch release = new CountDownLatch(1);
        final Map<Integer, List<Throwable>> outcome = new ConcurrentHashMap<>();
        private final Set<Integer> hanging = ConcurrentHashMap.newKeySet();

        void await(int partitions) throws Exception {
            open.add(release::countDown);
            Broker.await("all to hang", () -> hanging.size() == partitions);
        }

        @Override
        public Work<Line> start(int partition, Optional<OffsetAndMetadata> committed) {
            return new Copy("one") {
                @Override
                public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                    super.on(record, lane);
                    if (record.value().number() == 2) {
                        hanging.add(partition);
                        hang(release);
                        try {
                            lane.commit();
                        } catch (RuntimeException e) {
                            outcome.put(partition, List.of(e, catchThrowable(() -> on(record, lane, "one"))));
                            throw e;
                        }
                    }
                }
            };
        }
    }

    /** As a thread does that the file system does not answer: nothing interrupts it. */
    private static void hang(CountDownLatch release) {
        boolean interrupted = false;
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
