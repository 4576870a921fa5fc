package dev.tidemark.enumerator.read;

import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Witness;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.KnownStorage;
import java.util.HashSet;
import java.util.Set;

/**
 * Holds the storage of this process against the one that a run was planned on: it has each witness of the plan. Each is
 * looked for once a run.
 */
public final class PlannedStorage {

    private final Storage storage;
    private final Set<Witness> found = new HashSet<>();
    private RunId run;

    public PlannedStorage(Storage storage) {
        this.storage = storage;
    }

    /**
     * Looks for a witness.
     *
     * @throws IllegalStateException if it is not there: nothing that is read here is of the run's registry
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     */
    public synchronized void require(RunId of, Witness witness) {
        if (!of.equals(run)) {
            found.clear();
            run = of;
        }
        if (!found.contains(witness)) {
            KnownStorage.contradiction(storage, witness).ifPresent(why -> {
                throw KnownStorage.another(storage, why);
            });
            found.add(witness);
        }
    }
}
