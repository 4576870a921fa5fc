package dev.tidemark.cli.command;

import com.fasterxml.jackson.databind.ObjectWriter;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.ReadTimeout;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the eligible records of a run to a file, whole, as JSON Lines. */
final class PlanFile {

    private static final Logger LOG = LoggerFactory.getLogger(PlanFile.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final WholeFile file;

    PlanFile(WholeFile file) {
        this.file = file;
    }

    /**
     * Reads the topic up to the run's barriers and writes the file. The run's outcome is still to be printed, so this
     * throws nothing.
     *
     * @return why it can't be written, if so
     */
    Optional<String> write(Cluster cluster, Run run) {
        try {
            file.write(out -> copy(cluster, run, out));
            return Optional.empty();
        } catch (CollectionException e) {
            LOG.error("no plan", e);
            return Optional.of(e.getMessage());
        } catch (KafkaException e) {
            LOG.error("no plan", e);
            return Optional.of(file.path() + " cannot be written: Kafka does not give the plan: " + cluster.why(e));
        }
    }

    private static void copy(Cluster cluster, Run run, Writer out) throws IOException {
        String topic = run.requested().options().dryRun()
                ? cluster.topics().eligibleDryRun()
                : cluster.topics().eligible();
        ObjectWriter json = JsonSerde.MAPPER.writerFor(EligibleRecord.class);
        try (var consumer = cluster.reader(EligibleRecord.class)) {
            List<TopicPartition> all = IntStream.range(0, cluster.topics().partitions())
                    .mapToObj(p -> new TopicPartition(topic, p))
                    .toList();
            consumer.assign(all);
            seek(consumer, all, run.requested().at() - Run.CLOCKS_DIFFER.toMillis());
            Set<Integer> open =
                    new HashSet<>(all.stream().map(TopicPartition::partition).toList());
            var timeout = new ReadTimeout(cluster, consumer);
            while (!open.isEmpty()) {
                timeout.check();
                for (ConsumerRecord<String, Parsed<EligibleRecord>> record : consumer.poll(POLL)) {
                    if (record.value() instanceof Parsed.Readable<EligibleRecord>(EligibleRecord value)
                            && value.run().equals(run.id())) {
                        switch (value) {
                            case Eligible eligible -> {
                                out.write(json.writeValueAsString(eligible));
                                out.write('\n');
                            }
                            case EndOfEligible end -> open.remove(end.partition());
                        }
                    }
                }
            }
        }
    }

    /** Skips the records that are older than the run. */
    private static void seek(Consumer<?, ?> consumer, List<TopicPartition> all, long time) {
        consumer.seekToBeginning(all);
        consumer.offsetsForTimes(all.stream().collect(Collectors.toMap(partition -> partition, partition -> time)))
                .forEach((partition, found) ->
                        Optional.ofNullable(found).ifPresent(at -> consumer.seek(partition, at.offset())));
    }
}
