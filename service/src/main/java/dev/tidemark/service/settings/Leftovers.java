package dev.tidemark.service.settings;

import dev.tidemark.schemas.text.Durations;
import dev.tidemark.storage.config.UploadPurging;
import java.time.Duration;
import java.util.Optional;

/**
 * The age that a leftover has to have for a run to delete it.
 *
 * @param age empty if the run leaves it alone
 * @param note why it does, in one line; empty if somebody has asked for it
 */
public record Leftovers(Optional<Duration> age, Optional<String> note) {

    /** What leaves it alone, as it is typed. */
    public static final String OFF = "off";

    private static final Duration LEAST = Duration.ofDays(7);

    /**
     * What somebody asks for.
     *
     * @throws IllegalArgumentException if it is neither {@value #OFF} nor a duration
     */
    public static Leftovers asked(String text) {
        return new Leftovers(
                text.equalsIgnoreCase(OFF) ? Optional.empty() : Optional.of(Durations.parse(text)), Optional.empty());
    }

    /** What counts where nobody asks: nothing that the registry's operator may want is deleted. */
    public static Leftovers by(UploadPurging purging) {
        return switch (purging) {
            case UploadPurging.On(Duration age) ->
                new Leftovers(Optional.of(age.compareTo(LEAST) > 0 ? age : LEAST), Optional.empty());
            case UploadPurging.Off(String why) ->
                new Leftovers(
                        Optional.empty(),
                        Optional.of("What was left behind is left alone: " + why
                                + ". --leftovers 7d deletes uploads, empty directories and empty repositories that "
                                + "nobody has written to for a week, and links that have named nothing for one."));
        };
    }

    /** The same as it is typed. */
    public String text() {
        return age.map(Durations::text).orElse(OFF);
    }
}
