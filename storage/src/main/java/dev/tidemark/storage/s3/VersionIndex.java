package dev.tidemark.storage.s3;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.s3.S3Deletions.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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

    private static final int READS_AT_ONCE = 64;

    private final TrashObjects objects;
    private final BucketPages pages;
    private final S3Deletions deletions;
    private final TrashKeys keys;

    /** What was read, by key: it stays true as long as the listing says the same of the object. */
    private final Map<String, Batch> read = new ConcurrentHashMap<>();

    private final Map<String, Set<Entry>> removed = new HashMap<>();
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * A file in the trash.
     *
     * @param version what was there when it was looked at
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
    }

    /**
     * An entry, and where it is.
     *
     * @param batch the key of the object that has it
     * @param since when it came into the trash, in ms since the epoch
     */
    record Found(String batch, long since, Entry entry) {}

    /**
     * The content of an object.
     *
     * @param since ms since the epoch; null where it is the time of the object itself
     */
    record Content(Long since, List<Entry> files) {

        Content {
            files = List.copyOf(files);
        }
    }

    private record Batch(KeyListing.Object object, long since, SortedMap<String, Entry> files) {}

    /** @param deletions deletes objects by their keys */
    VersionIndex(TrashObjects objects, BucketPages pages, S3Deletions deletions, TrashKeys keys) {
        this.objects = objects;
        this.pages = pages;
        this.deletions = deletions;
        this.keys = keys;
    }

    /**
     * Writes down files that are to be deleted.
     *
     * @return the batch that they make
     */
    String announce(RunId run, List<Entry> files, BooleanSupplier allowed) {
        String batch = keys.versions(run) + UUID.randomUUID();
        objects.write(batch, json(new Content(null, files)), allowed);
        return batch;
    }

    /** Writes it down again when they are deleted: their time in the trash begins now. */
    void deleted(String batch, List<Entry> files) {
        try {
            objects.write(batch, json(new Content(null, files)), () -> true);
        } catch (StorageException e) {
            LOG.warn("the time of a deletion is not noted, the time before it counts: {}", e.getMessage());
        }
    }

    /** Hands out the files of a run, those that came first first. */
    void files(RunId run, Optional<String> directory, Consumer<Found> to) {
        for (Batch batch : batches(run)) {
            SortedMap<String, Entry> below = directory
                    .map(name -> batch.files().subMap(name + "/", name + (char) ('/' + 1)))
                    .orElse(batch.files());
            below.values().forEach(entry -> to.accept(new Found(batch.object().key(), batch.since(), entry)));
        }
    }

    /** What a run has of some files, by path. */
    Map<String, List<Found>> find(RunId run, Collection<String> paths) {
        Map<String, List<Found>> found = new LinkedHashMap<>();
        for (Batch batch : batches(run)) {
            for (String path : paths) {
                Entry entry = batch.files().get(path);
                if (entry != null) {
                    found.computeIfAbsent(path, any -> new ArrayList<>())
                            .add(new Found(batch.object().key(), batch.since(), entry));
                }
            }
        }
        return found;
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
        Optional<Batch> batch = object.flatMap(this::readable);
        if (batch.isEmpty()) {
            return;
        }
        List<Entry> left = new ArrayList<>(batch.get().files().values());
        left.removeAll(without);
        left.addAll(with);
        if (left.isEmpty()) {
            deletions.delete(List.of(new Target(key, null)), () -> true).requireAll();
        } else {
            objects.write(key, json(new Content(batch.get().since(), left)), () -> true);
        }
    }

    private List<Batch> batches(RunId run) {
        List<KeyListing.Object> listed = new ArrayList<>();
        pages.each(pages.of(keys.versions(run)).build(), page -> {
            listed.addAll(BucketPages.objects(page));
            return true;
        });
        Set<String> there = new HashSet<>();
        listed.forEach(object -> there.add(object.key()));
        read.keySet().removeIf(key -> key.startsWith(keys.versions(run)) && !there.contains(key));
        return Parallel.map(listed, READS_AT_ONCE, this::readable).stream()
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingLong(Batch::since))
                .toList();
    }

    /** Empty if it is gone. */
    private Optional<Batch> readable(KeyListing.Object object) {
        Batch known = read.get(object.key());
        if (known != null && known.object().equals(object)) {
            return Optional.of(known);
        }
        Optional<Batch> batch = objects.read(object.key()).map(bytes -> parsed(object, bytes));
        batch.ifPresent(now -> read.put(object.key(), now));
        return batch;
    }

    /** What can't be read as a list has no files. It stays, and so does what it may name. */
    private static Batch parsed(KeyListing.Object object, byte[] bytes) {
        try {
            Content content = JsonSerde.MAPPER.readValue(bytes, Content.class);
            SortedMap<String, Entry> files = new TreeMap<>();
            content.files().forEach(entry -> files.put(entry.path(), entry));
            return new Batch(object, content.since() == null ? object.stat().modified() : content.since(), files);
        } catch (IOException e) {
            LOG.warn("{} is no list of files in the trash, it is passed over: {}", object.key(), e.getMessage());
            return new Batch(object, object.stat().modified(), new TreeMap<>());
        }
    }

    private static byte[] json(Content content) {
        try {
            return JsonSerde.MAPPER.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
