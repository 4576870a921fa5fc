package dev.tidemark.policy;

import dev.tidemark.schemas.text.Durations;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Moments and durations, in ms. */
final class Times {

    private Times() {}

    /** {@code pushed 3d ago, kept for 30d}. */
    static String age(String what, long then, long now, long kept) {
        Duration age = Duration.ofMillis(now - then);
        return "%s %s%s, kept for %s"
                .formatted(
                        what,
                        text(age.abs()),
                        age.isNegative() ? " from now" : " ago",
                        Durations.text(Duration.ofMillis(kept)));
    }

    /** A sum; the last moment that there is, if it would be later. */
    static long plus(long then, long duration) {
        long sum = then + duration;
        return duration > 0 && sum < then ? Long.MAX_VALUE : sum;
    }

    /** About how long. */
    private static String text(Duration duration) {
        ChronoUnit unit = duration.toDays() > 1
                ? ChronoUnit.DAYS
                : duration.toHours() > 1
                        ? ChronoUnit.HOURS
                        : duration.toMinutes() > 1 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
        String text = Durations.text(duration.truncatedTo(unit));
        return text.equals("0") ? "0s" : text;
    }
}
