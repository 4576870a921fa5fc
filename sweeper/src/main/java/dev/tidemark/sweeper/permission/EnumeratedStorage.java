package dev.tidemark.sweeper.permission;

import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Witness;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.KnownStorage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds the storage of this process against the one that a run was planned and enumerated on: it has each witness. They
 * are looked for once a run, before anything of it is deleted here.
 */
public final class EnumeratedStorage {

    /** The blobs that a run itself may have deleted. */
    @FunctionalInterface
    public interface Released {

        /**
         * Those among some.
         *
         * @param goingOn called every so often; it throws to end the reading
         */
        Set<Digest> of(Run run, Set<Digest> blobs, Runnable goingOn);
    }

    private final Storage storage;
    private final Released released;
    private RunId found;

    public EnumeratedStorage(Storage storage, Released released) {
        this.storage = storage;
        this.released = released;
    }

    /**
     * Looks for the run's witnesses.
     *
     * @throws IllegalStateException if one is not there: nothing of the run may be deleted here
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     */
    public synchronized void require(Run run, Lane lane) {
        if (run.id().equals(found)) {
            return;
        }
        Map<Digest, String> unlike = unlike(run.enumerated().fingerprint().witnesses());
        // A lane that is to stop may be interrupted, wherever it is.
        lane.requireGoing();
        if (!unlike.isEmpty() && mayHaveDeleted(run)) {
            unlike.keySet().removeAll(released.of(run, unlike.keySet(), lane::requireGoing));
        }
        if (!unlike.isEmpty()) {
            throw KnownStorage.another(storage, unlike.values().iterator().next());
        }
        found = run.id();
    }

    private Map<Digest, String> unlike(List<Witness> witnesses) {
        List<Optional<String>> why =
                Parallel.map(witnesses, storage.parallelism(), witness -> KnownStorage.contradiction(storage, witness));
        Map<Digest, String> unlike = new TreeMap<>();
        for (int i = 0; i < witnesses.size(); i++) {
            Digest digest = witnesses.get(i).digest();
            why.get(i).ifPresent(reason -> unlike.put(digest, reason));
        }
        return unlike;
    }

    /** Before the tags of a policy's run are swept, no sweeper deletes a blob. */
    private static boolean mayHaveDeleted(Run run) {
        return run.requested().policy() == null || run.allTagsSwept();
    }
}
