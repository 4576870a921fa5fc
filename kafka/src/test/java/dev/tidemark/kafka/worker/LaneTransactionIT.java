package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.GroupProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The next holder of a partition goes on from the last commit. */
class LaneTransactionIT extends LanesOnKafka {

    @Test
    void theNextHolderGetsTheMetadataOfTheLastCommit() throws Exception {
        make(1);
        List<Optional<OffsetAndMetadata>> begun = new CopyOnWriteArrayList<>();
        Lanes.Start<Line> counting = (partition, committed) -> {
            begun.add(committed);
            return new Copy("one") {
                private int sum = committed
                        .map(offset -> Integer.parseInt(offset.metadata()))
                        .orElse(0);

                @Override
                public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                    super.on(record, lane);
                    sum += record.value().number();
                }

                @Override
                public String metadata() {
                    return Integer.toString(sum);
                }
            };
        };
        send(1, 0, 4);
        var one = started(lanes("one", counting));
        Broker.await("the first to be done", () -> lines().size() == 4);
        one.close();
        send(1, 4, 6);
        var two = started(lanes("two", counting));
        Broker.await("the second to be done", () -> lines().size() == 6);
        two.close();
        started(lanes("three", counting));
        Broker.await("the third to begin", () -> begun.size() == 3);

        assertThat(begun)
                .extracting(offset -> offset.map(OffsetAndMetadata::metadata))
                .containsExactly(Optional.empty(), Optional.of("6"), Optional.of("15"));
        assertThat(begun.get(1).orElseThrow().offset()).isEqualTo(4);
        assertThat(numbers(0)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aCommitInTheMiddleOfARecordStaysWhenTheRecordFails() throws Exception {
        make(1);
        var failed = new AtomicBoolean();
        send(1, 0, 3);
        started(lanes("one", (partition, committed) -> new Copy("one") {
            @Override
            public void on(ConsumerRecord<String, Line> record, Lane lane) throws InterruptedException {
                if (record.value().number() == 1 && failed.compareAndSet(false, true)) {
                    on(record, lane, "about to");
                    lane.commit();
                    on(record, lane, "undone");
                    throw new IllegalStateException("in the middle");
                }
                super.on(record, lane);
            }
        }));

        Broker.await("all to be done", () -> lines().size() >= 4);
        assertThat(numbers(0)).containsExactly(0, 1, 1, 2);
        assertThat(lines()).extracting(LanesOnKafka::by).containsExactly("one", "about to", "one", "one");
    }

    /** As a coordinator may keep one for good whose broker stood still in the middle of a commit. */
    @ParameterizedTest
    @EnumSource
    void anOffsetThatStaysPendingDoesNotHoldUpTheNextHolder(GroupProtocol protocol) throws Exception {
        make(1);
        send(1, 0, 2);
        Producer<String, byte[]> stranger = cluster.transactional("stranger", Duration.ofMinutes(10));
        stranger.initTransactions();
        stranger.beginTransaction();
        Consumer<byte[], byte[]> nobody = cluster.member(topics.prefix() + "copier");
        stranger.sendOffsetsToTransaction(
                Map.of(new TopicPartition(input, 0), new OffsetAndMetadata(1)), nobody.groupMetadata());
        cluster.close(nobody);

        started(lanes("one", protocol, (partition, committed) -> new Copy("one")));

        Broker.await("it to be done", () -> lines().size() == 2);
        assertThat(numbers(0)).containsExactly(0, 1);
        stranger.abortTransaction();
        cluster.close(stranger);
    }
}
