package dev.tidemark.sweeper.look;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Run;
import java.util.Set;

/** Knows which manifests of a run refer to which. */
public interface Referrers {

    /**
     * The manifests whose subject is one of these, in whatever repository.
     *
     * @param goingOn called every so often; it throws to end the search
     * @throws dev.tidemark.storage.StorageException if not all of them can be known
     */
    Set<Nominee> of(Run run, Set<Digest> subjects, Runnable goingOn);
}
