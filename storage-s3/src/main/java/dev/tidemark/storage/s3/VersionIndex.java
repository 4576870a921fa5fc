package dev.tidemark.storage.s3;

import static java.util.Objects.requireNonNull;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.TrashKeys;
import dev.tidemark.storage.s3.S3Deletions.Target;
import dev.tidemark.storage.s3.VersionBatches.Batch;
import dev.tidemark.storage.s3.VersionBatches.Content;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which versions of which files are in the trash: objects beside it, one for the files that were deleted together. Each
 * is written before the deletion, so that none of them is forgotten, and anew after it. That a file is in the index
 * does not prove that it was deleted: whoever restores or destroys one looks at its versions first.
 */
final class VersionIndex {

    /** The id of a version that was written while the bucket had no versioning. */
    static final String NULL = "null";

    private static final Logger LOG = LoggerFactory.getLogger(VersionIndex.class);

    /** Each has as many files as a sweep takes at once: some five hundred. */
    private static final int LISTS_IN_MEMORY = 128;

    /** Of so many files of which it is not known whether they were deleted, all lists are looked at together. */
    private static final int OPEN_TOGETHER = 10_000;

    private final TrashObjects objects;
    private final BucketPages pages;
    private final S3Deletions deletions;
    private final TrashKeys keys;
    private final Supplier<List<RunId>> runs;
    private final VersionBatches batches;
    private final Map<String, Set<Entry>> removed = new HashMap<>();
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * A file in the trash.
     *
     * @param version the one that was there when it was looked at
     * @param marker that the deletion has made; null if that isn't known
     * @param size bytes
     * @param modified when it was last written, in ms since the epoch
     */
    record Entry(String path, String version, String marker, long size, long modified) {

        Entry {
            requireNonNull(version);
            if (!TrashKeys.swept(path)) {
                throw new IllegalArgumentException("no sweep takes " + path);
            }
        }

        /** The id {@code null} is used again and again: it has to be of the same time. */
        boolean sameVersion(Entry other) {
            return version.equals(other.version) && modified == other.modified;
        }
    }

    /**
     * An entry, and where it is.
     *
     * @param batch the key of the object that has it
     * @param since when it came into the trash, in ms since the epoch
     */
    record Found(RunId run, String batch, long since, Entry entry) {

        /** Whether a later sweep has seen the same version: what this one has announced was not deleted by then. */
        boolean seenLater(Collection<Found> all) {
            return all.stream().anyMatch(other -> other.isAfter(this) && other.entry.sameVersion(entry));
        }

        private boolean isAfter(Found other) {
            int runs = run.compareTo(other.run);
            return runs > 0 || (runs == 0 && since > other.since);
        }
    }

    /**
     * @param deletions deletes objects by their keys
     * @param runs lists the runs that have a trash
     */
    VersionIndex(
            TrashObjects objects,
            BucketPages pages,
            S3Deletions deletions,
            TrashKeys keys,
            Supplier<List<RunId>> runs) {
        this.runs = runs;
        this.objects = objects;
        this.pages = pages;
        this.deletions = deletions;
        this.keys = keys;
        batches = new VersionBatches(this::listed, objects::read, LISTS_IN_MEMORY);
    }

    /**
     * Writes down files that are to be deleted.
     *
     * @return the batch that they make
     */
    String announce(RunId run, List<Entry> files, BooleanSupplier allowed) {
        String batch = keys.versions(run) + UUID.randomUUID();
        objects.write(batch, new Content(null, files).json(), allowed);
        return batch;
    }

    /** Writes it down again when they are deleted: their time in the trash begins now. */
    void deleted(String batch, List<Entry> files) {
        try {
            objects.write(batch, new Content(null, files).json(), () -> true);
        } catch (StorageException e) {
            LOG.warn("the time of a deletion is not noted, the time before it counts: {}", e.getMessage());
        }
    }

