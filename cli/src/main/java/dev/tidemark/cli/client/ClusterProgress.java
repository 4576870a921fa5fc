package dev.tidemark.cli.client;

import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Progress;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicLog;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.text.Counted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress of a run on a cluster, by the records that its services have written, and by how far their groups have
 * read.
 */
public final class ClusterProgress implements Progress, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterProgress.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Admin admin;
    private final WorkLedger ledger = new WorkLedger();
    private final TopicLog<WorkDoneRecord> log;
    private Phases.Phase lastPhase;
    private Optional<Step> last = Optional.empty();
    /** The question that was asked of Kafka, until its answer is taken. */
    private Optional<CompletableFuture<Supplier<Step>>> asked = Optional.empty();

    private long lastAsked;
    private long lastAnswer = System.nanoTime();
    private long base;
    private boolean based;

    public ClusterProgress(Cluster cluster) {
        this.cluster = cluster;
        admin = cluster.admin();
        log = new TopicLog<>(
                cluster,
                cluster.topics().workDone(),
                WorkDoneRecord.class,
                record -> {
                    if (record.value() instanceof Parsed.Readable<WorkDoneRecord>(WorkDoneRecord value)) {
                        ledger.add(value);
                    }
                },
                () -> {});
    }

    /** As it was when Kafka last answered: nobody waits here for its next answer. */
    @Override
    public Optional<Step> step(Run run, Phases.Phase phase) {
        if (phase != lastPhase) {
            lastPhase = phase;
            last = Optional.empty();
            based = false;
            ask(run, phase);
        }
        asked.filter(CompletableFuture::isDone).ifPresent(this::take);
        if (asked.isEmpty() && System.nanoTime() - lastAsked >= EVERY.toNanos()) {
            ask(run, phase);
        }
        return silence().or(() -> last);
    }

    /**
     * The same, but it waits for an answer, a while.
     *
     * @throws org.apache.kafka.common.KafkaException if there is none
     */
    public Optional<Step> awaited(Run run, Phases.Phase phase) {
        if (phase == Phases.Phase.ENUMERATING) {
            log.toEnd();
        }
        step(run, phase);
        asked.ifPresent(answer -> {
            try {
                answer.get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("how far it is can't be told", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return step(run, phase);
    }

    private void ask(Run run, Phases.Phase phase) {
        lastAsked = System.nanoTime();
        asked = Optional.of(question(run, phase).toCompletableFuture());
    }

    private void take(CompletableFuture<Supplier<Step>> answer) {
        asked = Optional.empty();
        if (!answer.isCompletedExceptionally()) {
            last = Optional.of(answer.join().get());
        }
        // A refusal for want of rights is an answer, too.
        if (!answer.isCompletedExceptionally() || !(answer.exceptionNow() instanceof RetriableException)) {
            lastAnswer = System.nanoTime();
        }
    }

    /** Tells the user, once Kafka has been silent for long, why nothing moves. */
    private Optional<Step> silence() {
        long silent = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastAnswer);
        if (silent < LONGEST_ANSWER.toSeconds()) {
            return Optional.empty();
        }
        Step known = last.orElse(new Step(0, 0, "", 0, ""));
        return Optional.of(
                new Step(known.done(), known.all(), known.of(), 0, "Kafka has not answered for " + silent + " s"));
    }

    private CompletionStage<Supplier<Step>> question(Run run, Phases.Phase phase) {
        int all = cluster.topics().partitions();
        return switch (phase) {
            case STARTING, ENUMERATING ->
                admin.describeCluster().clusterId().toCompletionStage().thenApply(id -> () -> enumerating(run));
            case MARKING ->
                behind(
                        "marker",
                        inputs(),
                        "records",
                        run.decided().size() + " of " + Counted.of(all, "partition") + " decided");
            case SWEEPING, SETTLING ->
                behind(
                        "sweeper",
                        partitions(cluster.topics().eligible()),
                        "deletions",
                        run.swept().size() + " of " + Counted.of(all, "partition") + " swept");
        };
    }

    private Step enumerating(Run run) {
        log.poll(Duration.ZERO);
        return ledger.rounds(run.id()) == 0
                ? new Step(0, 0, "repositories and blob shards", 0, "no enumerator has taken it up yet")
                : new Step(ledger.itemsDone(), ledger.items(), "repositories and blob shards", ledger.found(), "");
    }

    /** How far a group has read, from where it was when this was first looked at. */
    private CompletionStage<Supplier<Step>> behind(
            String service, List<TopicPartition> partitions, String of, String more) {
        var committed = admin.listConsumerGroupOffsets(cluster.topics().prefix() + service)
                .partitionsToOffsetAndMetadata();
        var ends = admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest())))
                .all();
        return committed.toCompletionStage().thenCombine(ends.toCompletionStage(), (offsets, until) -> () -> {
            long read = 0;
            long end = 0;
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = offsets.get(partition);
                read += offset == null ? 0 : offset.offset();
                end += until.get(partition).offset();
            }
            base = based ? base : read;
            based = true;
            return new Step(read - base, end - base, of, read - base, more);
        });
    }

    private List<TopicPartition> inputs() {
        List<TopicPartition> all = new ArrayList<>();
        for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
            all.addAll(partitions(cluster.topics().of(input)));
        }
        return all;
    }

    private List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, cluster.topics().partitions())
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
    }

    @Override
    public void close() {
        log.close();
        admin.close(Duration.ZERO);
    }
}
