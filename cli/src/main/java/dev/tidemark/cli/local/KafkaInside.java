package dev.tidemark.cli.local;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.embedded.EmbeddedKafkaException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the Kafka inside this process, for a command that waits for it. */
public final class KafkaInside {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaInside.class);

    /** A start that takes no longer is nothing to speak of. */
    private static final Duration WORTH_A_WORD = Duration.ofSeconds(5);

    private static final Duration LOG_EVERY = Duration.ofMinutes(1);

    private KafkaInside() {}

    /**
     * Starts it. A call of a client never times out here, so the calling thread is interrupted if this Kafka stops by
     * itself.
     *
     * @param port on the loopback interface; 0 for any free one
     * @param progress told how long the start has taken so far, once that is worth a word
     * @throws CollectionException if it can't start
     */
    public static EmbeddedKafka start(Path directory, int port, Consumer<String> progress) {
        try {
            EmbeddedKafka kafka = EmbeddedKafka.start(directory, port, elapsed -> starting(elapsed, progress));
            Thread caller = Thread.currentThread();
            kafka.failure().thenRun(caller::interrupt);
            return kafka;
        } catch (EmbeddedKafkaException e) {
            throw new CollectionException(e.getMessage(), e);
        }
    }

    private static void starting(Duration elapsed, Consumer<String> progress) {
        if (elapsed.compareTo(WORTH_A_WORD) < 0) {
            return;
        }
        String text = "Kafka is starting, " + elapsed.toSeconds() + " s so far: the machine is busy";
        progress.accept(text);
        if (elapsed.toSeconds() % LOG_EVERY.toSeconds() == 0) {
            LOG.info(text);
        }
    }

    /** The settings of every client. On one machine a fetch costs next to nothing: no answer is held back for long. */
    public static Map<String, Object> clientSettings(EmbeddedKafka kafka) {
        var settings = new HashMap<>(kafka.clientSettings());
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 10L);
        settings.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, 20L);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        return settings;
    }
}
