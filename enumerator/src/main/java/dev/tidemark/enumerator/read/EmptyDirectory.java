package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.FoundLeftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Problem;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Inside;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.layout.Layout;
import java.util.List;
import java.util.Optional;

/** Directories that have lost what they were for. */
public final class EmptyDirectory {

    private final Storage storage;
    private final String repository;
    private final Options options;
    private final Problems problems;

    /**
     * @param repository that they are in; null for those of blobs
     * @param options of the run: one that leaves them alone does not look into them
     * @param problems told of those that have something else, which is counted, or that a run leaves alone
     */
    public EmptyDirectory(Storage storage, String repository, Options options, Problems problems) {
        this.storage = storage;
        this.repository = repository;
        this.options = options;
        this.problems = problems;
    }

    /**
     * Looks at one.
     *
     * @param path its whole path
     * @param lacks its loss, in words
     * @param kept why it is kept, or null
     * @return the leftover, if there is nothing in it
     */
    public Optional<FoundLeftover> at(String path, String lacks, String kept) {
        Optional<FoundLeftover> found = at(path, kept);
        if (found.isEmpty()) {
            problems.leftAlone(new Problem(Problem.Kind.EMPTY_DIRECTORY, path, lacks), storage, Type.DIRECTORY);
        }
        return found;
    }

    /** Looks at one that may be gone by now. */
    Optional<FoundLeftover> at(String path, String kept) {
        String below = repository == null
                ? path
                : path.substring(Layout.repository(repository).length() + 1);
        return inside(path, List.of()).filter(Inside::isEmpty).map(found -> found(Kind.DIRECTORY, below, found, kept));
    }

    /** The repository itself, in which no manifest, tag, layer link or upload was found. */
    Optional<FoundLeftover> all() {
        return inside(Layout.repository(repository), Layout.OWN)
                .map(inside -> found(
                        Kind.REPOSITORY,
                        null,
                        inside,
                        inside.isEmpty() ? null : "there is " + inside.other() + " in it"));
    }

    private FoundLeftover found(Kind kind, String path, Inside inside, String kept) {
        return new FoundLeftover(kind, Layout.leftoverDigest(repository, path), path, inside.last(), 0, kept);
    }

    private Optional<Inside> inside(String directory, List<String> names) {
        return options.leftovers() == null ? Optional.empty() : storage.inside(directory, names);
    }
}
