package dev.tidemark.sweeper.undo;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Content;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.layout.LayoutEntry.NamedUpload;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.storage.manifest.StoredManifest;
import dev.tidemark.sweeper.trash.HashedStrings;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The files that an undo brings back: those of a run that a user names, and all that they lead to. A manifest leads to
 * what it references, with the repository's links to that; a link leads to its blob. Manifests are read where they are,
 * in the registry or in the trash, so that nothing has to be restored to know it.
 */
final class UndoScope {

    private final Storage storage;
    private final Trash trash;
    private final RunId run;
    private final List<RunId> others;
    private final boolean everything;
    private final ManifestReader manifests;
    /** A trash may have ten million files. In doubt something more comes back, or only with the look at the end. */
    private final HashedStrings entries = new HashedStrings();

    private final HashedStrings paths = new HashedStrings();
    private final Deque<LayoutEntry> pending = new ArrayDeque<>();

    /** @throws dev.tidemark.storage.StorageException if the storage does not answer */
    UndoScope(Storage storage, Trash trash, RunId run, UndoFilter filter) {
        this.storage = storage;
        this.trash = trash;
        this.run = run;
        others = trash.runs().stream().filter(other -> !other.equals(run)).toList();
        everything = filter.everything();
        manifests = new ManifestReader(this::read);
        if (everything && others.isEmpty()) {
            return;
        }
        trash.files(run, file -> {
            entry(file.path()).filter(filter::names).ifPresent(this::add);
            while (!pending.isEmpty()) {
                follow(pending.pop());
            }
        });
        if (!others.isEmpty()) {
            trash.files(run, file -> {
                if (has(file)) {
                    paths.add(file.path());
                }
            });
        }
    }

    /** Whether a file of the run comes back. */
    boolean has(Trashed file) {
        return everything || entry(file.path()).filter(this::has).isPresent();
    }

    private boolean has(LayoutEntry entry) {
        return entries.contains(name(entry));
    }

    private static String name(LayoutEntry entry) {
        return entry.kind() + " " + entry.repository() + " " + entry.digest();
    }

    /**
     * Hands out the files of other runs that come back as well: those that are needed, and that the registry lacks.
     *
     * @param wanted of which paths
     */
    void ofOtherRuns(Predicate<String> wanted, Consumer<Trashed> to) {
        var handedOut = new HashedStrings();
        for (RunId other : others) {
            trash.files(other, file -> {
                if (wanted.test(file.path())
                        && !paths.contains(file.path())
                        && entry(file.path()).filter(this::has).isPresent()
                        && handedOut.add(file.path())
                        && storage.stat(file.path()).isEmpty()) {
                    to.accept(file);
                }
            });
        }
    }

    /** A tag, and its history, come back with the manifest that they name. */
    private Optional<LayoutEntry> entry(String path) {
        return LayoutEntry.of(path)
                .or(() -> LayoutEntry.manifestOf(path))
                .or(() -> LayoutEntry.uploadOf(path).map(NamedUpload::entry))
                .or(() -> LayoutEntry.tagOf(path).flatMap(tag -> named(tag.repository(), path)));
    }

    private Optional<LayoutEntry> named(String repository, String tag) {
        return read(tag, LinkFile::of)
                .flatMap(link -> link instanceof LinkFile.Names(Digest digest)
                        ? Optional.of(new LayoutEntry(Kind.MANIFEST, repository, digest))
                        : Optional.empty());
    }

    private void add(LayoutEntry entry) {
        if (entries.add(name(entry))) {
            pending.add(entry);
        }
    }

    private void follow(LayoutEntry entry) {
        switch (entry.kind()) {
            case BLOB, TAG, UPLOAD, MULTIPART, DIRECTORY, REPOSITORY, LINK -> {
                // A blob and a leftover name nothing, and a tag counts as its manifest.
            }
            case LAYER -> add(new LayoutEntry(Kind.BLOB, null, entry.digest()));
            case MANIFEST -> {
                add(new LayoutEntry(Kind.BLOB, null, entry.digest()));
                try {
                    manifests.read(entry.digest()).ifPresent(read -> descend(entry.repository(), read));
                } catch (ForbiddenException e) {
                    // It comes back as it is. The look after the undo says that it can't be read.
                }
            }
        }
    }

    private void descend(String repository, StoredManifest manifest) {
        switch (manifest.content()) {
            case ManifestContent.Understood understood -> {
                Kind kind = understood.index() ? Kind.MANIFEST : Kind.LAYER;
                add(kind, repository, understood.references());
                add(kind, repository, understood.foreign());
            }
            case ManifestContent.Doubtful doubtful -> {
                add(Kind.MANIFEST, repository, doubtful.named());
                trash.files(
                        run,
                        Layout.layers(repository),
                        link -> entry(link.path()).ifPresent(this::add));
            }
        }
    }

    private void add(Kind kind, String repository, Collection<Digest> digests) {
        digests.forEach(digest -> add(new LayoutEntry(kind, repository, digest)));
    }

    private <T> Optional<T> read(String path, Content<T> content) {
        Optional<T> found = storage.read(path, content).or(() -> trash.read(run, path, content));
        for (int i = 0; found.isEmpty() && i < others.size(); i++) {
            found = trash.read(others.get(i), path, content);
        }
        return found;
    }
}