    /**
     * Hands out the files of a run. One that the run has announced, and that a later sweep has seen in place since, is
     * the later one's.
     */
    void files(RunId run, Optional<String> directory, Consumer<Found> to) {
        List<Found> open = new ArrayList<>();
        Consumer<Found> each = found -> {
            if (!DeletionMarkers.isOpen(found)) {
                to.accept(found);
                return;
            }
            open.add(found);
            if (open.size() == OPEN_TOGETHER) {
                handOutOpen(open, to);
            }
        };
        String lists = keys.versions(run);
        directory.ifPresentOrElse(
                name -> batches.each(
                        lists,
                        List.of(name),
                        batch -> handOut(run, batch, batch.files().subMap(name + "/", name + (char) ('/' + 1)), each)),
                () -> batches.each(lists, batch -> handOut(run, batch, batch.files(), each)));
        handOutOpen(open, to);
    }

    private static void handOut(RunId run, Batch batch, SortedMap<String, Entry> files, Consumer<Found> to) {
        files.values().forEach(entry -> to.accept(new Found(run, batch.object().key(), batch.since(), entry)));
    }

    private void handOutOpen(List<Found> open, Consumer<Found> to) {
        if (!open.isEmpty()) {
            Map<String, List<Found>> all =
                    findInAll(open.stream().map(found -> found.entry().path()).collect(Collectors.toSet()));
            open.stream()
                    .filter(found ->
                            !found.seenLater(all.getOrDefault(found.entry().path(), List.of())))
                    .forEach(to);
            open.clear();
        }
    }

    /** The entries that a run has of some files, by path; of each file, the earliest first. */
    Map<String, List<Found>> find(RunId run, Collection<String> paths) {
        Map<String, List<Found>> found = new LinkedHashMap<>();
        find(run, paths, found);
        return found;
    }

    /** The entries that all runs have of some files, by path. */
    Map<String, List<Found>> findInAll(Collection<String> paths) {
        Map<String, List<Found>> found = new LinkedHashMap<>();
        if (!paths.isEmpty()) {
            runs.get().forEach(run -> find(run, paths, found));
        }
        return found;
    }

    private void find(RunId run, Collection<String> paths, Map<String, List<Found>> found) {
        batches.each(keys.versions(run), paths, batch -> {
            for (String path : paths) {
                Entry entry = batch.files().get(path);
                if (entry != null) {
                    found.computeIfAbsent(path, any -> new ArrayList<>())
                            .add(new Found(run, batch.object().key(), batch.since(), entry));
                }
            }
        });
    }

    /**
     * Takes entries out. Many threads do so at once: whoever is first writes for those that wait. An entry that stays
     * after all does no harm: it is looked at before anything is done with its file.
     */
    void remove(Collection<Found> gone) {
        synchronized (removed) {
            gone.forEach(found -> removed.computeIfAbsent(found.batch(), any -> new HashSet<>())
                    .add(found.entry()));
        }
        changing.lock();
        try {
            Map<String, Set<Entry>> all;
            synchronized (removed) {
                all = Map.copyOf(removed);
                removed.clear();
            }
            all.forEach((batch, entries) -> change(batch, entries, List.of()));
        } catch (StorageException e) {
            LOG.warn("what is no longer in the trash is listed there still: {}", e.getMessage());
        } finally {
            changing.unlock();
        }
    }

    /** Puts another entry for the same file in place of one. */
    void replace(Found old, Entry entry) {
        changing.lock();
        try {
            change(old.batch(), Set.of(old.entry()), List.of(entry));
        } finally {
            changing.unlock();
        }
    }

    private void change(String key, Set<Entry> without, List<Entry> with) {
        Optional<KeyListing.Object> object = pages.listed(key).map(stat -> new KeyListing.Object(key, stat));
        Optional<Batch> batch = object.flatMap(batches::read);
        if (batch.isEmpty()) {
            return;
        }
        List<Entry> left = new ArrayList<>(batch.get().files().values());
        left.removeAll(without);
        left.addAll(with);
        if (left.isEmpty()) {
            deletions.delete(List.of(new Target(key, null)), () -> true).requireAll();
            batches.forget(key);
        } else {
            objects.write(key, new Content(batch.get().since(), left).json(), () -> true);
        }
    }

    private List<KeyListing.Object> listed(String prefix) {
        List<KeyListing.Object> listed = new ArrayList<>();
        pages.each(pages.of(prefix).build(), page -> {
            listed.addAll(BucketPages.objects(page));
            return true;
        });
        return listed;
    }
}
