package dev.tidemark.schemas.text;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text: {@code 24h}, {@code 7d}, {@code 1h30m}. */
public final class Durations {

    private static final Pattern SHAPE =
            Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?", Pattern.CASE_INSENSITIVE);

    /** The longest that is read. It can be added to the time in ms, and be counted in ns: neither overflows. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}

    /**
     * Reads {@code 24h}, {@code 7d}, {@code 1h30m}, {@code 90s} or {@code 0}.
     *
     * @throws IllegalArgumentException if it is anything else, or more than {@link #LONGEST}
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = SHAPE.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration: write 24h, 7d, 1h30m, 90s or 0");
        }
        try {
            Duration duration = Duration.ofDays(part(matcher, 1))
                    .plusHours(part(matcher, 2))
                    .plusMinutes(part(matcher, 3))
                    .plusSeconds(part(matcher, 4));
            if (duration.compareTo(LONGEST) > 0) {
                throw tooLong(text, null);
            }
            return duration;
        } catch (ArithmeticException | NumberFormatException e) {
            throw tooLong(text, e);
        }
    }

    private static IllegalArgumentException tooLong(String text, RuntimeException cause) {
        return new IllegalArgumentException(
                "'%s' is too long a duration: at most %s".formatted(text, text(LONGEST)), cause);
    }

    /** {@code 24h}, {@code 7d}, {@code 1h30m}: the text that {@link #parse} reads back. */
    public static String text(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays() > 1 ? duration.toDays() : 0, 'd');
        Duration rest = duration.toDays() > 1 ? duration.minusDays(duration.toDays()) : duration;
        append(text, rest.toHours(), 'h');
        append(text, rest.toMinutesPart(), 'm');
        append(text, rest.toSecondsPart(), 's');
        return text.toString();
    }

    private static void append(StringBuilder text, long part, char unit) {
        if (part > 0) {
            text.append(part).append(unit);
        }
    }

    private static long part(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }
}
