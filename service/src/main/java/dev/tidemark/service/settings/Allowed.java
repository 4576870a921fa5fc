package dev.tidemark.service.settings;

import dev.tidemark.schemas.text.Durations;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/**
 * The values that a setting may have, as validators. The message about any other says what to write, and neither name
 * nor value.
 */
final class Allowed {

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private Allowed() {}

    static Validator text() {
        return (name, value) -> {};
    }

    static Validator path() {
        return by(Path::of);
    }

    static Validator topicPrefix() {
        return by(text -> {
            if (!TOPIC.matcher(text).matches()) {
                throw new ConfigException("write letters, digits, dots, dashes and underscores, 200 at most");
            }
        });
    }

    /** A whole number of that range, or one of these words. */
    static Validator number(int least, int most, String... words) {
        String remedy = "write a number from %d to %d".formatted(least, most)
                + (words.length == 0 ? "" : ", or " + String.join(", or ", words));
        return by(text -> {
            if (List.of(words).stream().noneMatch(text::equalsIgnoreCase) && !isBetween(least, most, text)) {
                throw new ConfigException(remedy);
            }
        });
    }

    private static boolean isBetween(int least, int most, String text) {
        try {
            int number = Integer.parseInt(text);
            return number >= least && number <= most;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static Validator duration() {
        return by(Durations::parse);
    }

    /** A duration, or this word. */
    static Validator durationOr(String word) {
        return by(text -> {
            if (!text.equalsIgnoreCase(word)) {
                Durations.parse(text);
            }
        });
    }

    /** A duration that is not zero. */
    static Validator someTime() {
        return by(text -> {
            if (Durations.parse(text).isZero()) {
                throw new ConfigException("write some time, as 24h or 7d");
            }
        });
    }

    static Validator time() {
        return by(text -> {
            try {
                OffsetDateTime.parse(text);
            } catch (DateTimeException e) {
                throw new ConfigException("write a time, as 2026-11-30T03:00:00Z");
            }
        });
    }

    static Validator zone() {
        return by(text -> {
            try {
                ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new ConfigException("write a time zone, as UTC or Europe/Berlin");
            }
        });
    }

    static Validator schedule() {
        return by(text -> CronSchedule.parse(text, ZoneOffset.UTC));
    }

    static Validator yesOrNo() {
        return oneOf("true", "false");
    }

    static Validator oneOf(String... words) {
        return by(text -> {
            if (List.of(words).stream().noneMatch(text::equalsIgnoreCase)) {
                throw new ConfigException("write one of " + String.join(", ", words));
            }
        });
    }

    /** A setting that has no value has nothing to be checked. */
    private static Validator by(Consumer<String> check) {
        return (name, value) -> {
            try {
                if (value != null) {
                    check.accept((String) value);
                }
            } catch (IllegalArgumentException e) {
                throw new ConfigException(e.getMessage());
            }
        };
    }
}
