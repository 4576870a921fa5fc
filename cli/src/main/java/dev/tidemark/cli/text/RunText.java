package dev.tidemark.cli.text;

import dev.tidemark.schemas.Run;
import java.util.Optional;

/** Says in words why a run did not come to its end. */
public final class RunText {

    private RunText() {}

    /** Why the run failed or was cancelled, in one line; empty if it did neither. */
    public static Optional<String> whyItFailed(Run run) {
        if (run.end() != null) {
            return Optional.of("the run " + run.id() + " " + run.end().words()
                    + (!run.mayHaveSwept() ? "; nothing was deleted" : "; nothing more is deleted"));
        }
        return run.contradiction()
                .map(why -> "the run " + run.id() + " does not add up: " + why + "; nothing was deleted");
    }

    /** The same, or why it waits; null if neither. */
    public static String why(Run run) {
        return whyItFailed(run)
                .orElse(run.state() == Run.State.WAITING ? run.waiting().why() : null);
    }
}
