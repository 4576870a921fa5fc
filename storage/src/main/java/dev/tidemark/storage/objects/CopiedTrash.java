package dev.tidemark.storage.objects;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.objects.CopyingBucket.Copied;
import dev.tidemark.storage.objects.CopyingBucket.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trash of copies in a bucket. A file is copied there, and deleted from the registry as long as it is still what was
 * copied. It is copied back in the same way, where nothing is by then.
 */
public final class CopiedTrash implements Trash {

    private static final Logger LOG = LoggerFactory.getLogger(CopiedTrash.class);

    /** As many files are copied at once, and deleted right after: a sweep that is cut off leaves few in both places. */
    private static final int FILES_AT_ONCE = 64;

    private final Calls calls;
    private final CopyingBucket bucket;
    private final RootPrefix root;
    private final TrashKeys keys;
    private final CopiedTrashTerms terms;
    private final CopiesListing listing;

    /** @param root of the registry */
    public CopiedTrash(Calls calls, CopyingBucket bucket, RootPrefix root) {
        this.calls = calls;
        this.bucket = bucket;
        this.root = root;
        keys = TrashKeys.in(root.text());
        terms = new CopiedTrashTerms(new BooksOfBucket(bucket), keys);
        listing = new CopiesListing(calls, bucket, keys);
    }

    private record BooksOfBucket(CopyingBucket bucket) implements CopiedTrashTerms.Books {

        @Override
        public Optional<byte[]> read(String key) {
            return bucket.open(TrashKeys.PLACE, key).map(content -> {
                try (content) {
                    return content.readAllBytes();
                } catch (IOException e) {
                    throw new StorageException("cannot read " + key + ": " + e.getMessage(), e);
                }
            });
        }

        @Override
        public void write(String key, byte[] content) {
            bucket.write(TrashKeys.PLACE, key, content);
        }
    }

    @Override
    public Way way() {
        return Way.COPY;
    }

    @Override
    public boolean onlyIfAsked() {
        return true;
    }

    @Override
    public Duration rounding() {
        return bucket.rounding();
    }

    @Override
    public void prepare(RunId run, Duration keep) {
        terms.prepare(run, keep, this::now);
    }

    @Override
    public Terms terms(RunId run) {
        return calls.answer("read", "the trash", () -> terms.of(run));
    }

    @Override
    public Map<String, StorageException> take(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        return calls.deletions(paths, some -> take(run, List.copyOf(some), allowed));
    }

    private Map<String, StorageException> take(RunId run, List<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new LinkedHashMap<>();
        for (int from = 0; from < paths.size(); from += FILES_AT_ONCE) {
            failed.putAll(
                    takeTogether(run, paths.subList(from, Math.min(paths.size(), from + FILES_AT_ONCE)), allowed));
        }
        if (failed.size() < paths.size()) {
            noteTaken(run);
        }
        return failed;
    }

    private Map<String, StorageException> takeTogether(RunId run, List<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new ConcurrentHashMap<>();
        Map<String, Version> copied = new ConcurrentHashMap<>();
        Parallel.forEach(paths, FILES_AT_ONCE, path -> {
            try {
                copy(run, path, allowed).ifPresent(version -> copied.put(path, version));
            } catch (StorageException e) {
                failed.put(path, e);
            }
        });
        Map<String, StorageException> inPlace = bucket.deleteVersions(List.copyOf(copied.values()), allowed);
        copied.forEach((path, version) -> {
            if (inPlace.containsKey(version.key())) {
                failed.put(path, inPlace.get(version.key()));
            }
        });
        return failed;
    }

    /** Copies a file into the trash; empty if it is gone already. */
    private Optional<Version> copy(RunId run, String path, BooleanSupplier allowed) {
        if (!allowed.getAsBoolean()) {
            throw new NotAllowedException();
        }
        Optional<Version> object = bucket.unchanged(path, root.key(path));
        if (object.isEmpty()) {
            return object;
        }
        try {
            String to = keys.file(run, path, object.get().stat().modified());
            return object.filter(from -> bucket.copy(path, from, to, true, allowed) == Copied.DONE);
        } catch (NotAllowedException | WrittenAgainException e) {
            throw e;
        } catch (StorageException e) {
            throw e.settled() ? new NoTrashException(e.getMessage(), e) : e;
        }
    }

