package dev.tidemark.service.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.service.health.EventsEndpoint;
import dev.tidemark.service.health.HttpEndpoints;
import dev.tidemark.sweeper.EventReceiver;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.io.TempDir;

/** Tests in which the real registry sends its events to an endpoint of this process, and services run on a Kafka. */
abstract class NotifyingRegistry {

    private static final String SECRET = "a secret";

    @TempDir
    Path directory;

    final SweeperMeter meter = new SweeperMeter();

    /** What a service has ended with, as none should. */
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    /** The section of a registry's config.yml that has its events sent here. */
    static String notifying(HttpEndpoints http) {
        return RegistryConfigFile.notifications(http.port(), SECRET);
    }

    static void take(HttpEndpoints http, EventReceiver events) {
        http.take(new EventsEndpoint(SECRET, events::accept));
    }

    /** With all topics. */
    static Cluster cluster(TestKafka kafka) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            return new Cluster(settings, TopicCreation.ensure(admin, TopicSettings.defaults()));
        }
    }

    void await(BooleanSupplier condition) throws Exception {
        while (!condition.getAsBoolean()) {
            assertThat(failure).isNotDone();
            Thread.sleep(50);
        }
    }
}
