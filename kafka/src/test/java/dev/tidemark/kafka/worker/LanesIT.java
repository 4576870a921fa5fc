package dev.tidemark.kafka.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Partitions worked off exactly once on a real broker, whatever happens to whoever does it. */
class LanesIT {

    private static final RunId RUN = new RunId("20260101-000000");

    @TempDir
    private static Path directory;

    private static Broker broker;
    private static int tests;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Topics topics;
    private Cluster cluster;
    private RunFollower runs;
    private String input;
    private String output;

    /** What the input says. */
    record Line(int number) {}

    @BeforeAll
    static void startKafka() {
        broker = new Broker(directory);
    }

    @AfterAll
    static void stopKafka() throws Exception {
        broker.close();
    }

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

    /** The third are members as they are while they are restarted one by one. */
    @ParameterizedTest
    @CsvSource({"CLASSIC,CLASSIC", "CONSUMER,CONSUMER", "CLASSIC,CONSUMER"})
    void twoShareThePartitionsAndOneGoesOnForTheOther(GroupProtocol ofOne, GroupProtocol ofTwo) throws Exception {
        int partitions = 4;
        make(partitions);
        var held = new CountDownLatch(2);
        var undone = new AtomicInteger(-1);
        var one = started(lanes("one", ofOne, copies("one")));
        send(partitions, 0, 100);
        Broker.await("the first to begin", () -> lines(output).size() >= 100);

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

        Broker.await("the first to finish", () -> lines(output).size() >= 400 * partitions);
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
    void theNewestProtocolIsTakenThatTheBrokerHas() throws Exception {
        assertThat(cluster.groups()).as("nobody was asked").isEqualTo(GroupProtocol.CLASSIC);
        assertThat(cluster.withNewestGroups(broker.admin()).groups()).isEqualTo(GroupProtocol.CONSUMER);
        for (Map<String, Object> older :
                List.of(with("group.protocol", "classic"), with("session.timeout.ms", "6000"))) {
            assertThat(new Cluster(older, topics)
                            .withNewestGroups(broker.admin())
                            .groups())
                    .isEqualTo(GroupProtocol.CLASSIC);
        }
    }

    @Test
    void theSessionOfAMemberIsTheGroupsOrElseTheBrokers() throws Exception {
        var ofConsumers = new Cluster(with("group.protocol", "consumer"), topics);
        String group = topics.prefix() + "copier";
        Duration ofBroker = ofConsumers.session(group);
        assertThat(ofBroker).isGreaterThanOrEqualTo(Duration.ofSeconds(45));

        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        // In the range that every broker has from the start: at least 45, at most 60 seconds.
        Duration ofGroup = Duration.ofSeconds(50);
        assertThat(ofBroker).isNotEqualTo(ofGroup);
        broker.admin()
                .incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("consumer.session.timeout.ms", Long.toString(ofGroup.toMillis())),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
        Broker.await("the setting to count", () -> ofConsumers.session(group).equals(ofGroup));
    }

    private static Map<String, Object> with(String name, String value) {
        Map<String, Object> settings = new HashMap<>(broker.clients());
        settings.put(name, value);
        return settings;
    }

    @ParameterizedTest
    @EnumSource
    void whoProvesAClaimHoldsIt(GroupProtocol protocol) throws Exception {
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

        Broker.await("it to be done", () -> lines(output).size() == 1);
        assertThat(held).containsExactly(false, false, true, true);
    }

    /** The next holder of a partition begins with its transactional id. */
    @ParameterizedTest
    @EnumSource
    void noClaimIsProvedWhereAnotherHasBegunAndThatIsNoFailureOfTheRecord(GroupProtocol protocol) throws Exception {
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

        Broker.await("the others to be done", () -> lines(output).size() == 2);
        assertThat(numbers(0)).containsExactly(0, 1);
        assertThat(refusals).hasSize(others).doesNotContainNull();
    }

    /** As a coordinator may keep one for good whose broker stood still in the middle of a commit. */
    @ParameterizedTest
    @EnumSource
    void anOffsetThatStaysPendingHoldsNobodyUp(GroupProtocol protocol) throws Exception {
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

        Broker.await("it to be done", () -> lines(output).size() == 2);
        assertThat(numbers(0)).containsExactly(0, 1);
        stranger.abortTransaction();
        cluster.close(stranger);
    }

    @Test
    void noClaimIsProvedByAMemberThatWasRemoved() throws Exception {
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

        Broker.await("it to be done", () -> lines(output).size() == 1);
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

    @Test
    void whatFailsIsUndoneAndTriedAgain() throws Exception {
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

        Broker.await("all to be done", () -> lines(output).size() >= 10);
        assertThat(numbers(0)).isEqualTo(IntStream.range(0, 10).boxed().toList());
        assertThat(tries).hasValue(3);
    }

    @Test
    void whatFailsFiveTimesIsGivenUp() throws Exception {
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

        Broker.await("all to be done", () -> lines(output).size() >= 10);
        assertThat(numbers(0)).isEqualTo(IntStream.range(0, 10).boxed().toList());
        assertThat(doneBy(0, 5)).isEqualTo("gave up after try 5");
        assertThat(doneBy(0, 4)).isEqualTo("one");
        assertThat(doneBy(0, 6)).isEqualTo("one");
        assertThat(tries).hasValue(5);
    }

    @Test
    void anErrorIsNoFailureOfARecordAndIsSaid() throws Exception {
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
    void aWorkThatCannotBeBegunIsBegunAgain() throws Exception {
        make(1);
        var tries = new AtomicInteger();
        send(1, 0, 3);
        started(lanes("one", (partition, committed) -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return new Copy("one");
        }));

        Broker.await("all to be done", () -> lines(output).size() >= 3);
        assertThat(numbers(0)).containsExactly(0, 1, 2);
    }

    @Test
    void aWorkThatCannotBeClosedIsBegunAgain() throws Exception {
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

        Broker.await("all to be done", () -> lines(output).size() >= 3);
        assertThat(numbers(0)).containsExactly(0, 1, 2);
    }

    @Test
    void whatIsSavedWithAnOffsetIsThereForTheNext() throws Exception {
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
        Broker.await("the first to be done", () -> lines(output).size() == 4);
        one.close();
        send(1, 4, 6);
        var two = started(lanes("two", counting));
        Broker.await("the second to be done", () -> lines(output).size() == 6);
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
    void whatIsCommittedInTheMiddleOfARecordStays() throws Exception {
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

        Broker.await("all to be done", () -> lines(output).size() >= 4);
        assertThat(numbers(0)).containsExactly(0, 1, 1, 2);
        assertThat(lines(output)).extracting(LanesIT::by).containsExactly("one", "about to", "one", "one");
    }

    @Test
    void whatCannotBeReadIsSetAsideAndFailsTheRunUnderWayAndTheRestGoesOn() throws Exception {
        make(2);
        send(requested(RUN));
        Broker.await("the run to be known", () -> runs.latest().isPresent());
        byte[] garbage = {'{', (byte) 0xff, 0};
        send(2, 0, 2);
        broker.send(input, 1, garbage);
        broker.send(input, 1, null);
        send(2, 2, 4);

        started(lanes("one", copies("one")));

        Broker.await("the rest to be done", () -> lines(output).size() >= 8);
        assertThat(numbers(0)).containsExactly(0, 1, 2, 3);
        assertThat(numbers(1)).containsExactly(0, 1, 2, 3);
        List<ConsumerRecord<String, byte[]>> rejected = broker.read(topics.rejected());
        assertThat(rejected).extracting(ConsumerRecord::key).containsExactly(input + "-1@2", input + "-1@3");
        assertThat(rejected).extracting(ConsumerRecord::value).containsExactly(garbage, null);
        assertThat(rejected)
                .allSatisfy(record ->
                        assertThat(record.headers().lastHeader("why").value()).isNotEmpty());
        Broker.await("the run to fail", () -> runs.latest().orElseThrow().ended());
        assertThat(runs.latest().orElseThrow().end()).isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
            assertThat(failed.run()).isEqualTo(RUN);
            assertThat(failed.service()).isEqualTo("copier");
            assertThat(failed.why()).startsWith(input + "-1@2 can't be read: ");
        });
    }

    @Test
    void whatCannotBeReadFailsNoRunThatIsOver() throws Exception {
        make(1);
        send(requested(RUN));
        send(new RunRecord.Cancelled(RUN, "test"));
        Broker.await(
                "the run to be over",
                () -> runs.latest().filter(run -> run.ended()).isPresent());
        broker.send(input, 0, new byte[] {'x'});
        send(1, 0, 1);

        started(lanes("one", copies("one")));

        Broker.await("the rest to be done", () -> lines(output).size() == 1);
        assertThat(broker.read(topics.rejected())).hasSize(1);
        assertThat(broker.read(topics.runs())).hasSize(2);
    }

    @Test
    void whoDoesNotKnowThatItLostItsPartitionsCommitsNothing() throws Exception {
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
        Broker.await("the next holder to take over", () -> lines(output).size() >= 10);
        release.countDown();
        Broker.await("the last one to go on", () -> outcome.size() == 2);
        frozen.close();
        send(2, 5, 6);
        Broker.await("the next holder to go on", () -> lines(output).size() >= 12);

        assertThat(outcome.values()).allSatisfy(end -> assertThat(end).isInstanceOf(RuntimeException.class));
        for (int partition = 0; partition < 2; partition++) {
            assertThat(numbers(partition)).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(doneBy(partition, 2)).isEqualTo("heir");
        }
    }

    @Test
    void aLaneThatHangsKeepsNobodyFromClosingAndDoesNothingAfterwards() throws Exception {
        make(2);
        send(2, 0, 2);
        var one = new Hanging();
        var lanes = started(lanes("one", one));
        Broker.await("what comes before to be done", () -> lines(output).size() == 4);
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

        Broker.await("both to be done", () -> lines(output).size() == 6 && hanging.outcome.containsKey(moved));
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

    @Test
    void whoGetsNoPartitionIsReadyToo() throws Exception {
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

        Broker.await("all but one to be done", () -> lines(output).size() >= 999);
        assertThat(numbers(0))
                .isEqualTo(IntStream.range(0, 1_000)
                        .filter(number -> number != 542)
                        .boxed()
                        .toList());
        assertThat(givenUp).contains(542).containsOnly(542);
        assertThat(sizes).allMatch(size -> size <= 100).contains(100);
    }

    private void make(int partitions) throws Exception {
        broker.create(input, partitions);
        broker.create(output, partitions);
    }

    private Lanes<Line> lanes(String client, Lanes.Start<Line> start) {
        return lanes(client, GroupProtocol.CLASSIC, start);
    }

    private Lanes<Line> lanes(String client, GroupProtocol protocol, Lanes.Start<Line> start) {
        Map<String, Object> named = new HashMap<>(broker.clients());
        named.put("client.id", client);
        named.put("group.protocol", protocol.name());
        return lanes(new Cluster(named, topics), start);
    }

    private Lanes<Line> lanes(Cluster on, Lanes.Start<Line> start) {
        return new Lanes<>(on, input, Line.class, "copier", start, runs, failure::set);
    }

    private Lanes<Line> started(Lanes<Line> lanes) {
        open.add(lanes);
        lanes.start();
        return lanes;
    }

    private Lanes.Start<Line> copies(String by) {
        return (partition, committed) -> new Copy(by);
    }

    /** Copies each record to the same partition of the output, and says who did it. */
    private class Copy implements Work<Line> {

        private final String by;

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
    private void send(int partitions, int from, int to) {
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

    private void send(RunRecord record) throws Exception {
        broker.send(
                topics.runs(), 0, new JsonSerde<>(RunRecord.class).serializer().serialize(topics.runs(), record));
    }

    private static RunRecord requested(RunId run) {
        return new RunRecord.Requested(run, 0, new Options(0, false, false), 75, "test", null);
    }

    private static List<ConsumerRecord<String, byte[]>> lines(String topic) throws Exception {
        return broker.read(topic);
    }

    private List<Integer> numbers(int partition) throws Exception {
        return lines(output).stream()
                .filter(record -> record.partition() == partition)
                .map(LanesIT::number)
                .toList();
    }

    private String doneBy(int partition, int number) throws Exception {
        return lines(output).stream()
                .filter(record -> record.partition() == partition && number(record) == number)
                .map(LanesIT::by)
                .findFirst()
                .orElseThrow();
    }

    private static int number(ConsumerRecord<String, byte[]> record) {
        return Integer.parseInt(new String(record.value(), UTF_8));
    }

    private static String by(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader("by");
        return new String(header.value(), UTF_8);
    }
}
