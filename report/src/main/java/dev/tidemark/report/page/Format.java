package dev.tidemark.report.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Shares, times and words, as the page writes them. */
final class Format {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ROOT);

    private Format() {}

    /** {@code 33 %}, {@code 0.4 %}, {@code < 0.1 %}. */
    static String share(long part, long whole) {
        double percent = whole == 0 ? 0 : 100.0 * part / whole;
        if (part == 0) {
            return "0 %";
        }
        if (percent < 0.1) {
            return "< 0.1 %";
        }
        // A part that is not all must not read as all: 100 % is for the whole alone.
        return percent < 10 || (percent >= 99.5 && part < whole)
                ? String.format(Locale.ROOT, "%.1f %%", Math.min(percent, part < whole ? 99.9 : 100))
                : String.format(Locale.ROOT, "%.0f %%", percent);
    }

    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }

    static String day(long millis) {
        return DAY.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }

    /** The words, as the beginning of a sentence. */
    static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
