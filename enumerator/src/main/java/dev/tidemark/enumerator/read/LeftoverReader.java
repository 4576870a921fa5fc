package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.FoundLeftover;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what was left behind in a repository: uploads, empty directories, or the repository itself. */
final class LeftoverReader {

    /** A policy may know of a subject that is gone by its directory alone. */
    private static final String TRACE = "a tag of referrers may be named for what it held";

    private static final String NO_LINK = "it has no link";

    private final String repository;
    private final UploadReader uploads;
    private final EmptyDirectory empty;

    /**
     * @param options that say which uploads are so old that it matters when they were begun
     */
    LeftoverReader(Storage storage, String repository, Options options, Problems problems) {
        this.repository = repository;
        uploads = new UploadReader(storage, repository, options, problems);
        empty = new EmptyDirectory(storage, repository, options, problems);
    }

    /**
     * Reads all of them. Of a repository that has nothing but directories, they are one.
     *
     * @param nothing whether it has neither manifests, nor tags, nor layer links
     * @param revisions the digests of which there is a directory, and no link; likewise for tags, and layer links
     * @param subjects the digests that its tags of referrers are named for
     */
    List<FoundLeftover> read(
            boolean nothing,
            Collection<Digest> revisions,
            List<String> tags,
            List<Digest> layers,
            Set<Digest> subjects) {
        List<FoundLeftover> found = new ArrayList<>(uploads.read());
        Optional<FoundLeftover> all = nothing && found.isEmpty() ? empty.all() : Optional.empty();
        all.ifPresent(found::add);
        if (all.isPresent() && all.get().kept() == null) {
            return found;
        }
        for (Digest digest : revisions) {
            String path = Layout.revision(repository, digest);
            empty.at(path, NO_LINK, subjects.contains(digest) ? TRACE : null).ifPresent(found::add);
        }
        for (String tag : tags) {
            String path = Layout.tag(repository, tag);
            empty.at(path, "the tag has no current link", subjects.isEmpty() ? null : TRACE)
                    .ifPresent(found::add);
        }
        for (Digest digest : layers) {
            empty.at(Layout.layer(repository, digest), NO_LINK, null).ifPresent(found::add);
        }
        for (String id : uploads.left()) {
            empty.at(Layout.upload(repository, id), null).ifPresent(found::add);
        }
        return found;
    }
}
