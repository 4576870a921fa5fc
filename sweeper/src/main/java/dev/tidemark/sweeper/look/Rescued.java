package dev.tidemark.sweeper.look;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import java.util.List;
import java.util.Set;

/**
 * The finds of a {@link SecondLook}, which keep what a run found eligible.
 *
 * @param digests that are young, held or pulled, or referenced by such a one
 * @param holds that there are now
 */
public record Rescued(Set<Digest> digests, Holds holds) {

    public static final Rescued NOTHING = new Rescued(Set.of(), new Holds(List.of()));

    /** Whether a manifest, layer link or blob stays. */
    public boolean has(Digest digest) {
        return digests.contains(digest);
    }

    /** Whether somebody holds a tag by its name: what it names may not be there. */
    public boolean holdsTag(String repository, String tag) {
        return holds.tags().contains(new Hold.Subject.OfTag(repository, tag));
    }

    /**
     * Whether a leftover stays, which nothing references.
     *
     * @param repository null for a blob's directory
     */
    public boolean holds(String repository, Digest digest) {
        return repository != null && holds.names(repository, digest);
    }
}
