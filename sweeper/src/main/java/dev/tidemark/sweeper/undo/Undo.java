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
import dev.tidemark.storage.layout.LayoutEntry.NamedTag;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.sweeper.trash.DeferredRecords;
import dev.tidemark.sweeper.trash.FinalLook;
import dev.tidemark.sweeper.trash.TrashJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Takes a run's sweep back: restores what the trash has of it, all or what a filter names, and all that this needs and
 * other runs have swept. What names something comes after what it names. Links, blobs and uploads count as written
 * now, so that
 * the next run's minimum age keeps them.
 */
public final class Undo {

    private static final int BATCH = 500;

    private final Storage storage;
    private final Trash trash;
    private final RunId run;
    private final UndoScope scope;
    private final TrashJournal journal;

    /** The order in which files come back. */
    private enum Step {
        BLOBS,
        LAYER_LINKS,
        REVISIONS,
        /** Histories of tags, signatures, and uploads. */
        ENTRIES,
        TAGS;

        static Step of(String path) {
            return LayoutEntry.of(path)
                    .map(entry -> switch (entry.kind()) {
                        case BLOB -> BLOBS;
                        case LAYER -> LAYER_LINKS;
                        case MANIFEST -> REVISIONS;
                        case TAG -> TAGS;
                        case UPLOAD -> ENTRIES;
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
     * @param failed why not, for each other file, for each image that is not whole, and for each tag that names none
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
        var sum = new Sum();
        scope.ofOtherRuns().forEach(sum::back);
        inBatches(List.of(), scope::has, file -> {
            if (storage.stat(file.path()).isPresent()) {
                sum.inPlace();
            } else {
                sum.back(file);
            }
        });
        return sum.outcome();
    }

    /**
     * Restores.
     *
     * @throws StorageException if the storage does not answer
     */
    public Outcome restore() {
        var sum = new Sum();
        long now = trash.now();
        List<Trashed> ofOthers = scope.ofOtherRuns();
        for (Step step : Step.values()) {
            Predicate<Trashed> ofStep = file -> Step.of(file.path()) == step;
            List<Trashed> first = ofOthers.stream().filter(ofStep).toList();
            inBatches(first, ofStep.and(scope::has), file -> restore(file, now, sum));
        }
        // What could only be known once these were back.
        var look = new FinalLook(storage, trash, trash.runs(), journal);
        look.heal(new Options(now, false, false), () -> {});
        sum.add(look.restored());
        sum.revisions.forEach(revision -> requireWhole(revision, sum));
        sum.tags.forEach(tag -> requireImage(tag, sum));
        trash.end(run);
        return sum.outcome();
    }

    /** Takes those files, and then those of the run's trash that are wanted: it may be larger than the memory. */
    private void inBatches(List<Trashed> first, Predicate<Trashed> wanted, Consumer<Trashed> take) {
        List<Trashed> batch = new ArrayList<>(first);
        trash.files(run, file -> {
            if (wanted.test(file)) {
                batch.add(file);
            }
            if (batch.size() >= BATCH) {
                takeAll(batch, take);
            }
        });
        takeAll(batch, take);
    }

    private void takeAll(List<Trashed> batch, Consumer<Trashed> take) {
        Parallel.forEach(batch, storage.parallelism(), take);
        batch.clear();
    }

    private void restore(Trashed file, long now, Sum sum) {
        String why = file.run().equals(run) ? "its run is undone" : "what is undone needs it";
        Runnable back = () -> journal.restored(file, why);
        try {
            Restored how = LayoutEntry.of(file.path())
                            .or(() -> LayoutEntry.uploadOf(file.path()))
                            .isPresent()
                    ? trash.restoreAsOf(file.run(), file.path(), now, back)
                    : trash.restore(file.run(), file.path(), back);
            switch (how) {
                case BACK -> sum.back(file);
                case IN_PLACE -> sum.inPlace();
                case NOT_THERE -> sum.failed(file.path() + " is no longer in the trash");
            }
        } catch (StorageException e) {
            sum.failed(e.getMessage());
        }
    }

    /** An image may need what another run has swept, and purged. */
    private void requireWhole(LayoutEntry revision, Sum sum) {
        String image = revision.repository() + "@" + revision.digest();
        if (!there(revision.digest())) {
            sum.failed(image + " is back, and its blob is purged");
            return;
        }
        new ManifestReader(storage).read(revision.digest()).ifPresent(manifest -> {
            if (manifest.content() instanceof ManifestContent.Understood understood) {
                understood.references().stream()
                        .filter(digest -> !there(digest))
                        .forEach(digest -> sum.failed(image + " is back, and lacks " + digest));
            }
        });
    }

    /** Of a tag, only the link and the history may be left: what it names may be purged, or deleted by a client. */
    private void requireImage(NamedTag tag, Sum sum) {
        if (LinkFile.at(storage, Layout.currentLink(tag.repository(), tag.tag()))
                        instanceof LinkFile.Names(Digest digest)
                && !(held(tag.repository(), digest) && there(digest))) {
            sum.failed(
                    "%s:%s is back, and names %s, which is not there".formatted(tag.repository(), tag.tag(), digest));
        }
    }

    private boolean held(String repository, Digest digest) {
        return storage.stat(Layout.revisionLink(repository, digest))
                .or(() -> storage.stat(Layout.layerLink(repository, digest)))
                .isPresent();
    }

    private boolean there(Digest digest) {
        return storage.stat(Layout.blobData(digest)).isPresent();
    }

    /** What comes back, as it is added up. Several threads do so. */
    private static final class Sum {

        private final List<LayoutEntry> revisions = new ArrayList<>();
        private final List<NamedTag> tags = new ArrayList<>();
        private final List<String> failed = new ArrayList<>();
        private Tally restored = Tally.NONE;
        private long inPlace;

        synchronized void back(Trashed file) {
            restored = restored.plus(file.size());
            LayoutEntry.of(file.path())
                    .filter(entry -> entry.kind() == Kind.MANIFEST)
                    .ifPresent(revisions::add);
            LayoutEntry.tagOf(file.path()).ifPresent(tags::add);
        }

        synchronized void add(Tally more) {
            restored = restored.plus(more);
        }

        synchronized void inPlace() {
            inPlace++;
        }

        synchronized void failed(String why) {
            failed.add(why);
        }

        synchronized Outcome outcome() {
            return new Outcome(
                    restored,
                    inPlace,
                    revisions.stream()
                            .map(revision -> revision.repository() + "@" + revision.digest())
                            .sorted()
                            .toList(),
                    tags.stream()
                            .map(tag -> tag.repository() + ":" + tag.tag())
                            .sorted()
                            .toList(),
                    List.copyOf(failed));
        }
    }
}
