package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;

/** All topics, of one partition each, on a Kafka of their own. */
public final class ClusterOnKafka implements AutoCloseable {

    public final Cluster cluster;
    private final TestKafka kafka;

    public ClusterOnKafka(Path directory) throws Exception {
        kafka = TestKafka.start(directory);
        Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
        var settings =
                new TopicSettings("t.", OptionalInt.of(1), 1, (short) 1, Duration.ofDays(30), Duration.ofDays(365));
        try (Admin admin = Admin.create(clients)) {
            cluster = new Cluster(clients, TopicCreation.ensure(admin, settings));
        }
    }

    @Override
    public void close() throws Exception {
        kafka.close();
    }
}
