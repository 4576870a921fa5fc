package dev.tidemark.sweeper.cache;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that a replica allows deletes, and has the storage that is swept: a link that is deleted in another registry
 * would be lost there.
 */
final class StorageProof {

    private static final Logger LOG = LoggerFactory.getLogger(StorageProof.class);

    /** The repository in which replicas are tried. */
    private static final String REPOSITORY = "tidemark/probe";

    private final Storage storage;

    StorageProof(Storage storage) {
        this.storage = storage;
    }

    /**
     * Asks for a deletion of nothing, and begins an upload, which has to show in the storage.
     *
     * @throws CacheException if the replica can't be told what is gone
     * @throws StorageException if the storage can't be looked at
     */
    void require(ReplicaApi replica) {
        replica.requireDeletes(REPOSITORY);
        ReplicaApi.Upload upload = replica.begin(REPOSITORY);
        String directory = Layout.repository(REPOSITORY) + "/" + Layout.UPLOADS + "/" + upload.id();
        boolean here = storage.stat(directory + "/startedat").isPresent();
        replica.cancel(REPOSITORY, upload);
        if (!here) {
            throw new CacheException(
                    replica + " has another storage than " + storage.description()
                            + ": give the addresses of the registry that is swept",
                    null);
        }
        tidyUp(directory + "/hashstates/sha256");
    }

    /** The registry writes down the state of an upload's digest once more, after it has cancelled the upload. */
    private void tidyUp(String directory) {
        Map<String, StorageException> failures = storage.deleteAll(List.of(directory + "/0"), () -> true);
        failures.values().forEach(failure -> LOG.warn("a trial upload stays: {}", failure.getMessage()));
        if (failures.isEmpty()) {
            storage.prune(directory, Layout.REPOSITORIES);
        }
    }
}
