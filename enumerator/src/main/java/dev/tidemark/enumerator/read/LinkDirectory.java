package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.STRAY;
import static dev.tidemark.schemas.Problem.Kind.SYMBOLIC_LINK;
import static dev.tidemark.schemas.Problem.Kind.UNKNOWN_ALGORITHM;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Problem;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Leaf;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.layout.Layout;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Lists the links of a directory {@code algorithm/hex/link}: a repository's revisions, or its layer links. */
final class LinkDirectory {

    private final Listing listed;
    private final String directory;
    private final String besideUnknown;
    private final Problems problems;

    /**
     * @param besideUnknown what is kept if there is an algorithm that we don't know, in words
     */
    LinkDirectory(Listing listed, String directory, String besideUnknown, Problems problems) {
        this.listed = listed;
        this.directory = directory;
        this.besideUnknown = besideUnknown;
        this.problems = problems;
    }

    /**
     * Hands out each link, by the digest of its path.
     *
     * @param each takes a link's state, or a symbolic link out of the root, behind which the link may be
     * @param left takes a digest whose directory has no link
     * @return whether there is an algorithm that we don't know: what is under it can't be told
     * @throws ForbiddenException if an algorithm's directory leads out of the root: what is there is live, and could
     *     name any blob
     */
    boolean list(BiConsumer<Digest, Leaf> each, Consumer<Digest> left) {
        boolean unknown = false;
        for (Storage.Child child : listed.children(directory)) {
            String path = directory + "/" + child.name();
            switch (child.type()) {
                case FILE, OTHER -> leftAlone(STRAY, path, "it is no directory", child.type());
                case LINK_OUT_OF_ROOT ->
                    throw new ForbiddenException(path
                            + " leads out of the root by a symbolic link, and Tidemark never follows "
                            + "those: mount what it leads to there instead");
                case DIRECTORY, LINK_IN_REGISTRY, NAMELESS -> {
                    Optional<Digest.Algorithm> algorithm = Digest.Algorithm.named(child.name());
                    if (algorithm.isPresent()) {
                        listed.leaves(path, Layout.LINK, leaf -> link(path, algorithm.get(), leaf, each, left));
                    } else if (child.type() != Type.NAMELESS && !Layout.mayBeAlgorithm(child.name())) {
                        // Such as a NAS makes anywhere.
                        leftAlone(STRAY, path, "no digest algorithm can have its name", child.type());
                    } else {
                        leftAlone(UNKNOWN_ALGORITHM, path, besideUnknown, child.type());
                        unknown = true;
                    }
                }
            }
        }
        return unknown;
    }

    private void link(
            String parent,
            Digest.Algorithm algorithm,
            Leaf leaf,
            BiConsumer<Digest, Leaf> each,
            Consumer<Digest> left) {
        String path = parent + "/" + leaf.name();
        Optional<Digest> digest = algorithm.ofHex(leaf.name());
        if (digest.isEmpty()) {
            leftAlone(STRAY, path, "it is no digest", leaf.type());
        } else if (leaf.type() == Type.FILE || leaf.type() == Type.OTHER) {
            leftAlone(STRAY, path, "it is no directory", leaf.type());
        } else if (leaf.type() == Type.LINK_OUT_OF_ROOT) {
            problems.add(SYMBOLIC_LINK, path, "it leads out of the root: what it stands for is kept");
            each.accept(digest.get(), leaf);
        } else if (leaf.stat() == null) {
            // As a manifest that was deleted through the API leaves it behind.
            left.accept(digest.get());
        } else {
            each.accept(digest.get(), leaf);
        }
    }

    private void leftAlone(Problem.Kind kind, String path, String why, Type type) {
        problems.leftAlone(new Problem(kind, path, why), listed, type);
    }
}
