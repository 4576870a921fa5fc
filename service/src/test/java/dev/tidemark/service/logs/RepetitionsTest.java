package dev.tidemark.service.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepetitionsTest {

    private static final String AWAY =
            "Connection to node {} ({}) could not be established. Node may not be available.";

    private final LoggerContext loggers = new LoggerContext();
    private long now = 17;
    private final Repetitions repetitions = new Repetitions(() -> now);

    @Test
    void aFewAMinuteOfEachKindAreLetThroughWhicheverClientSaysIt() {
        assertThat(through("org.apache.kafka.clients.NetworkClient", Level.WARN, AWAY))
                .isEqualTo(3);
        assertThat(through("org.apache.kafka.clients.NetworkClient", Level.WARN, "Bootstrap broker {} disconnected"))
                .isEqualTo(3);

        now += Duration.ofMinutes(1).toNanos();

        assertThat(through("org.apache.kafka.clients.NetworkClient", Level.WARN, AWAY))
                .isEqualTo(3);
    }

    @Test
    void errorsAndWhatWeSayOurselvesAreAllLetThrough() {
        assertThat(through("org.apache.kafka.clients.NetworkClient", Level.ERROR, AWAY))
                .isEqualTo(100);
        assertThat(through("dev.tidemark.sweeper.EligibleWork", Level.WARN, "{} could not delete"))
                .isEqualTo(100);
    }

    /** How many of a hundred. */
    private long through(String name, Level level, String format) {
        Logger logger = loggers.getLogger(name);
        return IntStream.range(0, 100)
                .mapToObj(i -> repetitions.decide(
                        null, logger, level, "[Producer clientId=producer-" + i + "] " + format, new Object[0], null))
                .filter(FilterReply.NEUTRAL::equals)
                .count();
    }
}
