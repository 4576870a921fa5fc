package dev.tidemark.sweeper.trash;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.look.YoungLinks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Looks at a registry after a sweep, and puts back what a young link leads to and the trash has: it was pushed, mounted
 * or linked again while it was swept, and the registry has told its client that it is there.
 */
public final class FinalLook implements YoungLinks.Visitor {

    private static final String NEEDED = "a link written since leads to it";
    private static final String WRITTEN = "it was written while it was swept";

    private final Storage storage;
    private final Trash trash;
    private final List<RunId> runs;
    private final TrashJournal journal;
    /** The hashes of the digests of what is in the trash, sorted; empty where it costs nothing to look for each. */
    private Optional<int[]> held = Optional.empty();

    /** After an undo each link is young. */
    private final HashedStrings needed = new HashedStrings();

    private final LongAdder count = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /**
     * @param runs that have files in the trash, the latest first
     */
    public FinalLook(Storage storage, Trash trash, List<RunId> runs, TrashJournal journal) {
        this.storage = storage;
        this.trash = trash;
        this.runs = runs;
        this.journal = journal;
    }

    /**
     * Follows the links that are young, and restores.
     *
     * @param options whose cutoff says which links are young
     * @param goingOn called every so often; it throws to end the look
     * @throws dev.tidemark.storage.StorageException if not all of them could be read, or not all could be restored
     */
    public void heal(Options options, Runnable goingOn) {
        if (storage.parallelism() > 1) {
            held = Optional.of(digests());
        }
        heal(links(options, goingOn), YoungLinks::follow);
    }

    /** Follows those of the nominees' links that are young, in the same way. */
    void heal(Options options, Runnable goingOn, Collection<Nominee> nominees) {
        heal(links(options, goingOn), links -> links.follow(nominees));
    }

    private YoungLinks links(Options options, Runnable goingOn) {
        return new YoungLinks(storage, options, (repository, digest) -> false, goingOn, this);
    }

    private void heal(YoungLinks links, Consumer<YoungLinks> follow) {
        follow.accept(links);
        links.eachTarget((digest, target) -> {
            if (needed.contains(digest.toString())) {
                data(target);
            }
        });
    }

    /** A digest takes a hundred bytes, and a trash may have ten million. */
    private int[] digests() {
        IntStream.Builder digests = IntStream.builder();
        runs.forEach(run -> trash.files(
                run, file -> LayoutEntry.digests(file.path()).forEach(digest -> digests.add(digest.hashCode()))));
        return digests.build().sorted().distinct().toArray();
    }

    /** The files that were restored so far. */
    public Tally restored() {
        return new Tally(count.sum(), bytes.sum());
    }

    /**
     * Restores the files of a run that were written to while they were swept.
     *
     * @param cutoff ms since the epoch: what was written later can't have been eligible
     */
    void restoreWritten(RunId run, long cutoff) {
        List<Trashed> written = new ArrayList<>();
        trash.files(run, file -> {
            if (file.modified() >= cutoff) {
                written.add(file);
            }
        });
        written.forEach(file -> restore(file, WRITTEN));
    }

    @Override
    public void manifest(String repository, Digest digest) {
        data(digest);
        if (Layout.validRepository(repository)) {
            all(digest, Layout.revision(repository, digest));
        }
    }

    @Override
    public void blob(String repository, Digest digest) {
        needed.add(digest.toString());
        data(digest);
        if (Layout.validRepository(repository)) {
            all(digest, Layout.layer(repository, digest));
        }
    }

    @Override
    public void everyLayer(String repository) {
        if (Layout.validRepository(repository)) {
            for (RunId run : runs) {
                trash.files(
                        run,
                        Layout.layers(repository),
                        link -> LayoutEntry.of(link.path()).ifPresent(layer -> blob(repository, layer.digest())));
            }
        }
    }

    private void data(Digest digest) {
        all(digest, Layout.blob(digest));
    }

    /** Restores the files of a digest's directory, from the latest run that has them. */
    private void all(Digest digest, String directory) {
        if (held.filter(digests -> Arrays.binarySearch(digests, digest.hashCode()) < 0)
                .isPresent()) {
            return;
        }
        for (RunId run : runs) {
            List<Trashed> files = new ArrayList<>();
            trash.files(run, directory, files::add);
            files.forEach(file -> restore(file, NEEDED));
        }
    }

    private void restore(Trashed file, String why) {
        if (trash.restore(file.run(), file.path(), () -> journal.restored(file, why)) == Restored.BACK) {
            count.increment();
            bytes.add(file.size());
            target(file);
        }
    }

    /** A layer link that was in the trash may name another digest than its path does. */
    private void target(Trashed file) {
        LayoutEntry.of(file.path())
                .filter(entry -> entry.kind() == Kind.LAYER
                        && file.size() != entry.digest().toString().length())
                .ifPresent(entry -> {
                    if (LinkFile.at(storage, file.path()) instanceof LinkFile.Names names) {
                        data(names.digest());
                    }
                });
    }
}
