package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.schemas.text.Durations;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.trash.TrashRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that say how long what is swept can be brought back. */
final class TrashOptions {

    /** The settling time that is not typed. */
    static final String SETTLE = "${env:TIDEMARK_SETTLE:-30s}";

    private static final String OFF = "off";

    @Option(
            names = "--keep-trash",
            order = 5,
            paramLabel = "DURATION",
            showDefaultValue = Visibility.NEVER,
            description = "keep what is swept in the trash for so long, where 'tidemark undo' finds it (default: 0, "
                    + "until the final look has passed); off: delete at once. A bucket without versions has a trash "
                    + "only if this is given: each file costs two requests more. Beside a registry that remembers "
                    + "blobs in memory, no time is less than 24h; where only a directory is named, the default is 24h, "
                    + "as nobody knows whether it does")
    private String keep;

    @Option(
            names = "--settle",
            order = 6,
            paramLabel = "DURATION",
            defaultValue = SETTLE,
            showDefaultValue = Visibility.NEVER,
            converter = RunOptions.DurationConverter.class,
            description = "how long after a sweep the final look begins, which brings back what was pushed again "
                    + "meanwhile (default: 30s)")
    private Duration settle;

    /**
     * How long the trash keeps what is swept.
     *
     * @param cache of the registry
     */
    TrashRetention retention(CacheSettings cache) {
        return TrashRetention.of(time(), keep != null, settle, cache);
    }

    private Optional<Duration> time() {
        if (keep == null) {
            return Optional.of(Duration.ZERO);
        }
        if (OFF.equalsIgnoreCase(keep)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Durations.parse(keep));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--keep-trash: " + e.getMessage() + ", or off", e);
        }
    }

    /** The options as they were typed, to be typed again. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (keep != null) {
            words.addAll(List.of("--keep-trash", keep));
        }
        if (!settle.equals(usual())) {
            words.addAll(List.of("--settle", Durations.text(settle)));
        }
        return words;
    }

    private static Duration usual() {
        return Durations.parse(
                Optional.ofNullable(System.getenv("TIDEMARK_SETTLE")).orElse("30s"));
    }
}
