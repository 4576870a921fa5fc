package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A run's id: the UTC second in which it was requested, {@code 20261123-211839}. Ids of one registry grow: a later run
 * has the greater id, so a service that meets a record of a lesser run knows that it is of the past.
 */
public record RunId(String text) implements Comparable<RunId> {

    private static final Pattern SHAPE =
            Pattern.compile("\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])-([01]\\d|2[0-3])[0-5]\\d[0-5]\\d");
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

    @JsonCreator
    public RunId {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a run id: " + text);
        }
    }

    /** The id that a text says; empty if it says none. */
    public static Optional<RunId> parse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new RunId(text)) : Optional.empty();
    }

    /** The id of a run requested now, after the latest one if there was any, whatever the clock did in between. */
    public static RunId next(Instant now, Optional<RunId> latest) {
        RunId byClock = at(now);
        return latest.filter(last -> last.compareTo(byClock) >= 0)
                .map(last -> at(last.time().plusSeconds(1)))
                .orElse(byClock);
    }

    private static RunId at(Instant instant) {
        return new RunId(FORMAT.format(instant.atOffset(ZoneOffset.UTC)));
    }

    /** The second that the id says. */
    public Instant time() {
        return LocalDateTime.parse(text, FORMAT).toInstant(ZoneOffset.UTC);
    }

    /** Whether it is that much older than another. */
    public boolean olderThan(Duration age, RunId than) {
        return Duration.between(time(), than.time()).compareTo(age) > 0;
    }

    /** The id as a number that grows with the id. */
    public long number() {
        return Long.parseLong(text.substring(0, 8)) * 1_000_000 + Long.parseLong(text.substring(9));
    }

    /** The id of that {@linkplain #number() number}. */
    public static RunId of(long number) {
        return new RunId(String.format(Locale.ROOT, "%08d-%06d", number / 1_000_000, number % 1_000_000));
    }

    @Override
    public int compareTo(RunId other) {
        return text.compareTo(other.text);
    }

    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
