package dev.tidemark.testkit;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.tidemark.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Kafka that tests run on: Apache's own image where a Docker daemon has it, else an embedded one. With
 * {@code TIDEMARK_TEST_KAFKA=container} in the environment the image is fetched, and it is a failure if there is none
 * in a container.
 */
public final class TestKafka implements AutoCloseable {

    /** Of Kafka in a container, on a machine that is busy. */
    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(TestKafka.class);

    /** Held back as in docker-compose.yml, which says why. */
    private static final DockerImageName IMAGE = DockerImageName.parse("apache/kafka:4.3.1");

    private final String bootstrapServers;
    private final AutoCloseable kafka;

    private TestKafka(String bootstrapServers, AutoCloseable kafka) {
        this.bootstrapServers = bootstrapServers;
        this.kafka = kafka;
    }

    /**
     * Starts one.
     *
     * @param directory for an embedded one to keep its data in
     */
    public static TestKafka start(Path directory) {
        boolean needed = "container".equals(System.getenv("TIDEMARK_TEST_KAFKA"));
        if (needed || imageIsThere()) {
            var container = new KafkaContainer(IMAGE)
                    .withStartupTimeout(LONGEST_START)
                    .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                    .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000");
            try {
                container.start();
                LOG.info("tests run on {} in a container", IMAGE);
                return new TestKafka(container.getBootstrapServers(), container);
            } catch (ContainerFetchException | ContainerLaunchException e) {
                if (needed) {
                    throw e;
                }
                LOG.warn("{} cannot be run by Docker, so tests run on an embedded Kafka: {}", IMAGE, e.getMessage());
                container.close();
            }
        }
        EmbeddedKafka embedded = EmbeddedKafka.start(directory);
        return new TestKafka(embedded.bootstrapServers(), embedded);
    }

    /** To fetch it could take minutes, and be in vain. */
    private static boolean imageIsThere() {
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return false;
            }
            DockerClientFactory.instance()
                    .client()
                    .inspectImageCmd(IMAGE.asCanonicalNameString())
                    .exec();
            return true;
        } catch (NotFoundException e) {
            LOG.info("Docker has no {}, so tests run on an embedded Kafka", IMAGE);
            return false;
        } catch (RuntimeException e) {
            LOG.warn("whether Docker is there can't be told: {}", e.getMessage());
            return false;
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() throws Exception {
        kafka.close();
    }
}
