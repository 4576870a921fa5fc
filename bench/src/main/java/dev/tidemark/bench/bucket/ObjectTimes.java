package dev.tidemark.bench.bucket;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The times of a page's objects. Nearly all are of the same one: formatting it a thousand times a page would be most of
 * what a page costs.
 */
final class ObjectTimes {

    static final DateTimeFormatter HTTP = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final DateTimeFormatter format;
    private Instant last;
    private String formatted;

    ObjectTimes(DateTimeFormatter format) {
        this.format = format;
    }

    String format(Instant time) {
        if (!time.equals(last)) {
            last = time;
            formatted = format.format(time);
        }
        return formatted;
    }
}
