package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Faulty;
import dev.tidemark.cli.Processes;
import dev.tidemark.cli.ServicesInProcess;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/**
 * The services where a record cannot be read, or a topic is deleted under them: the run fails, and nothing is deleted.
 */
class DamagedTopicsIT extends ServicesInProcess {

    @Test
    void aRecordThatCannotBeReadFailsTheRunAndIsSetAside() throws Exception {
        var trouble = new Faulty(storage());
        startServices(trouble);
        for (String topic : List.of(
                cluster.topics().blobs(),
                cluster.topics().marks(),
                cluster.topics().work(),
                cluster.topics().workDone(),
                cluster.topics().runs())) {
            Map<String, String> before = registry.snapshot();
            CountDownLatch goOn = runHeldAtItsFirstManifest(trouble);
            send(topic, "{not json");
            goOn.countDown();
            Run run = awaitEnd();
            trouble.open = path -> {};

            assertThat(run.state()).as(topic).isEqualTo(Run.State.FAILED);
            assertThat(((RunRecord.Failed) run.end()).why()).as(topic).contains("can't be read");
            assertThat(registry.snapshot()).as(topic).isEqualTo(before);
        }
        assertThat(rejected()).contains("{not json").hasSize(3);
        assertThat(failure.get()).as("the services live on").isNull();
        assertSweeps();
    }

    private void assertSweeps() {
        Tidemark.Result swept = tidemark("run", "--delete-untagged", "--max-delete", "100");
        assertThat(swept.exitCode()).as(swept.err()).isZero();
        assertThat(registry.data(orphan)).doesNotExist();
    }

    @Test
    void aForgedRecordOfWhatIsEligibleDeletesNothing() throws Exception {
        var trouble = new Faulty(storage());
        startServices(trouble);
        send(cluster.topics().eligible(), eligible("20991231-000000"));
        CountDownLatch goOn = runHeldAtItsFirstManifest(trouble);
        send(cluster.topics().eligible(), eligible(latest().id().text()));
        goOn.countDown();
        Run run = awaitEnd();
        trouble.open = path -> {};

        assertThat(run.state()).isEqualTo(Run.State.FAILED);
        assertThat(((RunRecord.Failed) run.end()).why())
                .isEqualTo(cluster.topics().eligible() + "-0 has other records of it than the marker has decided on: "
                        + "who else may write there?");
        assertThat(registry.data(kept)).exists();
        assertThat(rejected()).singleElement().asString().contains("20991231-000000");
        assertSweeps();
        assertThat(registry.data(kept)).exists();
    }

    private String eligible(String run) {
        return "{\"type\":\"eligible\",\"run\":\"%s\",\"kind\":\"blob\",\"digest\":\"%s\",\"bytes\":1,\"modified\":0}"
                .formatted(run, kept);
    }

    @Test
    void aTopicThatIsDeletedInTheMiddleFailsTheRun() throws Exception {
        waitBriefly();
        for (String topic : List.of(
                cluster.topics().marks(),
                cluster.topics().blobs(),
                cluster.topics().runs(),
                cluster.topics().eligible())) {
            Map<String, String> before = registry.snapshot();
            var trouble = new Faulty(storage());
            startServices(trouble, SHORT_STALL);
            CountDownLatch goOn = runHeldAtItsFirstManifest(trouble);
            try (Admin admin = cluster.admin()) {
                admin.deleteTopics(List.of(topic)).all().get();
                Processes.await("it is gone", () -> !topics(admin).contains(topic));
                goOn.countDown();
                if (!topic.equals(cluster.topics().runs())) {
                    assertThat(awaitEnd().state()).as(topic).isEqualTo(Run.State.FAILED);
                }
                stopServices();
                TopicCreation.ensure(
                        admin,
                        new TopicSettings(
                                prefix, OptionalInt.of(3), 2, (short) 1, Duration.ofDays(1), Duration.ofDays(1)));
            }
            assertThat(registry.snapshot()).as(topic).isEqualTo(before);
        }
        failure.set(null);
        startServices(storage());
        assertSweeps();
    }

    /**
     * A client that writes to a topic that is gone waits for it. The group waits for a thread of the marker that has
     * died, of which such a topic costs several; in that time the thread that takes its place asks Kafka without a
     * pause. Nothing else may be so impatient: a machine may be slow.
     */
    private void waitBriefly() {
        Map<String, Object> clients = new HashMap<>(cluster.kafka());
        clients.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        clients.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        cluster = new Cluster(clients, cluster.topics());
    }

    /** Requests a run that has a plan, and reads no manifest until the latch is counted down. */
    private CountDownLatch runHeldAtItsFirstManifest(Faulty trouble) {
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        trouble.open = path -> {
            if (path.startsWith("blobs/")) {
                reached.countDown();
                await(goOn);
            }
        };
        tidemark("run", "--delete-untagged", "--max-delete", "100", "--detach");
        await(reached);
        return goOn;
    }

    private void send(String topic, String value) throws Exception {
        try (var producer = new KafkaProducer<>(cluster.kafka(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "key", value)).get();
        }
    }

    private List<String> rejected() {
        var all = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partition = new TopicPartition(cluster.topics().rejected(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    assertThat(record.key()).startsWith(prefix).contains("@");
                    assertThat(new String(record.headers().lastHeader("why").value(), StandardCharsets.UTF_8))
                            .isNotEmpty();
                    all.add(record.value());
                });
            }
        }
        return all;
    }

    private static Set<String> topics(Admin admin) {
        try {
            return admin.listTopics().names().get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Processes.LONGEST.toMinutes(), TimeUnit.MINUTES))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
