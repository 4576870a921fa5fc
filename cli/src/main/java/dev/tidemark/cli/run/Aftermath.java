package dev.tidemark.cli.run;

import dev.tidemark.sweeper.TrashReport;
import java.util.Optional;

/**
 * What there is to say of a collection beside its run.
 *
 * @param trash the outcome of the final look; empty if there was none
 * @param trashNote what a trash costs, or would; empty where it costs nothing
 * @param cache what to do about the registry's cache; empty if nothing is
 */
public record Aftermath(Optional<TrashReport> trash, Optional<String> trashNote, Optional<String> cache) {

    /** Nothing is to be said. */
    public static final Aftermath NONE = new Aftermath(Optional.empty(), Optional.empty(), Optional.empty());
}
