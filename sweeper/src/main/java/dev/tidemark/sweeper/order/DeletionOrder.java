package dev.tidemark.sweeper.order;

import dev.tidemark.schemas.Kind;
import dev.tidemark.sweeper.order.Batch.Look;
import java.util.List;

/**
 * The order in which the files of a batch are deleted: all that names a digest goes before the digest's blob. So a try
 * that is cut off leaves nothing that names a blob that is gone.
 */
public enum DeletionOrder {

    /** Of a tag: from then on it names nothing. */
    TAGS(Kind.TAG),
    /** Of a tag: the manifests that it has named. A next try finds what is left of them. */
    HISTORIES(Kind.TAG),
    /**
     * Of a manifest: its entries in the histories of tags, and its signatures. Its revision goes last, so that a next
     * try finds it, and finishes.
     */
    ENTRIES_OF_MANIFESTS(Kind.MANIFEST),
    REVISIONS(Kind.MANIFEST),
    LAYER_LINKS(Kind.LAYER),
    BLOBS(Kind.BLOB),
    /** When an upload was begun: from then on no registry goes on with it. */
    STARTS_OF_UPLOADS(Kind.UPLOAD),
    /** The rest of it. A next try goes by what is left. */
    UPLOADS(Kind.UPLOAD),
    /** Parts of an upload, or of a copy, that nobody goes on with. */
    MULTIPARTS(Kind.MULTIPART),
    /** To a manifest that is not there. A tag's current one goes before its history, as that of any tag. */
    DANGLING_LINKS(Kind.LINK),
    HISTORIES_OF_DANGLING(Kind.LINK),
    DIRECTORIES(Kind.DIRECTORY),
    REPOSITORIES(Kind.REPOSITORY);

    private final Kind kind;

    DeletionOrder(Kind kind) {
        this.kind = kind;
    }

    /** Whether somebody may have pushed what goes, or gone on with it, since it was looked at. */
    public boolean looksAgain() {
        return this == TAGS
                || this == STARTS_OF_UPLOADS
                || this == MULTIPARTS
                || this == DANGLING_LINKS
                || kind.empty();
    }

    /** The kind of the records whose files go in this step. */
    public Kind kind() {
        return kind;
    }

    /** The files of a record of that kind that go in this step. */
    List<String> files(Look.Delete delete) {
        return takesOwn() ? List.of(delete.own()) : delete.entries();
    }

    /** Whether a record's own file goes in this step, and not those that are part of it. */
    boolean takesOwn() {
        return switch (this) {
            case HISTORIES, ENTRIES_OF_MANIFESTS, UPLOADS, HISTORIES_OF_DANGLING -> false;
            case TAGS,
                    REVISIONS,
                    LAYER_LINKS,
                    BLOBS,
                    STARTS_OF_UPLOADS,
                    MULTIPARTS,
                    DANGLING_LINKS,
                    DIRECTORIES,
                    REPOSITORIES -> true;
        };
    }
}
