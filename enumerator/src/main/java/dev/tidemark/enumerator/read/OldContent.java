package dev.tidemark.enumerator.read;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks for a layer link or a blob that is older than the cutoff of a run. */
public final class OldContent {

    private final Storage storage;
    private final Options options;

    public OldContent(Storage storage, Options options) {
        this.storage = storage;
        this.options = options;
    }

    /** Whether there is one: a link in one of the repositories, or any blob. */
    public boolean any(Collection<String> repositories) {
        return repositories.stream().anyMatch(this::anyLink) || anyBlob();
    }

    private boolean anyLink(String repository) {
        var old = new AtomicBoolean();
        String directory = Layout.layers(repository);
        Listing listed = storage.listed(directory);
        for (Storage.Child child : listed.children(directory)) {
            if (Digest.Algorithm.named(child.name()).isPresent()) {
                listed.leaves(directory + "/" + child.name(), Layout.LINK, leaf -> {
                    if (leaf.stat() != null && !options.young(leaf.stat().modified())) {
                        old.set(true);
                    }
                });
            }
        }
        return old.get();
    }

    private boolean anyBlob() {
        var old = new AtomicBoolean();
        for (BlobShards shards : BlobShards.list(storage, new Problems())) {
            shards.read(
                    storage,
                    blob -> old.compareAndSet(false, !options.young(blob.modified())),
                    left -> {},
                    new Problems());
            if (old.get()) {
                return true;
            }
        }
        return false;
    }
}
