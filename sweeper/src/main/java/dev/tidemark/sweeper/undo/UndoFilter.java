package dev.tidemark.sweeper.undo;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RepositoryGlob;
import dev.tidemark.storage.layout.LayoutEntry;
import java.util.List;
import java.util.Set;

/**
 * The parts of a run's sweep that are to come back.
 *
 * @param repositories of which something is named; empty for all
 * @param digests that are named; empty for all
 */
public record UndoFilter(List<RepositoryGlob> repositories, Set<Digest> digests) {

    /** All of it. */
    public static final UndoFilter NONE = new UndoFilter(List.of(), Set.of());

    /** Whether everything is to come back. */
    public boolean everything() {
        return repositories.isEmpty() && digests.isEmpty();
    }

    /** Whether a file is named. A blob is of no repository: where these are named, it comes with what names it. */
    boolean names(LayoutEntry entry) {
        return (digests.isEmpty() || digests.contains(entry.digest()))
                && (repositories.isEmpty()
                        || (entry.kind() != Kind.BLOB
                                && repositories.stream().anyMatch(glob -> glob.matches(entry.repository()))));
    }
}
