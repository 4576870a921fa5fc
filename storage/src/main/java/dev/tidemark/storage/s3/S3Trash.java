package dev.tidemark.storage.s3;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The trash of a registry in a bucket. A file is copied there, and deleted from the registry when its copy is proved to
 * be whole. It is copied back in the same way.
 */
final class S3Trash implements Trash {

    private static final Logger LOG = LoggerFactory.getLogger(S3Trash.class);

    /**
     * As many files are copied at once, and deleted right after: what is written to one of them in between is not seen.
     */
    private static final int FILES_AT_ONCE = 64;

    /** To look at a file, and to copy it. */
    private static final int REQUESTS_PER_FILE = 2;

    private final Calls calls;
    private final Requests requests;
    private final S3Deletions registry;
    private final S3Deletions deletions;
    private final BucketCopies copies;
    private final String bucket;
    private final String base;
    private final TrashKeys keys;
    private final S3TrashTerms terms;
    private final S3TrashListing listing;

    /**
     * @param root what all keys of the registry's root directory begin with
     * @param base what the keys of all paths begin with
     */
    S3Trash(
            Calls calls,
            Requests requests,
            S3Failures failures,
            BucketPages pages,
            KeyListing pagesAtOnce,
            BucketCopies.Sizes sizes,
            String bucket,
            String root,
            String base) {
        this.calls = calls;
        this.requests = requests;
        this.bucket = bucket;
        this.base = base;
        registry = new S3Deletions(requests, failures, bucket, base);
        deletions = new S3Deletions(requests, failures, bucket, "");
        copies = new BucketCopies(requests, pages, bucket, sizes);
        keys = TrashKeys.in(root);
        terms = new S3TrashTerms(requests, bucket, keys);
        listing = new S3TrashListing(calls, pages, pagesAtOnce, copies, keys);
    }

    @Override
    public int requestsPerFile() {
        return REQUESTS_PER_FILE;
    }

    /** A time in the trash is rounded up to the second, and the present time down. */
    @Override
    public Duration rounding() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void prepare(RunId run, Duration keep) {
        try {
            terms.write(run, keep, this::now);
        } catch (StorageException e) {
            throw new NoTrashException(
                    "the trash " + keys.of(run) + " can't be made (" + e.getMessage()
                            + "): make it possible, or sweep without a trash (--keep-trash off)",
                    e);
        }
    }

    @Override
    public Terms terms(RunId run) {
        return calls.answer("read", "the trash", () -> terms.of(run));
    }

    @Override
    public Map<String, StorageException> take(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failed = calls.deletions(paths, some -> {
            List<String> all = List.copyOf(some);
            Map<String, StorageException> failures = new LinkedHashMap<>();
            for (int from = 0; from < all.size(); from += FILES_AT_ONCE) {
                failures.putAll(
                        takeTogether(run, all.subList(from, Math.min(all.size(), from + FILES_AT_ONCE)), allowed));
            }
            return failures;
        });
        if (failed.size() < paths.size()) {
            noteTaken(run);
        }
        return failed;
    }

    private Map<String, StorageException> takeTogether(RunId run, List<String> paths, BooleanSupplier allowed) {
        Queue<String> copied = new ConcurrentLinkedQueue<>();
        Map<String, StorageException> failed = new ConcurrentHashMap<>();
        Parallel.forEach(paths, FILES_AT_ONCE, path -> {
            try {
                if (copy(run, path, allowed)) {
                    copied.add(path);
                }
            } catch (StorageException e) {
                failed.put(path, e);
            }
        });
        failed.putAll(registry.deleteAll(List.copyOf(copied), allowed));
        return failed;
    }

    /** Copies a file into the trash; false if it is gone already. */
    private boolean copy(RunId run, String path, BooleanSupplier allowed) {
        if (!allowed.getAsBoolean()) {
            throw new NotAllowedException();
        }
        Optional<HeadObjectResponse> object = copies.look(path, base + path);
        if (object.isEmpty()) {
            return false;
        }
        try {
            String to =
                    keys.file(run, path, BucketCopies.stat(path, object.get()).modified());
            copies.copy(path, base + path, object.get(), to, allowed);
            return true;
        } catch (NotAllowedException e) {
            throw e;
        } catch (StorageException e) {
            throw e.settled() ? new NoTrashException(e.getMessage(), e) : e;
        }
    }

    /** A copy may be older than the deletion that follows it by minutes, and it is the deletion that counts. */
    private void noteTaken(RunId run) {
        try {
            put(keys.taken(run));
        } catch (StorageException e) {
            LOG.warn("the time of a deletion is not noted, the time of its copy counts: {}", e.getMessage());
        }
    }

    private void put(String key) {
        requests.answer(
                "write",
                TrashKeys.PLACE,
                client -> client.putObject(request -> request.bucket(bucket).key(key), AsyncRequestBody.empty()));
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
                    return found.isEmpty() ? Optional.empty() : requests.open(path, bucket, found.getLast());
                },
                content);
    }

    @Override
    public Restored restore(RunId run, String path) {
        return calls.answer("restore", path, () -> {
            List<String> found = listing.keys(run, Set.of(path));
            if (found.isEmpty()) {
                return Restored.NOT_THERE;
            }
            if (copies.look(path, base + path).isPresent()) {
                return Restored.IN_PLACE;
            }
            Optional<HeadObjectResponse> object = copies.look(path, found.getLast());
            if (object.isEmpty()) {
                return Restored.NOT_THERE;
            }
            copies.copy(path, found.getLast(), object.get(), base + path, () -> true);
            // It is back, whatever becomes of the copy: that one is purged when it is due.
            deletions
                    .deleteAll(found, () -> true)
                    .forEach((key, failure) -> LOG.warn("a copy stays in the trash: {}", failure.getMessage()));
            return Restored.BACK;
        });
    }

    /** A copy counts as written now. */
    @Override
    public Restored restoreAsOf(RunId run, String path, long modified) {
        return restore(run, path);
    }

    @Override
    public Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        return calls.deletions(paths, some -> {
            Map<String, StorageException> failed = new LinkedHashMap<>();
            deletions
                    .deleteAll(listing.keys(run, Set.copyOf(some)), allowed)
                    .forEach((key, failure) -> failed.put(keys.name(run, key).path(), failure));
            return failed;
        });
    }

    @Override
    public void end(RunId run) {
        calls.answer("remove", "the trash", () -> {
            if (listing.empty(run)) {
                deletions.deleteAll(List.of(keys.taken(run), keys.keep(run)), () -> true).values().stream()
                        .findFirst()
                        .ifPresent(failure -> {
                            throw failure;
                        });
            }
            return null;
        });
    }

    /** The time that the storage gives to a new object. */
    @Override
    public long now() {
        return calls.answer("look at", "the storage's clock", () -> {
            String probe = keys.top() + "clock-" + UUID.randomUUID();
            put(probe);
            try {
                return copies.look(TrashKeys.PLACE, probe)
                        .orElseThrow(() -> new StorageException("an object that was written is not there: " + probe))
                        .lastModified()
                        .toEpochMilli();
            } finally {
                deletions.deleteAll(List.of(probe), () -> true);
            }
        });
    }
}
