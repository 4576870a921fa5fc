package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.GroupProtocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real broker tells an instance whether a partition is still its own. */
class ClaimIT extends LanesOnKafka {

    @ParameterizedTest
    @EnumSource
    void aClaimHoldsOnceItIsProved(GroupProtocol protocol) throws Exception {
        make(1);
        List<Boolean> held = new CopyOnWriteArrayList<>();
        send(1, 0, 1);
        started(lanes("one", protocol, (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                held.addAll(List.of(lane.held(), lane.prove(), lane.held(), lane.prove()));
                super.on(record, lane);
            }
        }));

        Broker.await("it to be done", () -> lines().size() == 1);
        assertThat(held).containsExactly(false, false, true, true);
    }

    /** The next holder of a partition begins with its transactional id. */
    @ParameterizedTest
    @EnumSource
    void aClaimCannotBeProvedOnceAnotherHolderHasBegunAndNoRecordIsToBlame(GroupProtocol protocol) throws Exception {
        make(1);
        int others = 7;
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        send(1, 0, 2);
        started(lanes("one", protocol, (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                if (refusals.size() < others) {
                    Producer<String, byte[]> other =
                            cluster.transactional(topics.prefix() + "copier-0", Duration.ofMinutes(1));
                    other.initTransactions();
                    cluster.close(other);
                    Throwable refusal = catchThrowable(lane::prove);
                    assertThat(lane.held()).isFalse();
                    refusals.add(refusal);
                    throw (RuntimeException) refusal;
                }
                super.on(record, lane);
            }
        }));

        Broker.await("the others to be done", () -> lines().size() == 2);
        assertThat(numbers(0)).containsExactly(0, 1);
        assertThat(refusals).hasSize(others).doesNotContainNull();
    }

    @Test
    void aMemberThatWasRemovedProvesNoClaim() throws Exception {
        make(1);
        var refusal = new AtomicReference<Throwable>();
        send(1, 0, 1);
        started(lanes("one", (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                if (refusal.get() == null) {
                    remove(topics.prefix() + "copier");
                    refusal.set(catchThrowable(lane::prove));
                }
                super.on(record, lane);
            }
        }));

        Broker.await("it to be done", () -> lines().size() == 1);
        assertThat(refusal.get()).isInstanceOfAny(CommitFailedException.class, LaneStoppedException.class);
    }

    /** As the broker removes one whose session is over. */
    private static void remove(String group) {
        try {
            broker.admin()
                    .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
