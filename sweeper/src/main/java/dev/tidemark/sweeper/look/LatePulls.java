package dev.tidemark.sweeper.look;

import dev.tidemark.schemas.Run;
import java.util.Set;

/** Knows what was pulled since a run has decided. */
public interface LatePulls {

    /**
     * The manifests of tags that the run's policy has let go, and would keep by now: somebody has pulled them since.
     *
     * @param goingOn called every so often; it throws to end the search
     * @throws dev.tidemark.storage.StorageException if not all of them can be known
     */
    Set<Nominee> spared(Run run, Runnable goingOn);
}
