package dev.tidemark.sweeper.cache;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.manifest.ManifestReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The memory of a registry's replicas: the blobs that each of them remembers. Each has an entry of a blob for the
 * repository, which its API clears, and one for the registry as a whole, which nothing clears. The second one matters
 * for manifests only: one that is pushed again is not written if there is an entry of it. So their blobs stay, until
 * the replicas have been started again.
 */
public final class ReplicaMemory implements RegistryCache {

    /** Requests that are under way at once, at each replica in turn. */
    private static final int AT_ONCE = 16;

    private final List<ReplicaApi> replicas;
    private final Optional<Instant> restarted;
    private final Storage storage;
    private final ManifestReader manifests;
    private final StorageProof proof;

    public ReplicaMemory(Replicas replicas, Storage storage) {
        this.replicas = replicas.all().stream().map(ReplicaApi::new).toList();
        restarted = replicas.restarted();
        this.storage = storage;
        manifests = new ManifestReader(storage);
        proof = new StorageProof(storage);
    }

    @Override
    public void check() {
        replicas.forEach(proof::require);
    }

    @Override
    public void forget(List<Eligible> gone) {
        try {
            Parallel.forEach(
                    gone.stream().filter(each -> each.kind() != Kind.BLOB).toList(), AT_ONCE, this::forget);
        } catch (StorageException e) {
            throw new CacheException(
                    "the registry's replicas can't be told what is gone: the storage does not answer: "
                            + e.getMessage(),
                    e);
        }
    }

    /** An entry of a link that is there is true, and the request would take the link. */
    private void forget(Eligible link) {
        String file = Layout.layerLink(link.repository(), link.digest());
        for (ReplicaApi replica : replicas) {
            if (storage.stat(file).isEmpty()) {
                replica.forget(link.repository(), link.digest());
            }
        }
    }

    /** An entry is written while something links the blob: one that nothing has linked since a restart has none. */
    @Override
    public boolean remembers(Eligible blob, boolean linked) {
        RunId since = blob.unreferencedSince();
        boolean forgotten = !linked
                && since != null
                && since.compareTo(blob.run()) < 0
                && restarted.filter(time -> since.time().isBefore(time)).isPresent();
        return !forgotten && manifests.mayBeManifest(blob.digest(), blob.bytes());
    }

    @Override
    public String remedy() {
        return "restart each replica";
    }

    @Override
    public void close() {
        replicas.forEach(ReplicaApi::close);
    }
}
