package dev.tidemark.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class KafkaWatchTest {

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00.123Z");
    private Optional<Exception> failure = Optional.empty();

    private final KafkaWatch watch = new KafkaWatch(
            "Kafka at host:9092",
            new KafkaWatch.Question() {
                @Override
                public void ask() throws ExecutionException {
                    if (failure.isPresent()) {
                        now = now.plusSeconds(5);
                        throw new ExecutionException(failure.get());
                    }
                }

                @Override
                public void close() {}
            },
            () -> now);

    @BeforeEach
    void listen() {
        log.start();
        logger().setLevel(Level.INFO);
        logger().addAppender(log);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(log);
        watch.close();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(KafkaWatch.class);
    }

    @Test
    void beforeItsFirstAnswerItHasNotAnswered() {
        assertThat(watch.problem()).contains("Kafka at host:9092 does not answer, since 2026-01-01T00:00:00Z");

        watch.look();

        assertThat(watch.problem()).isEmpty();
        assertThat(said()).isEmpty();
    }

    @Test
    void silenceIsSaidOnceAMinuteAndCountsFromItsBeginning() {
        failure = Optional.of(new TimeoutException("Timed out waiting for a node assignment. Call: describeCluster"));
        watch.look();
        for (int i = 0; i < 11; i++) {
            now = now.plusSeconds(5);
            watch.look();
        }

        assertThat(watch.problem()).contains("Kafka at host:9092 does not answer, since 2026-01-01T00:00:00Z");
        assertThat(said())
                .containsExactly(
                        "Kafka at host:9092 does not answer, tried for 5 s so far",
                        "Kafka at host:9092 does not answer, tried for 65 s so far");
    }

    @Test
    void aSilenceThatBeginsLaterIsASilenceToo() {
        watch.look();
        now = now.plus(Duration.ofDays(1));
        failure = Optional.of(new TimeoutException("no answer"));
        watch.look();

        assertThat(watch.problem()).contains("Kafka at host:9092 does not answer, since 2026-01-02T00:00:00Z");

        failure = Optional.empty();
        watch.look();

        assertThat(watch.problem()).isEmpty();
        assertThat(said())
                .containsExactly(
                        "Kafka at host:9092 does not answer, tried for 5 s so far", "Kafka at host:9092 answers again");
    }

    @Test
    void aServiceThatKafkaTurnsAwayIsToldWhy() {
        failure = Optional.of(new SaslAuthenticationException("Authentication failed: Invalid username or password"));
        watch.look();

        assertThat(watch.problem())
                .contains("Kafka at host:9092 turns this service away (Authentication failed: Invalid username or "
                        + "password), since 2026-01-01T00:00:00Z");
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
