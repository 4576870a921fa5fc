package dev.tidemark.cli.text;

import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Progress;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.text.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/** One line that says how far a run is, how fast, and how long still. */
public final class ProgressLine {

    private static final Duration EVERY = Duration.ofMillis(100);

    /** A rate that is less rounds to nothing. */
    private static final double LEAST_RATE = 0.05;

    private static final int WHOLE_FROM = 10;

    private final Consumer<String> terminal;
    private final Progress progress;
    private Phases.Phase phase;
    private Instant phaseStart = Instant.EPOCH;
    private Instant last = Instant.EPOCH;

    /**
     * @param terminal where a line takes the last one's place
     */
    public ProgressLine(Consumer<String> terminal, Progress progress) {
        this.terminal = terminal;
        this.progress = progress;
    }

    public void show(Run run, Phases.Phase now, Instant at) {
        if (now != phase) {
            phase = now;
            phaseStart = at;
        }
        if (Duration.between(last, at).compareTo(EVERY) >= 0) {
            last = at;
            terminal.accept(text(run, now, Duration.between(phaseStart, at)));
        }
    }

    private String text(Run run, Phases.Phase now, Duration elapsed) {
        String phase = now.name().toLowerCase(Locale.ROOT);
        return progress.step(run, now).map(step -> line(phase, step, elapsed)).orElse(phase);
    }

    /** How far, how fast, how long still, and whatever else there is to say. */
    public static String line(String phase, Progress.Step step, Duration elapsed) {
        return line(phase, step.done(), step.all(), step.of(), step.counted(), elapsed)
                + (step.more().isEmpty() ? "" : ", " + step.more());
    }

    /**
     * Pure: how far, how fast, how long still; the latter two as long as there is anything left, and it goes on at all.
     */
    public static String line(String phase, long done, long all, String of, long counted, Duration elapsed) {
        StringBuilder line = new StringBuilder(phase).append(": ");
        String what = all == 1 ? of.replaceFirst("s$", "") : of;
        line.append(
                all == 0
                        ? "looking"
                        : "%s of %s %s".formatted(Units.number(Math.min(done, all)), Units.number(all), what));
        double seconds = elapsed.toMillis() / 1000.0;
        double rate = counted / seconds;
        if (seconds >= 1 && rate >= LEAST_RATE && (all == 0 || done < all)) {
            line.append(", ")
                    .append(
                            rate >= WHOLE_FROM
                                    ? Units.number(Math.round(rate))
                                    : String.format(Locale.ROOT, "%.1f", rate))
                    .append("/s");
            if (done > 0 && all > 0) {
                line.append(", about ")
                        .append(left(Math.round(seconds * (all - done) / done)))
                        .append(" left");
            }
        }
        return line.toString();
    }

    /** Nobody knows it to a part of a second. */
    private static String left(long seconds) {
        return seconds < 60 ? Math.max(1, seconds) + " s" : Units.elapsed(Duration.ofSeconds(seconds));
    }
}
