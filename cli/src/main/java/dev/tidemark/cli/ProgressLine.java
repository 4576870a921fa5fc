package dev.tidemark.cli;

import dev.tidemark.schemas.Run;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** One line on a terminal that says how far, how fast, and how long still; rewritten in place. */
final class ProgressLine {

  private static final Duration EVERY = Duration.ofMillis(100);
  private static final String REWRITE = "\r\u001b[2K";

  private final PrintStream out;
  private final Progress progress;
  private Phases.Phase phase;
  private Instant phaseStart = Instant.EPOCH;
  private Instant last = Instant.EPOCH;

  ProgressLine(PrintStream out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  /** The first thing that a user sees: the start takes a moment. */
  static void starting(PrintStream out) {
    out.print(REWRITE + "starting");
    out.flush();
  }

  void show(Run run, Phases.Phase now, Instant at) {
    if (now != phase) {
      phase = now;
      phaseStart = at;
    }
    if (Duration.between(last, at).compareTo(EVERY) >= 0) {
      last = at;
      out.print(REWRITE + text(run, now, Duration.between(phaseStart, at)));
      out.flush();
    }
  }

  void clear() {
    clear(out);
  }

  /** What was shown is gone. */
  static void clear(PrintStream out) {
    out.print(REWRITE);
    out.flush();
  }

  private String text(Run run, Phases.Phase now, Duration elapsed) {
    String phase = now.name().toLowerCase(Locale.ROOT);
    return progress.step(run, now)
        .map(step -> line(phase, step, elapsed))
        .orElse(phase);
  }

  /** How far, how fast, how long still, and whatever else there is to say. */
  static String line(String phase, Progress.Step step, Duration elapsed) {
    return line(phase, step.done(), step.all(), step.of(), step.counted(), elapsed) + (step.more().isEmpty() ? "" : ", " + step.more());
  }

  /** Pure: how far, how fast, how long still. */
  static String line(String phase, long done, long all, String of, long counted, Duration elapsed) {
    StringBuilder line = new StringBuilder(phase).append(": ");
    line.append(all == 0 ? "looking" : "%s of %s %s".formatted(Units.number(Math.min(done, all)), Units.number(all), of));
    double seconds = elapsed.toMillis() / 1000.0;
    if (seconds >= 1) {
      line.append(", ").append(Units.number(Math.round(counted / seconds))).append("/s");
      if (done > 0 && done < all) {
        long left = Math.round(seconds * (all - done) / done);
        line.append(", about ").append(Units.elapsed(Duration.ofSeconds(left))).append(" left");
      }
    }
    return line.toString();
  }
}
