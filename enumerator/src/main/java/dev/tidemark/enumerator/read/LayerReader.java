package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.MISDIRECTED_LINK;

import dev.tidemark.enumerator.pin.LayerLink;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import java.util.ArrayList;
import java.util.List;

/** Reads the layer links of a repository. */
final class LayerReader {

    private final Storage storage;
    private final String repository;
    private final Problems problems;
    private final List<LayerLink> links = new ArrayList<>();
    private final List<Digest> left = new ArrayList<>();
    private Tally files = Tally.NONE;

    LayerReader(Storage storage, String repository, Problems problems) {
        this.storage = storage;
        this.repository = repository;
        this.problems = problems;
    }

    /**
     * Reads all links.
     *
     * @return whether there are some of an algorithm that we don't know
     */
    boolean read() {
        String directory = Layout.layers(repository);
        return new LinkDirectory(
                        storage.listed(directory), directory, "all layer links of the repository are kept", problems)
                .list(
                        (digest, leaf) -> {
                            if (leaf.type() == Type.LINK_OUT_OF_ROOT) {
                                links.add(new LayerLink(digest, 0, null, true));
                            } else {
                                Stat stat = leaf.stat();
                                links.add(new LayerLink(digest, stat.modified(), target(digest, stat), false));
                                files = files.plus(stat.size());
                            }
                        },
                        left::add);
    }

    /** The links that were listed, with their bytes. */
    Tally files() {
        return files;
    }

    /** The digests of which there is a directory, and no link. */
    List<Digest> left() {
        return left;
    }

    /** The links that were read. */
    List<LayerLink> links() {
        return links;
    }

    /**
     * The digest that a layer link names, if it is not its path's. The registry links a blob that was pushed with a
     * sha512 digest to the sha256 digest it is stored under. Only a link whose size is not that of its path's digest is
     * read.
     */
    private Digest target(Digest digest, Stat stat) {
        if (stat.size() == digest.toString().length()) {
            return null;
        }
        String path = Layout.layerLink(repository, digest);
        return switch (LinkFile.at(storage, path)) {
            case LinkFile.Names names -> names.digest().equals(digest) ? null : names.digest();
            case LinkFile.Absent absent -> null;
            case LinkFile.Unreadable unreadable -> {
                problems.add(MISDIRECTED_LINK, path, unreadable.why() + ": the digest of its path counts");
                yield null;
            }
        };
    }
}
