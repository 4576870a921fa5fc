package dev.tidemark.service.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Marker;

/**
 * A filter of warnings that Kafka's clients repeat: a few a minute of each kind are let through. If a broker is away,
 * each of some tens of clients warns of it once a second; and Streams repeats its advice for every task.
 */
final class Repetitions extends TurboFilter {

    private static final String KAFKA = "org.apache.kafka.";
    private static final int A_MINUTE = 3;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private final Map<String, Integer> said = new HashMap<>();
    private long minuteBegun;

    Repetitions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        minuteBegun = nanoTime.getAsLong();
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] parameters, Throwable failure) {
        return format != null
                        && level == Level.WARN
                        && logger.getName().startsWith(KAFKA)
                        && again(logger.getName(), format)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }

    private synchronized boolean again(String logger, String format) {
        long now = nanoTime.getAsLong();
        if (now - minuteBegun >= MINUTE) {
            minuteBegun = now;
            said.clear();
        }
        // Before the message stands the client that says it.
        String kind = logger + format.substring(format.startsWith("[") ? format.indexOf(']') + 1 : 0);
        return said.merge(kind, 1, Integer::sum) > A_MINUTE;
    }
}
