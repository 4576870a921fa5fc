package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.List;

/** A directory of digests, {@code algorithm/hex}: how a tag's history and a manifest's signatures are stored. */
public final class DigestDirectory {

    private DigestDirectory() {}

    /**
     * The digests that have an entry in the directory; what is no digest is passed over.
     *
     * @throws StorageException if the storage does not answer
     */
    public static List<Digest> list(Listing storage, String directory) {
        List<Digest> digests = new ArrayList<>();
        for (Storage.Child child : storage.children(directory)) {
            Digest.Algorithm.named(child.name()).ifPresent(algorithm -> {
                for (Storage.Child entry : storage.children(directory + "/" + child.name())) {
                    algorithm.ofHex(entry.name()).ifPresent(digests::add);
                }
            });
        }
        return digests;
    }
}
