package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.local.KafkaInside;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A run that was collected once, to be audited; for each test its topics and its registry are as they were then. */
abstract class AuditedRun {

    static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX, 4);

    @TempDir
    private static Path temporary;

    /** Where the registry and its topics were when it was collected, and are as they were then for each test. */
    static Path directory;

    static RunId run;
    static String kept;

    RegistryOnDisk registry;
    Tidemark tidemark;

    @BeforeAll
    static void aRegistryIsCollected() {
        directory = temporary.resolve("directory");
        RegistryOnDisk registry = RegistryOnDisk.at(directory.resolve("registry"));
        var app = registry.repo("team/app");
        kept = app.image("v1");
        app.tag("v1", kept);
        app.tag("latest", app.image("untagged")).tag("latest", kept);
        registry.repo("base").image("nobody names it");
        registry.blob("orphan");
        Tidemark.Result collected = new Tidemark(directory.resolve("home"))
                .collect(
                        "-m",
                        "--min-age",
                        "0",
                        "--max-delete",
                        "100",
                        "--format",
                        "json",
                        registry.root().toString());
        assertThat(collected.exitCode()).as(collected.err()).isZero();
        run = new RunId(collected.summary().path("run").asText());
        RegistryOnDisk.copy(directory, temporary.resolve("collected"));
    }

    @BeforeEach
    void asItWasThen() {
        RegistryOnDisk.remove(directory);
        RegistryOnDisk.copy(temporary.resolve("collected"), directory);
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        tidemark = new Tidemark(directory.resolve("home"));
    }

    Tidemark.Result audit(String... more) {
        String[] arguments = new String[more.length + 3];
        System.arraycopy(new String[] {"audit", "--data-dir", data().toString()}, 0, arguments, 0, 3);
        System.arraycopy(more, 0, arguments, 3, more.length);
        return Tidemark.run(arguments);
    }

    Path data() {
        return directory.resolve("home/data");
    }

    String root() {
        return registry.root().toString();
    }

    void write(String topic, Digest key, byte[] value) {
        atTheTopics(cluster -> {
            var producer = cluster.producer();
            producer.send(new ProducerRecord<>(topic, TOPICS.partition(key), key.toString(), value))
                    .get();
            cluster.close(producer);
        });
    }

    interface Act {
        void on(Cluster cluster) throws Exception;
    }

    void atTheTopics(Act act) {
        try (EmbeddedKafka broker = EmbeddedKafka.start(data().resolve("kafka"))) {
            act.on(new Cluster(KafkaInside.clientSettings(broker), TOPICS));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
