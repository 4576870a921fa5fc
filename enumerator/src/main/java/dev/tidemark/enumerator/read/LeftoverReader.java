package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.FoundLeftover;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what was left behind in a repository: uploads, dangling links, empty directories, or the repository itself. */
final class LeftoverReader {

    /** A policy may know of a subject that is gone by its directory alone. */
    static final String TRACE = "a tag of referrers may be named for what it held";

    private static final String NO_LINK = "it has no link";

    private final String repository;
    private final Options options;
    private final UploadReader uploads;
    private final DanglingLinks dangling;
    private final EmptyDirectory empty;

    /**
     * @param options that say which uploads are so old that it matters when they were begun
     * @param since when links are known to name nothing
     */
    LeftoverReader(Storage storage, String repository, Options options, DanglingSource since, Problems problems) {
        this.repository = repository;
        this.options = options;
        dangling = new DanglingLinks(repository, since);
        uploads = new UploadReader(storage, repository, options, problems);
        empty = new EmptyDirectory(storage, repository, options, problems);
    }

    /**
     * Reads all of them. Of a repository that has nothing but directories, they are one.
     *
     * @param nothing whether it has neither manifests, nor tags, nor layer links
     * @param tags of it
     * @param held the manifests of it
     * @param revisions the digests of which there is a directory, and no link; likewise for tags, and layer links
     */
    List<FoundLeftover> read(
            boolean nothing,
            TagFacts tags,
            List<Revision> held,
            Collection<Digest> revisions,
            List<String> leftTags,
            List<Digest> layers) {
        Set<Digest> subjects = tags.subjects();
        List<FoundLeftover> found = new ArrayList<>(uploads.read());
        Optional<FoundLeftover> all = nothing && found.isEmpty() ? empty.all() : Optional.empty();
        all.ifPresent(found::add);
        if (all.isPresent() && all.get().kept() == null) {
            return found;
        }
        if (options.leftovers() != null) {
            found.addAll(dangling.of(tags, held));
        }
        for (Digest digest : revisions) {
            String path = Layout.revision(repository, digest);
            empty.at(path, NO_LINK, subjects.contains(digest) ? TRACE : null).ifPresent(found::add);
        }
        for (String tag : leftTags) {
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
