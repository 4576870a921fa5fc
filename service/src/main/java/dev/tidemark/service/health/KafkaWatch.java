package dev.tidemark.service.health;

import dev.tidemark.kafka.GroupProtocol;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka for an answer every ten seconds, and warns once a minute while there is none. A service's own clients
 * would only try on, each by itself.
 */
public final class KafkaWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);
    private static final Duration SAY_AGAIN = Duration.ofMinutes(1);

    private final String name;
    private final Question question;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var watch = new Thread(task, "kafka-watch");
        watch.setDaemon(true);
        return watch;
    });
    /** Since when it has not answered; empty as long as it does. */
    private volatile Optional<Trouble> trouble;

    private Optional<Instant> said = Optional.empty();

    private record Trouble(Instant since, String what) {}

    /** Something that Kafka answers at once if it is there. */
    interface Question extends AutoCloseable {

        /**
         * @throws ExecutionException with what Kafka's client says if there is no answer
         */
        void ask() throws ExecutionException, InterruptedException;

        @Override
        void close();
    }

    /**
     * @param name of that Kafka, for messages
     */
    KafkaWatch(String name, Question question, InstantSource clock) {
        this.name = name;
        this.question = question;
        this.clock = clock;
        trouble = Optional.of(new Trouble(clock.instant(), "does not answer"));
    }

    /**
     * Begins to watch.
     *
     * @param kafka the configuration of its clients
     * @throws org.apache.kafka.common.KafkaException if that can't be right
     */
    public static KafkaWatch start(Map<String, Object> kafka) {
        Admin admin = Admin.create(GroupProtocol.without(kafka));
        var watch = new KafkaWatch(
                "Kafka at " + kafka.get("bootstrap.servers"),
                new Question() {
                    @Override
                    public void ask() throws ExecutionException, InterruptedException {
                        admin.describeCluster(new DescribeClusterOptions().timeoutMs((int) LONGEST_ANSWER.toMillis()))
                                .clusterId()
                                .get();
                    }

                    @Override
                    public void close() {
                        admin.close(Duration.ZERO);
                    }
                },
                InstantSource.system());
        watch.thread.scheduleWithFixedDelay(watch::look, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
        return watch;
    }

    /** The problem, and since when; empty if Kafka answers. Before its first answer it has not answered. */
    public Optional<String> problem() {
        return trouble.map(silent ->
                "%s %s, since %s".formatted(name, silent.what(), silent.since().truncatedTo(ChronoUnit.SECONDS)));
    }

    /** Asks once. */
    void look() {
        Instant begun = clock.instant();
        try {
            question.ask();
            said.ifPresent(at -> LOG.info("{} answers again", name));
            said = Optional.empty();
            trouble = Optional.empty();
        } catch (ExecutionException e) {
            silent(
                    begun,
                    e.getCause() instanceof TimeoutException
                            ? "does not answer"
                            : "turns this service away (" + e.getCause().getMessage() + ")");
        } catch (RuntimeException e) {
            silent(begun, "cannot be asked (" + e + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void silent(Instant begun, String what) {
        Instant since = trouble.map(Trouble::since).orElse(begun);
        trouble = Optional.of(new Trouble(since, what));
        Instant now = clock.instant();
        if (said.filter(at -> Duration.between(at, now).compareTo(SAY_AGAIN) < 0)
                .isEmpty()) {
            said = Optional.of(now);
            LOG.warn(
                    "{} {}, tried for {} s so far",
                    name,
                    what,
                    Duration.between(since, now).toSeconds());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        question.close();
    }
}
