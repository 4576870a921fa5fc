package dev.tidemark.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, bytes and numbers, as people write and read them. */
final class Units {

  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?", Pattern.CASE_INSENSITIVE);

  /** Of a digest, to tell it from the others. */
  private static final int DIGITS = 12;

  private Units() {}

  /**
   * Reads {@code 24h}, {@code 7d}, {@code 1h30m}, {@code 90s} or {@code 0}.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no duration: write 24h, 7d, 1h30m, 90s or 0");
    }
    try {
      return Duration.ofDays(part(matcher, 1)).plusHours(part(matcher, 2)).plusMinutes(part(matcher, 3)).plusSeconds(part(matcher, 4));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is too long a duration", e);
    }
  }

  private static long part(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
  }

  /** {@code 24h}, {@code 7d}, {@code 1h30m}: the text that {@link #duration} reads back. */
  static String text(Duration duration) {
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

  /** {@code 3.4 GB}: powers of a thousand, as disks are sold and {@code docker system df} prints. */
  static String bytes(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = bytes;
    int unit = 0;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  /** {@code 1,234,567}. */
  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code sha256:0123456789ab}: digests are long, and their beginning tells them apart. */
  static String digest(String digest) {
    int end = digest.indexOf(':') + 1 + DIGITS;
    return digest.length() <= end ? digest : digest.substring(0, end);
  }

  /** {@code 2.3 s}, {@code 4 m 05 s}, {@code 3 h 20 m}. */
  static String elapsed(Duration duration) {
    if (duration.toMinutes() < 1) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    return duration.toHours() < 1
        ? String.format(Locale.ROOT, "%d m %02d s", duration.toMinutes(), duration.toSecondsPart())
        : String.format(Locale.ROOT, "%d h %02d m", duration.toHours(), duration.toMinutesPart());
  }
}
