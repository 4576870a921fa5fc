package dev.tidemark.schemas.text;

import java.time.Duration;
import java.util.Locale;

/** Times, bytes and numbers, as people read them. */
public final class Units {

    private Units() {}

    /** {@code 3.4 GB}: powers of a thousand, as disks are sold and {@code docker system df} prints. */
    public static String bytes(long bytes) {
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
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 2.3 s}, {@code 4 m 05 s}, {@code 3 h 20 m}. */
    public static String elapsed(Duration duration) {
        if (duration.toMinutes() < 1) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        return duration.toHours() < 1
                ? String.format(Locale.ROOT, "%d m %02d s", duration.toMinutes(), duration.toSecondsPart())
                : String.format(Locale.ROOT, "%d h %02d m", duration.toHours(), duration.toMinutesPart());
    }
}
