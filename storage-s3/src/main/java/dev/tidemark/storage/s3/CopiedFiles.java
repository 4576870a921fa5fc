package dev.tidemark.storage.s3;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.objects.TrashKeys;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The files of a trash that are copies. A file is copied there, and deleted from the registry when its copy is proved
 * to be whole. It is copied back in the same way.
 */
final class CopiedFiles implements TrashPart {

    private static final Logger LOG = LoggerFactory.getLogger(CopiedFiles.class);

    /**
     * As many files are copied at once, and deleted right after: what is written to one of them in between is not seen.
     */
    private static final int FILES_AT_ONCE = 64;

    private final TrashObjects objects;
    private final Requests requests;
    private final S3Deletions registry;
    private final S3Deletions deletions;
    private final BucketCopies copies;
    private final String bucket;
    private final String base;
    private final TrashKeys keys;
    private final S3TrashListing listing;

    /**
     * @param registry deletes files of the registry, by their paths
     * @param deletions deletes objects by their keys
     * @param base the prefix of the keys of all paths
     */
    CopiedFiles(
            TrashObjects objects,
            Requests requests,
            S3Deletions registry,
            S3Deletions deletions,
            BucketCopies copies,
            String bucket,
            String base,
            TrashKeys keys,
            S3TrashListing listing) {
        this.objects = objects;
        this.requests = requests;
        this.registry = registry;
        this.deletions = deletions;
        this.copies = copies;
        this.bucket = bucket;
        this.base = base;
        this.keys = keys;
        this.listing = listing;
    }

    @Override
    public Map<String, StorageException> take(RunId run, List<String> paths, BooleanSupplier allowed) {
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
            copies.copy(path, new CopyRequests.Source(base + path, object.get()), to, allowed);
            return true;
        } catch (NotAllowedException | WrittenAgainException e) {
            throw e;
        } catch (StorageException e) {
            throw e.settled() ? new NoTrashException(e.getMessage(), e) : e;
        }
    }

    /** A copy may be older than the deletion that follows it by minutes, and it is the deletion that counts. */
    private void noteTaken(RunId run) {
        try {
            objects.write(keys.taken(run), new byte[0], () -> true);
        } catch (StorageException e) {
            LOG.warn("the time of a deletion is not noted, the time of its copy counts: {}", e.getMessage());
        }
    }

    @Override
    public void files(RunId run, Optional<String> directory, Consumer<Trashed> to) {
        listing.files(run, directory.map(name -> keys.of(run) + name + "/").orElseGet(() -> keys.of(run)), to);
    }

    @Override
    public Optional<InputStream> open(RunId run, String path) {
        List<String> found = listing.keys(run, Set.of(path));
        return found.isEmpty() ? Optional.empty() : requests.open(path, bucket, found.getLast(), null);
    }

    @Override
    public Restored restore(RunId run, String path, Runnable back) {
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
        copies.copy(path, new CopyRequests.Source(found.getLast(), object.get()), base + path, () -> true);
        back.run();
        // It is back, whatever becomes of the copy: that one is purged when it is due.
        deletions
                .deleteAll(found, () -> true)
                .forEach((key, failure) -> LOG.warn("a copy stays in the trash: {}", failure.getMessage()));
        return Restored.BACK;
    }

    @Override
    public Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new LinkedHashMap<>();
        deletions
                .deleteAll(listing.keys(run, Set.copyOf(paths)), allowed)
                .forEach((key, failure) -> failed.put(keys.name(run, key).path(), failure));
        return failed;
    }
}
