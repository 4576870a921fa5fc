package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.StoredBlob;
import dev.tidemark.schemas.Witness;
import java.util.List;
import java.util.function.Consumer;

/** The newest of the blobs that it is told of. Those of its own time are left out: one may still be written. */
public final class NewestBlob implements Consumer<StoredBlob> {

    private final long before;
    private StoredBlob newest;

    /**
     * @param before only blobs that were written before, in ms since the epoch
     */
    public NewestBlob(long before) {
        this.before = before;
    }

    @Override
    public void accept(StoredBlob blob) {
        if (!blob.outOfRoot() && blob.modified() < before && (newest == null || blob.modified() > newest.modified())) {
            newest = blob;
        }
    }

    /** It alone, or nothing. */
    public List<Witness> witness() {
        return newest == null ? List.of() : List.of(new Witness(newest.digest(), newest.modified()));
    }
}
