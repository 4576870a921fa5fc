package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Trash;

/** The run whose trash a user names. */
final class NamedTrash {

    private NamedTrash() {}

    /**
     * @throws UsageException if it is no run's id
     */
    static RunId run(String text) {
        return RunId.parse(text)
                .orElseThrow(() -> new UsageException(
                        "'" + text + "' is no run: write its id, as 20261129-030000 ('tidemark trash list' has them)"));
    }

    /**
     * @throws CollectionException if the run has nothing in the trash
     */
    static void require(Trash trash, RunId run) {
        if (!trash.runs().contains(run)) {
            throw new CollectionException("the trash has nothing of run " + run
                    + ": it swept nothing into it, or it is purged ('tidemark trash list' says what is there)");
        }
    }
}
