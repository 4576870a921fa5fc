package dev.tidemark.enumerator.lead;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.storage.Storage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a run that makes no progress, as when a barrier is lost or no marker runs: it is given up, so that the next one
 * can be. Progress is what is on the topics, what the services have committed, and what this process has read of the
 * storage. That a service is there, and a member of its group, is none.
 */
final class StallWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);
    private static final int LOOKS = 30;
    /** A marker that dies before each commit leaves aborted records for ever: so many time-outs long they count. */
    private static final int UNCOMMITTED_TIMEOUTS = 8;

    private final Cluster cluster;
    private final Duration timeout;
    private final Duration interval;
    private final Storage storage;
    private final Admin admin;
    private final StallTimer timer;
    private final StallTimer committed;
    private long lastLook;

    /**
     * @param storage what this process reads of it is committed late
     */
    StallWatch(Cluster cluster, Duration timeout, Storage storage) {
        this.cluster = cluster;
        this.timeout = timeout;
        this.storage = storage;
        interval = timeout.dividedBy(LOOKS);
        timer = new StallTimer(interval.multipliedBy(2));
        committed = new StallTimer(interval.multipliedBy(2));
        admin = cluster.admin();
        lastLook = System.nanoTime();
    }

    /** Why the run is to be given up, if nothing has moved for so long. */
    Optional<String> look(Run run, int itemsDone) {
        long now = System.nanoTime();
        if (now - lastLook < interval.toNanos() || run.state() == Run.State.SWEEPING) {
            return Optional.empty();
        }
        lastLook = now;
        List<Object> progress = new ArrayList<>(List.of(
                run.id(),
                run.state(),
                run.decided().size(),
                itemsDone,
                storage.calls().headway()));
        Duration still;
        try {
            for (String service : List.of("enumerator", "marker")) {
                progress.add(offsets(cluster.topics().prefix() + service));
            }
            still = committed.look(now, List.copyOf(progress)).dividedBy(UNCOMMITTED_TIMEOUTS);
            progress.add(written(cluster.topics()));
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} whether it goes on can't be seen: {}", run.id(), e.toString());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        Duration longest = timer.look(now, progress);
        return longest.compareTo(timeout) < 0 && still.compareTo(timeout) < 0
                ? Optional.empty()
                : Optional.of(why(
                        run.state(),
                        timeout,
                        storage.calls().awaited().map(call -> call + " of " + storage.description())));
    }

    static String why(Run.State state, Duration timeout, Optional<String> awaited) {
        return "nothing has moved for %s while it was %s: %s"
                .formatted(
                        Counted.of(timeout.toMinutes(), "minute"),
                        state.word(),
                        awaited.map(call -> "the storage does not answer, it was asked " + call)
                                .orElse("are the services running, and their topics there?"));
    }

    private long offsets(String group) throws ExecutionException, InterruptedException, TimeoutException {
        return admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .values()
                .stream()
                .filter(offset -> offset != null)
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    /**
     * Where the topics end that a marker writes to. It decides on a large partition for long without any new input, and
     * if nothing in it is eligible, it writes but how far it has come. To ask for the end of a topic that is not there
     * would take as long as the client may wait for it.
     */
    private long written(Topics topics) throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> there = admin.listTopics().names().get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        Map<TopicPartition, OffsetSpec> ends = Stream.of(
                        topics.marks(), topics.eligible(), topics.eligibleDryRun(), topics.markerProgress())
                .filter(there::contains)
                .flatMap(topic -> IntStream.range(0, topics.partitions())
                        .mapToObj(partition -> new TopicPartition(topic, partition)))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return admin.listOffsets(ends).all().get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS).values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    void close() {
        admin.close(Duration.ZERO);
    }
}
