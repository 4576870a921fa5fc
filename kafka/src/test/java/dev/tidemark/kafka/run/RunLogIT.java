package dev.tidemark.kafka.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Broker;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.OnBroker;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The runs, read once and followed, on a real broker. */
class RunLogIT extends OnBroker {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final RunId NEXT = new RunId("20260101-000001");

    private static int tests;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private Cluster cluster;

    @BeforeEach
    void makeTopic(TestInfo test) throws Exception {
        cluster = new Cluster(
                broker.clients(), new Topics(test.getTestMethod().orElseThrow().getName() + tests++ + ".", 1));
        broker.create(cluster.topics().runs(), 1);
    }

    @Test
    void readsAllThatIsThere() throws Exception {
        try (var log = new RunLog(cluster)) {
            assertThat(log.toEnd()).isEmpty();
            send(requested(RUN));
            send(new Cancelled(RUN, "test"));
            assertThat(log.toEnd())
                    .hasValueSatisfying(run -> assertThat(run.state()).isEqualTo(Run.State.CANCELLED));
        }
    }

    static byte[][] unreadable() {
        return new byte[][] {{'{', (byte) 0xff}, {}, null};
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void aRecordThatCannotBeReadFailsTheLatestRun(byte[] bytes) throws Exception {
        try (var log = new RunLog(cluster);
                var follower = followed()) {
            send(requested(RUN));
            broker.send(cluster.topics().runs(), 0, bytes);

            assertFailed(log.toEnd(), "record 1 of " + cluster.topics().runs() + " can't be read: ");
            Broker.await(
                    "the run to fail",
                    () -> follower.latest().filter(Run::ended).isPresent());
            assertFailed(follower.latest(), "record 1 of " + cluster.topics().runs() + " can't be read: ");

            send(requested(NEXT));
            assertThat(log.toEnd()).map(Run::state).contains(Run.State.REQUESTED);
            Broker.await(
                    "the next run", () -> follower.latest().orElseThrow().id().equals(NEXT));
            assertThat(follower.latest()).isEqualTo(log.toEnd());
            assertThat(RunHistory.read(cluster).of(RUN).orElseThrow().run().state())
                    .isEqualTo(Run.State.FAILED);
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void aFollowerThatStartsLaterKnowsWhenTheRunEnded() throws Exception {
        long before = System.currentTimeMillis();
        send(requested(RUN));
        send(new Cancelled(RUN, "test"));
        long after = System.currentTimeMillis();
        send(new Cancelled(RUN, "somebody else, later"));

        try (var follower = followed()) {
            Broker.await(
                    "the run to be known",
                    () -> follower.latest().filter(Run::ended).isPresent());
            assertThat(follower.changedAt()).isBetween(before, after);
        }
    }

    @Test
    void aRecordThatCannotBeReadFailsNothingWhereThereIsNoRun() throws Exception {
        broker.send(cluster.topics().runs(), 0, new byte[] {'x'});
        try (var log = new RunLog(cluster)) {
            assertThat(log.toEnd()).isEmpty();
            send(requested(RUN));
            assertThat(log.toEnd()).map(Run::state).contains(Run.State.REQUESTED);
        }
    }

    @Test
    void theLossOfTheTopicFailsTheRun() throws Exception {
        try (var log = new RunLog(cluster);
                var follower = followed()) {
            send(requested(RUN));
            assertThat(log.toEnd()).map(Run::id).contains(RUN);
            Broker.await("the run to be known", () -> follower.latest().isPresent());

            broker.delete(cluster.topics().runs());
            broker.create(cluster.topics().runs(), 1);

            Broker.await(
                    "the loss to be seen",
                    () -> log.poll(Duration.ofMillis(100)).filter(Run::ended).isPresent());
            assertFailed(log.poll(Duration.ZERO), "was deleted, or cut off, under it");
            Broker.await(
                    "the loss to be seen",
                    () -> follower.latest().filter(Run::ended).isPresent());
            assertFailed(follower.latest(), "was deleted, or cut off, under it");

            send(requested(NEXT));
            Broker.await(
                    "the next run",
                    () -> log.poll(Duration.ofMillis(100)).orElseThrow().id().equals(NEXT));
            Broker.await(
                    "the next run", () -> follower.latest().orElseThrow().id().equals(NEXT));
            assertThat(follower.latest()).map(Run::state).contains(Run.State.REQUESTED);
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void recordsThatAreCutOffBeforeTheyAreReadFailTheRun() throws Exception {
        try (var log = new RunLog(cluster)) {
            send(requested(RUN));
            assertThat(log.toEnd()).map(Run::id).contains(RUN);

            Broker.await("the loss to be seen", () -> {
                // They change nothing, and the first may be on its way to the reader already.
                send(requested(RUN));
                send(requested(RUN));
                broker.cutOff(cluster.topics().runs());
                return log.poll(Duration.ofMillis(100)).filter(Run::ended).isPresent();
            });
            assertFailed(log.poll(Duration.ZERO), "was deleted, or cut off, under it");
        }
    }

    /** What was once so must not be acted on as if it were. */
    @Test
    void aFollowerSeesThePresentAndNotThePast() throws Exception {
        Map<String, Object> clients = new HashMap<>(broker.clients());
        clients.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        var slow = new Cluster(clients, cluster.topics());
        for (int i = 0; i < 300; i++) {
            send(requested(RUN));
        }
        send(new Cancelled(RUN, "test"));
        try (var follower = new RunFollower(slow, failure::set)) {
            assertThat(follower.known()).isFalse();
            follower.start();

            assertThat(follower.await(run -> true, () -> false)).map(Run::state).contains(Run.State.CANCELLED);
            assertThat(follower.known()).isTrue();
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void awaitingARunEndsWithTheRunOrAStop() throws Exception {
        try (var follower = followed();
                var threads = Executors.newFixedThreadPool(2)) {
            var stop = new AtomicBoolean();
            var told = threads.submit(() -> follower.await(run -> run.state() == Run.State.CANCELLED, () -> false));
            var stopped = threads.submit(() -> follower.await(run -> run.id().equals(NEXT), stop::get));
            send(requested(RUN));
            send(new Cancelled(RUN, "test"));

            assertThat(told.get(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .map(Run::id)
                    .contains(RUN);
            assertThat(stopped.isDone()).isFalse();
            stop.set(true);
            assertThat(stopped.get(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEmpty();
        }
    }

    @Test
    void aFollowerThatCatchesUpKnowsAllThatIsThere() throws Exception {
        try (var follower = followed()) {
            for (int i = 0; i < 20; i++) {
                var run = new RunId("20260101-%06d".formatted(i));
                send(requested(run));
                assertThat(follower.catchUp(() -> false)).isTrue();
                assertThat(follower.latest()).map(Run::id).contains(run);
            }
            assertThat(follower.catchUp(() -> true)).as("told to stop").isFalse();
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void awaitingARunEndsWhenTheFollowerIsClosed() throws Exception {
        try (var threads = Executors.newFixedThreadPool(1)) {
            var follower = followed();
            var waiting = threads.submit(() -> follower.await(run -> true, () -> false));
            follower.close();
            assertThat(waiting.get(Broker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEmpty();
        }
        new RunFollower(cluster, failure::set).close();
    }

    private RunFollower followed() {
        var follower = new RunFollower(cluster, failure::set);
        follower.start();
        return follower;
    }

    private void send(RunRecord record) throws Exception {
        broker.send(
                cluster.topics().runs(),
                0,
                new JsonSerde<>(RunRecord.class).serializer().serialize(null, record));
    }

    private static Requested requested(RunId run) {
        return new Requested(run, 0, new Options(0, false, false), 75, "test", null, null, null);
    }

    private static void assertFailed(Optional<Run> run, String why) {
        assertThat(run).hasValueSatisfying(failed -> {
            assertThat(failed.id()).isEqualTo(RUN);
            assertThat(failed.state()).isEqualTo(Run.State.FAILED);
            assertThat(failed.end())
                    .isInstanceOfSatisfying(
                            Failed.class, end -> assertThat(end.why()).contains(why));
        });
    }
}
