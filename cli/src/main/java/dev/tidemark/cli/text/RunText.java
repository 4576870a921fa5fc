package dev.tidemark.cli.text;

import dev.tidemark.schemas.Run;
import java.util.Locale;
import java.util.Optional;

/** A run's state, and why it failed, in words. */
public final class RunText {

  private RunText() {}

  /** As {@code waiting}. */
  public static String state(Run.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Why the run failed or was cancelled, in one line; empty if it did neither. */
  public static Optional<String> whyItFailed(Run run) {
    if (run.end() != null) {
      return Optional.of(
          "the run " + run.id() + " " + run.end().words() + (!run.mayHaveSwept() ? "; nothing was deleted" : "; nothing more is deleted"));
    }
    return run.contradiction().map(why -> "the run " + run.id() + " does not add up: " + why + "; nothing was deleted");
  }
}
