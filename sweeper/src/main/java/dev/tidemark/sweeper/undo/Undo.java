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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a run's sweep back: restores what the trash has of it, all or what a filter names, and all that this needs and
 * other runs have swept. A file comes back after the files that it names, and the time when an upload was begun after
 * the rest of that upload. Links, blobs and uploads count as written now, so that the next run's minimum age keeps
 * them.
 */
public final class Undo {

    private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

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
        /** Histories of tags, and signatures. */
        ENTRIES,
        TAGS,
        UPLOADS,
        /** When an upload was begun: from then on a registry goes on with it. */
        STARTS_OF_UPLOADS;

        static Step of(String path) {
            return LayoutEntry.of(path)
                    .map(entry -> switch (entry.kind()) {
                        case BLOB -> BLOBS;
                        case LAYER -> LAYER_LINKS;
                        case MANIFEST -> REVISIONS;
                        case TAG, UPLOAD, MULTIPART, DIRECTORY, REPOSITORY, LINK ->
                            throw new IllegalArgumentException("no file stands for it: " + entry);
                    })
                    .or(() -> LayoutEntry.uploadOf(path)
                            .map(upload -> path.equals(Layout.uploadStart(upload.repository(), upload.id()))
                                    ? STARTS_OF_UPLOADS
                                    : UPLOADS))
                    .orElseGet(() -> LayoutEntry.tagOf(path).isPresent() ? TAGS : ENTRIES);
        }
    }

    /**
     * The outcome.
     *
     * @param restored files that are back, of this run's trash and of others'
     * @param inPlace files that the registry has again by now: they stay as they are there
     * @param manifests those whose link is back, and those that an entry of a tag's history names which is back, as
     *     {@code repository@digest}
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
        var sum = new UndoSum();
        inBatches(path -> true, file -> {
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
        var sum = new UndoSum();
        long now = trash.now();
        for (Step step : Step.values()) {
            inBatches(path -> Step.of(path) == step, file -> restore(file, now, sum));
        }
        // Some of the needs could only be known once these were back.
        var look = new FinalLook(storage, trash, trash.runs(), journal);
        look.heal(new Options(now, false, false), () -> {});
        sum.add(look.restored());
        sum.broken().forEach(revision -> lacks(revision).forEach(sum::failed));
        sum.tagsOfNothing().forEach(tag -> lacks(tag).ifPresent(sum::failed));
        trash.end(run);
        return sum.outcome();
    }

    /** Takes what comes back of other runs' trash, and then of this run's: each may be larger than the memory. */
    private void inBatches(Predicate<String> wanted, Consumer<Trashed> take) {
        List<Trashed> batch = new ArrayList<>();
        Consumer<Trashed> each = file -> {
            batch.add(file);
            if (batch.size() == BATCH) {
                takeAll(batch, take);
            }
        };
        scope.ofOtherRuns(wanted, each);
        trash.files(run, file -> {
            if (wanted.test(file.path()) && scope.has(file)) {
                each.accept(file);
            }
        });
        takeAll(batch, take);
    }

    private void takeAll(List<Trashed> batch, Consumer<Trashed> take) {
        Parallel.forEach(batch, storage.parallelism(), take);
        batch.clear();
    }

    private void restore(Trashed file, long now, UndoSum sum) {
        String why = file.run().equals(run) ? "its run is undone" : "what is undone needs it";
        Runnable back = () -> journal.restored(file, why);
        try {
            Restored how = LayoutEntry.of(file.path()).isPresent()
                            || LayoutEntry.uploadOf(file.path()).isPresent()
                    ? trash.restoreAsOf(file.run(), file.path(), now, back)
                    : trash.restore(file.run(), file.path(), back);
            switch (how) {
                case BACK -> {
                    sum.back(file);
                    look(file, sum);
                }
                case IN_PLACE -> sum.inPlace();
                case NOT_THERE -> sum.failed(file.path() + " is no longer in the trash");
            }
        } catch (StorageException e) {
            sum.failed(e.getMessage());
        }
    }

    /** An image or tag that seems to lack something is looked at once more when all is back. */
    private void look(Trashed file, UndoSum sum) {
        LayoutEntry.of(file.path())
                .filter(entry -> entry.kind() == Kind.MANIFEST && !whole(() -> lacks(entry)))
                .ifPresent(sum::broken);
        LayoutEntry.tagOf(file.path())
                .filter(tag -> !whole(() -> lacks(tag).stream().toList()))
                .ifPresent(sum::ofNothing);
    }

    private static boolean whole(Supplier<List<String>> lacks) {
        try {
            return lacks.get().isEmpty();
        } catch (StorageException e) {
            LOG.debug("what is back is looked at again when all is", e);
            return false;
        }
    }

    /** The parts that an image lacks, in words: another run may have swept and purged them. */
    private List<String> lacks(LayoutEntry revision) {
        String image = revision.repository() + "@" + revision.digest();
        if (!there(revision.digest())) {
            return List.of(image + " is back, and its blob is not there");
        }
        return new ManifestReader(storage)
                        .read(revision.digest())
                        .map(manifest -> manifest.content() instanceof ManifestContent.Understood understood
                                ? understood.references()
                                : List.<Digest>of())
                        .stream()
                        .flatMap(Collection::stream)
                        .filter(digest -> !there(digest))
                        .map(digest -> image + " is back, and lacks " + digest)
                        .toList();
    }

    /** Of a tag, only the link and the history may be left: what it names may be purged, or deleted by a client. */
    private Optional<String> lacks(NamedTag tag) {
        return LinkFile.at(storage, Layout.currentLink(tag.repository(), tag.tag()))
                                instanceof LinkFile.Names(Digest digest)
                        && !(held(tag.repository(), digest) && there(digest))
                ? Optional.of("%s:%s is back, and names %s, which is not there: hold the tag until it is"
                        .formatted(tag.repository(), tag.tag(), digest))
                : Optional.empty();
    }

    private boolean held(String repository, Digest digest) {
        return storage.stat(Layout.revisionLink(repository, digest))
                .or(() -> storage.stat(Layout.layerLink(repository, digest)))
                .isPresent();
    }

    private boolean there(Digest digest) {
        return storage.stat(Layout.blobData(digest)).isPresent();
    }
}
