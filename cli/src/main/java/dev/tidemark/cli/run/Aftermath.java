package dev.tidemark.cli.run;

import dev.tidemark.sweeper.trash.TrashReport;
import java.util.Optional;

/**
 * What there is to say of a collection beside its run.
 *
 * @param trash the outcome of the final look; empty if there was none
 * @param trashNote what a trash costs, or would; empty where it costs nothing
 * @param leftoversNote why uploads are left alone that nobody finishes; empty if somebody has asked for that, or they
 *     are not
 * @param cache what to do about the registry's cache; empty if nothing is
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
