package dev.tidemark.storage.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operator of a registry has decided on uploads that were begun and not finished, as its configuration says in
 * {@code storage.maintenance.uploadpurging}.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/registry/handlers/app.go">app.go:
 *     {@code startUploadPurger}, {@code uploadPurgeDefaultConfig}</a>
 */
public sealed interface UploadPurging {

    /**
     * The registry deletes them by itself.
     *
     * @param age how long ago they have to be begun
     */
    record On(Duration age) implements UploadPurging {}

    /**
     * The registry does not, or nobody knows.
     *
     * @param why in words that follow "uploads are left alone:"
     */
    record Off(String why) implements UploadPurging {}

    /** Where only the registry's root directory is known. */
    static UploadPurging unknown() {
        return new Off("only a root directory is named, and nobody knows whether the registry's operator wants them");
    }

    /**
     * Reads the section. A registry does not start with one that lacks a key, so then nobody knows what it is to mean.
     *
     * @param maintenance the section {@code storage.maintenance}
     */
    static UploadPurging of(Map<String, Object> maintenance) {
        if (!maintenance.containsKey("uploadpurging")) {
            return new On(Duration.ofDays(7));
        }
        return maintenance.get("uploadpurging") instanceof Map<?, ?> section
                ? read(section)
                : off("is no map of its keys");
    }

    private static UploadPurging read(Map<?, ?> section) {
        if (Boolean.FALSE.equals(section.get("enabled"))) {
            return off("is not enabled");
        }
        if (!(section.get("dryrun") instanceof Boolean dryRun) || !section.containsKey("interval")) {
            return off("has not all of its keys (age, interval, dryrun)");
        }
        if (dryRun) {
            return off("only says what it would delete (dryrun)");
        }
        return age(section.get("age"))
                .<UploadPurging>map(On::new)
                .orElseGet(() -> off("has no age that can be read, such as 168h"));
    }

    private static UploadPurging off(String why) {
        return new Off("the registry's storage.maintenance.uploadpurging " + why);
    }

    /** A duration as Go writes it: {@code 168h}, {@code 1h30m}, {@code 1.5h}. */
    private static Optional<Duration> age(Object value) {
        if (!(value instanceof String text) || !text.matches("([0-9]{1,6}(\\.[0-9]{1,6})?(h|m|s|ms|us|µs|ns))+")) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = Pattern.compile("([0-9.]+)([^0-9.]+)").matcher(text);
        while (part.find()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanos(part.group(2)))));
        }
        return Optional.of(Duration.ofMillis(nanos.movePointLeft(6).longValue()));
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000;
            case "ms" -> 1_000_000;
            case "us", "µs" -> 1_000;
            default -> 1;
        };
    }
}
