package dev.tidemark.cli.run;

import dev.tidemark.sweeper.trash.TrashReport;
import java.util.Optional;

/**
 * The outcome of a collection beside its run: its trash, and the cache of the registry.
 *
 * @param trash the outcome of the final look; empty if there was none
 * @param trashNote the cost of a trash, in words, or of one that is not used; empty where it costs nothing
 * @param leftoversNote why unfinished uploads are left alone; empty if somebody has asked for that, or they are
 *     not
 * @param cache the next step about the registry's cache; empty if there is none
 */
public record Aftermath(
        Optional<TrashReport> trash,
        Optional<String> trashNote,
        Optional<String> leftoversNote,
        Optional<String> cache) {

    /** Beside a run whose trash another process looks after. */
    public static Aftermath of(Optional<String> cache) {
        return new Aftermath(Optional.empty(), Optional.empty(), Optional.empty(), cache);
    }
}
