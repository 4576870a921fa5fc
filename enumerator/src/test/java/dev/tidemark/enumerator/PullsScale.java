package dev.tidemark.enumerator;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.TestKafka;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * By hand: what a run pays for the last pulls of a large registry, as each process reads all of them: {@code java …
 * dev.tidemark.enumerator.PullsScale DIRECTORY [PULLS]}.
 */
final class PullsScale {

    private static final int TOGETHER = 10_000;
    private static final int ROUNDS = 3;

    private PullsScale() {}

    public static void main(String[] arguments) throws Exception {
        int pulls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        try (TestKafka kafka = TestKafka.start(Path.of(arguments[0]))) {
            Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
            Cluster cluster;
            try (Admin admin = Admin.create(settings)) {
                cluster = new Cluster(settings, TopicCreation.ensure(admin, TopicSettings.defaults()));
            }
            publish(cluster, pulls);
            for (int round = 1; round <= ROUNDS; round++) {
                long start = System.nanoTime();
                long cpu = cpu();
                new RunPulls(cluster).of(new RunId("20260101-00000" + round), 1L);
                System.out.printf(
                        "%,d pulls read in %.1f s, %.1f CPU s%n",
                        pulls, (System.nanoTime() - start) / 1e9, (cpu() - cpu) / 1e9);
            }
        }
    }

    private static void publish(Cluster cluster, int pulls) {
        String topic = cluster.topics().pulls();
        try (var publisher = new RecordPublisher(cluster, topic);
                var serde = new JsonSerde<>(PullRecord.class)) {
            List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
            for (int i = 0; i < pulls; i++) {
                Digest digest = Digest.Algorithm.SHA256.of(("manifest" + i).getBytes(StandardCharsets.UTF_8));
                String repository = "team" + i % 40 + "/app" + i % 3000;
                PullRecord pull = PullRecord.heard(repository, i % 2 == 0 ? "v" + i : null, digest, Instant.now());
                records.add(new ProducerRecord<>(
                        topic, 0, pull.key(), serde.serializer().serialize(null, pull)));
                if (records.size() == TOGETHER || i == pulls - 1) {
                    publisher.publish(records);
                    records.clear();
                }
            }
        }
    }

    /** Of this process, with Kafka in it where that is embedded. */
    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
