package dev.tidemark.service;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, as people write them. */
public final class Durations {

  private static final Pattern SHAPE =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?", Pattern.CASE_INSENSITIVE);

  private Durations() {}

  /**
   * Reads {@code 24h}, {@code 7d}, {@code 1h30m}, {@code 90s} or {@code 0}.
   *
   * @throws IllegalArgumentException if it is anything else
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
      Duration duration =
          Duration.ofDays(part(matcher, 1)).plusHours(part(matcher, 2))
              .plusMinutes(part(matcher, 3)).plusSeconds(part(matcher, 4));
      // Kafka counts in milliseconds: what does not fit is refused here, where it can be named.
      duration.toMillis();
      return duration;
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is too long a duration", e);
    }
  }

  private static long part(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
  }
}
