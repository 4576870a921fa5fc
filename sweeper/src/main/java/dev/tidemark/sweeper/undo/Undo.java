package dev.tidemark.sweeper.undo;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.sweeper.trash.DeferredRecords;
import dev.tidemark.sweeper.trash.FinalLook;
import dev.tidemark.sweeper.trash.TrashJournal;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a run's sweep back: restores what the trash has of it, all or what a filter names, and all that this needs and
 * other runs have swept. What names something comes after what it names. Links and blobs count as written now, so that
 * the next run's minimum age keeps them.
 */
public final class Undo {

    private static final int BATCH = 500;

    private final Storage storage;
    private final Trash trash;
    private final RunId run;
    private final UndoScope scope;
    private final TrashJournal journal;
    private final List<LayoutEntry> revisions = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private Tally restored = Tally.NONE;
    private long inPlace;

    /** The order in which files come back. */
    private enum Step {
        BLOBS,
        LAYER_LINKS,
        REVISIONS,
        /** Histories of tags, and signatures. */
        ENTRIES,
        TAGS;

        static Step of(String path) {
            return LayoutEntry.of(path)
                    .map(entry -> switch (entry.kind()) {
                        case BLOB -> BLOBS;
                        case LAYER -> LAYER_LINKS;
                        case MANIFEST -> REVISIONS;
                        case TAG -> TAGS;
                    })
                    .orElseGet(() -> LayoutEntry.tagOf(path).isPresent() ? TAGS : ENTRIES);
        }
    }

    /**
     * The outcome.
     *
     * @param restored files that are back, of this run's trash and of others'
     * @param inPlace files that the registry has again by now: they stay as they are there
     * @param manifests those that are back, as {@code repository@digest}
     * @param tags those that are back, as {@code repository:tag}
     * @param failed why not, for each other file, and for each image that is not whole
     */
    public record Outcome(
            Tally restored, long inPlace, List<String> manifests, List<String> tags, List<String> failed) {

        /** Of an undo that found no file. */
        public static final Outcome NOTHING = new Outcome(Tally.NONE, 0, List.of(), List.of(), List.of());
    }

    /**
     * Finds out what comes back.
     *
     * @param records take down what does
     * @throws StorageException if the storage does not answer
     */
    public Undo(Storage storage, Trash trash, RunId run, UndoFilter filter, DeferredRecords records) {
        this.storage = storage;
        this.trash = trash;
        this.run = run;
        journal = records;
        scope = new UndoScope(storage, trash, run, filter);
    }

    /**
     * Says what would come back, and changes nothing.
     *
     * @throws StorageException if the storage does not answer
     */
    public Outcome preview() {
        scope.ofOtherRuns().forEach(this::back);
        trash.files(run, file -> {
            if (!scope.has(file)) {
                return;
            }
            if (storage.stat(file.path()).isPresent()) {
                inPlace++;
            } else {
                back(file);
            }
        });
        return outcome();
    }

    /**
     * Restores.
     *
     * @throws StorageException if the storage does not answer
     */
    public Outcome restore() {
        long now = trash.now();
        List<Trashed> ofOthers = scope.ofOtherRuns();
        for (Step step : Step.values()) {
            List<Trashed> some = new ArrayList<>(ofOthers.stream()
                    .filter(file -> Step.of(file.path()) == step)
                    .toList());
            trash.files(run, file -> {
                if (Step.of(file.path()) == step && scope.has(file)) {
                    some.add(file);
                }
                if (some.size() >= BATCH) {
                    restore(some, now);
                }
            });
            restore(some, now);
        }
        // What could only be known once these were back.
        var look = new FinalLook(storage, trash, trash.runs(), journal);
        look.heal(new Options(now, false, false), () -> {});
        restored = restored.plus(look.restored());
        revisions.forEach(this::requireWhole);
        trash.end(run);
        return outcome();
    }

    private Outcome outcome() {
        return new Outcome(
                restored,
                inPlace,
                revisions.stream()
                        .map(revision -> revision.repository() + "@" + revision.digest())
                        .sorted()
                        .toList(),
                tags.stream().sorted().toList(),
                failed);
    }

    private void back(Trashed file) {
        restored = restored.plus(file.size());
        LayoutEntry.of(file.path())
                .filter(entry -> entry.kind() == Kind.MANIFEST)
                .ifPresent(revisions::add);
        LayoutEntry.tagOf(file.path()).ifPresent(tag -> tags.add(tag.repository() + ":" + tag.tag()));
    }

    private void restore(List<Trashed> files, long now) {
        Parallel.forEach(files, storage.parallelism(), file -> restore(file, now));
        files.clear();
    }

    private void restore(Trashed file, long now) {
        try {
            restored(
                    file,
                    LayoutEntry.of(file.path()).isPresent()
                            ? trash.restoreAsOf(file.run(), file.path(), now)
                            : trash.restore(file.run(), file.path()));
        } catch (StorageException e) {
            failed(e.getMessage());
        }
    }

    private synchronized void restored(Trashed file, Restored how) {
        switch (how) {
            case BACK -> {
                back(file);
                journal.restored(file, file.run().equals(run) ? "its run is undone" : "what is undone needs it");
            }
            case IN_PLACE -> inPlace++;
            case NOT_THERE -> failed(file.path() + " is no longer in the trash");
        }
    }

    private synchronized void failed(String why) {
        failed.add(why);
    }

    /** An image may need what another run has swept, and purged. */
    private void requireWhole(LayoutEntry revision) {
        if (!there(revision.digest())) {
            failed.add(revision.repository() + "@" + revision.digest() + " is back, and its blob is purged");
            return;
        }
        new ManifestReader(storage).read(revision.digest()).ifPresent(manifest -> {
            if (manifest.content() instanceof ManifestContent.Understood understood) {
                for (Digest digest : understood.references()) {
                    if (!there(digest)) {
                        failed.add(revision.repository() + "@" + revision.digest() + " is back, and lacks " + digest);
                    }
                }
            }
        });
    }

    private boolean there(Digest digest) {
        return storage.stat(Layout.blobData(digest)).isPresent();
    }
}