    /** A copy may be older than the deletion that follows it by minutes, and it is the deletion that counts. */
    private void noteTaken(RunId run) {
        try {
            bucket.write(TrashKeys.PLACE, keys.taken(run), new byte[0]);
        } catch (StorageException e) {
            LOG.warn("the time of a deletion is not noted, the time of its copy counts: {}", e.getMessage());
        }
    }

    @Override
    public List<RunId> runs() {
        return listing.runs();
    }

    @Override
    public void files(RunId run, Consumer<Trashed> to) {
        listing.files(run, keys.of(run), to);
    }

    @Override
    public void files(RunId run, String directory, Consumer<Trashed> to) {
        listing.files(run, keys.of(run) + directory + "/", to);
    }

    @Override
    public <T> Optional<T> read(RunId run, String path, Storage.Content<T> content) {
        return calls.content(
                path,
                () -> {
                    List<String> found = listing.keys(run, Set.of(path));
                    return found.isEmpty() ? Optional.empty() : bucket.open(path, found.getLast());
                },
                content);
    }

    @Override
    public Restored restore(RunId run, String path, Runnable back) {
        return calls.answer("restore", path, () -> {
            List<String> found = listing.keys(run, Set.of(path));
            Optional<Version> last = found.isEmpty() ? Optional.empty() : bucket.version(path, found.getLast());
            if (last.isEmpty()) {
                return Restored.NOT_THERE;
            }
            return switch (bucket.copy(path, last.get(), root.key(path), false, () -> true)) {
                case GONE -> Restored.NOT_THERE;
                case IN_PLACE -> Restored.IN_PLACE;
                case DONE -> {
                    back.run();
                    // It is back, whatever becomes of the copy: that one is purged when it is due.
                    bucket.deleteVersions(anyOf(found), () -> true)
                            .values()
                            .forEach(failure -> LOG.warn("a copy stays in the trash: {}", failure.getMessage()));
                    yield Restored.BACK;
                }
            };
        });
    }

    /** A restored file counts as written now in any case. */
    @Override
    public Restored restoreAsOf(RunId run, String path, long modified, Runnable back) {
        return restore(run, path, back);
    }

    private static List<Version> anyOf(List<String> keys) {
        return keys.stream().map(key -> new Version(key, null, null)).toList();
    }

    @Override
    public Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        return calls.deletions(paths, some -> {
            Map<String, StorageException> failed = new LinkedHashMap<>();
            bucket.deleteVersions(anyOf(listing.keys(run, Set.copyOf(some))), allowed)
                    .forEach((key, failure) -> failed.put(keys.name(run, key).path(), failure));
            return failed;
        });
    }

    @Override
    public void end(RunId run) {
        calls.answer("remove", "the trash", () -> {
            terms.end(
                    run,
                    () -> listing.empty(run),
                    () -> bucket.deleteVersions(anyOf(List.of(keys.taken(run), keys.keep(run))), () -> true)
                            .values()
                            .forEach(failure -> {
                                throw failure;
                            }));
            return null;
        });
    }

    @Override
    public long now() {
        return BucketClock.now(calls, keys, new ClockOfBucket(bucket));
    }

    private record ClockOfBucket(CopyingBucket bucket) implements BucketClock.Probe<Void> {

        @Override
        public Void write(String key) {
            bucket.write(TrashKeys.PLACE, key, new byte[0]);
            return null;
        }

        @Override
        public Optional<Instant> written(String key) {
            return bucket.look(TrashKeys.PLACE, key)
                    .map(stat -> Instant.ofEpochMilli(stat.modified()))
                    .map(latest -> bucket.rounding().isZero() ? latest : WrittenAt.earliest(latest));
        }

        @Override
        public Collection<StorageException> remove(String key, Void version) {
            return bucket.deleteVersions(anyOf(List.of(key)), () -> true).values();
        }
    }
}
