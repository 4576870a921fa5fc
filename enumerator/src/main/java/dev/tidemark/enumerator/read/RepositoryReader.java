package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.INVALID_NAME;

import dev.tidemark.enumerator.pin.RepositoryFacts;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.enumerator.read.SubjectSource.Found;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import java.util.List;

/**
 * Reads a repository: its revisions, then its tags, then the manifests, then its layer links, then what was left
 * behind.
 *
 * <p>In this order because the registry may be in use: a push writes layer links first, then the revision, then the
 * tag. A tag that is read after the revisions may name one that was not there yet when they were listed, which is then
 * looked up; the other way round, a manifest could lose its tag between the two looks.
 */
public final class RepositoryReader {

    private final Storage storage;
    private final ManifestSource manifests;
    private final SubjectSource subjects;
    private final boolean history;
    private final Options options;
    private final DanglingSource dangling;

    /**
     * @param history whether manifests may be deleted in this run, so that their entries in the tags' history are
     *     needed
     * @param options of the run, which say which leftovers are old
     * @param dangling since when links are known to name nothing
     */
    public RepositoryReader(
            Storage storage,
            ManifestSource manifests,
            SubjectSource subjects,
            boolean history,
            Options options,
            DanglingSource dangling) {
        this.storage = storage;
        this.manifests = manifests;
        this.subjects = subjects;
        this.history = history;
        this.options = options;
        this.dangling = dangling;
    }

    /**
     * Reads all of a repository.
     *
     * @param problems told of all that is not as it should be
     * @throws StorageException if any part of it can't be read; if it is not there, which means that another storage is
     */
    public RepositoryFacts read(String repository, Problems problems) {
        boolean validName = Layout.validRepository(repository);
        if (!validName) {
            problems.add(INVALID_NAME, repository, "no registry serves it: it is left alone, and so is what it names");
        }
        // One look at the revisions first, and the tags after them.
        Listing listed = storage.listed(Layout.manifests(repository));
        var revisionReader = new RevisionReader(storage, manifests, repository, problems);
        boolean unknownRevisions = revisionReader.list(listed);
        var tagReader = new TagReader(storage, listed, repository, history, problems);
        TagFacts tags = tagReader.read(revisionReader.digests());
        List<Revision> revisions = revisionReader.read(tags);
        var layers = new LayerReader(storage, repository, problems);
        boolean unknownLayers = layers.read();
        boolean nothing =
                revisions.isEmpty() && tags.count() == 0 && layers.links().isEmpty();
        if (nothing) {
            requireThere(repository);
        }
        return new RepositoryFacts(
                repository,
                validName,
                unknownRevisions,
                tags,
                revisions,
                unknownLayers,
                layers.links(),
                new LeftoverReader(storage, repository, options, dangling, problems)
                        .read(nothing, tags, revisions, revisionReader.left(), tagReader.left(), layers.left()),
                subjects.read(new Found(repository, tags, revisions, revisionReader.left(), layers.links())),
                revisionReader.files().plus(tagReader.files()).plus(layers.files()),
                tagReader.pastFiles());
    }

    /** Somebody has seen it. An enumerator that has another storage before it would say that nothing is in it. */
    private void requireThere(String repository) {
        if (storage.children(Layout.repository(repository)).isEmpty()) {
            throw new StorageException(
                    "the repository " + repository + " was found, and is not in " + storage.description()
                            + " (any more): was it removed just now, or has another service another storage?");
        }
    }
}
