package dev.tidemark.storage.s3;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.s3.KeyHistory.Version;
import dev.tidemark.storage.s3.S3Deletions.Target;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The files of a trash that are old versions of what the registry had, in a bucket with versioning. Nothing is copied:
 * a deletion hides a file behind a delete marker.
 */
final class OldVersions implements TrashPart {

    private static final Logger LOG = LoggerFactory.getLogger(OldVersions.class);

    private static final int REQUESTS_AT_ONCE = 64;

    private final VersionIndex index;
    private final KeyHistories histories;
    private final Requests requests;
    private final S3Deletions deletions;
    private final BucketCopies copies;
    private final String bucket;
    private final String base;

    /**
     * @param deletions deletes files of the registry, by their paths
     * @param base the prefix of the keys of all paths
     */
    OldVersions(
            VersionIndex index,
            KeyHistories histories,
            Requests requests,
            S3Deletions deletions,
            BucketCopies copies,
            String bucket,
            String base) {
        this.index = index;
        this.histories = histories;
        this.requests = requests;
        this.deletions = deletions;
        this.copies = copies;
        this.bucket = bucket;
        this.base = base;
    }

    @Override
    public Map<String, StorageException> take(RunId run, List<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new ConcurrentHashMap<>();
        Queue<VersionIndex.Entry> found = new ConcurrentLinkedQueue<>();
        Parallel.forEach(paths, REQUESTS_AT_ONCE, path -> {
            try {
                look(path, allowed).ifPresent(found::add);
            } catch (StorageException e) {
                failed.put(path, e);
            }
        });
        List<VersionIndex.Entry> files = List.copyOf(found);
        if (!files.isEmpty()) {
            failed.putAll(delete(run, files, allowed));
        }
        return failed;
    }

    private Optional<VersionIndex.Entry> look(String path, BooleanSupplier allowed) {
        if (!allowed.getAsBoolean()) {
            throw new NotAllowedException();
        }
        return copies.look(path, base + path)
                .map(object -> new VersionIndex.Entry(
                        path,
                        object.versionId() == null ? VersionIndex.NULL : object.versionId(),
                        null,
                        object.contentLength(),
                        BucketCopies.stat(path, object).modified()));
    }

    /** Writes down what is there, deletes it, and writes down how. */
    private Map<String, StorageException> delete(RunId run, List<VersionIndex.Entry> files, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new ConcurrentHashMap<>();
        String batch;
        try {
            batch = index.announce(run, files, allowed);
        } catch (StorageException e) {
            StorageException why =
                    e.settled() && !(e instanceof NotAllowedException) ? new NoTrashException(e.getMessage(), e) : e;
            files.forEach(file -> failed.put(file.path(), why));
            return failed;
        }
        S3Deletions.Outcome outcome = deletions.delete(
                files.stream().map(file -> new Target(file.path(), null)).toList(), allowed);
        // A file whose deletion has failed stays in the index: it may be deleted all the same.
        index.deleted(
                batch,
                files.stream()
                        .map(file -> new VersionIndex.Entry(
                                file.path(),
                                file.version(),
                                outcome.markers().get(file.path()),
                                file.size(),
                                file.modified()))
                        .toList());
        long lost = files.stream()
                .map(VersionIndex.Entry::path)
                .filter(path -> !outcome.failed().containsKey(path)
                        && outcome.markers()
                                .getOrDefault(path, VersionIndex.NULL)
                                .equals(VersionIndex.NULL))
                .count();
        if (lost > 0) {
            LOG.warn("the bucket's versioning has changed in between: of {} deleted files it may keep nothing", lost);
        }
        return outcome.failed();
    }

    @Override
    public void files(RunId run, Optional<String> directory, Consumer<Trashed> to) {
        index.files(run, directory, found -> {
            VersionIndex.Entry file = found.entry();
            to.accept(new Trashed(run, file.path(), file.size(), file.modified(), found.since()));
        });
    }

    @Override
    public Optional<InputStream> open(RunId run, String path) {
        List<VersionIndex.Found> found = index.find(run, List.of(path)).getOrDefault(path, List.of());
        return found.isEmpty()
                ? Optional.empty()
                : requests.open(
                        path, bucket, base + path, found.getLast().entry().version());
    }

    /**
     * The version is copied onto its key. If only its marker were removed, another process that is about to purge it
     * would destroy what is in use by then.
     */
    @Override
    public Restored restore(RunId run, String path, Runnable back) {
        List<VersionIndex.Found> taken = index.find(run, List.of(path)).getOrDefault(path, List.of());
        if (taken.isEmpty()) {
            return Restored.NOT_THERE;
        }
        KeyHistory history = histories.of(path, base + path);
        if (!history.hidden()) {
            return history.versions().isEmpty() ? Restored.NOT_THERE : Restored.IN_PLACE;
        }
        DeletionMarkers markers = markers(taken, history);
        for (VersionIndex.Found found : taken.reversed()) {
            Optional<Version> version = history.find(found.entry());
            if (version.isPresent() && markers.mayHave(found)) {
                return restore(found, version.get(), history, back);
            }
        }
        return Restored.NOT_THERE;
    }

    private Restored restore(VersionIndex.Found found, Version version, KeyHistory history, Runnable back) {
        String path = found.entry().path();
        Optional<HeadObjectResponse> object = copies.look(path, base + path, version.id());
        if (object.isEmpty()) {
            return Restored.NOT_THERE;
        }
        copies.copy(path, new CopyRequests.Source(base + path, version.id(), object.get()), base + path, () -> true);
        back.run();
        // It is back, whatever becomes of what the copy was made of.
        remove(path, List.of(version.id()))
                .or(() -> remove(path, markers(history, version)))
                .ifPresent(failure -> LOG.warn("an old version stays in the bucket: {}", failure.getMessage()));
        index.remove(List.of(found));
        return Restored.BACK;
    }

    /** Without the lists of other runs, unless this one's don't say which of the markers are its own. */
    private DeletionMarkers markers(List<VersionIndex.Found> taken, KeyHistory history) {
        var own = new DeletionMarkers(taken, history);
        String path = taken.getFirst().entry().path();
        return taken.stream().allMatch(own::has)
                ? own
                : new DeletionMarkers(index.findInAll(List.of(path)).getOrDefault(path, taken), history);
    }

    private static List<String> markers(KeyHistory history, Version version) {
        return history.over(version).stream().map(KeyHistory.Marker::id).toList();
    }

    /** Removes versions, or markers, of a file. Why not, if they could not be removed. */
    private Optional<StorageException> remove(String path, List<String> versions) {
        return deletions
                .delete(versions.stream().map(id -> new Target(path, id)).toList(), () -> true)
                .failed()
                .values()
                .stream()
                .findFirst();
    }

    /** A version is destroyed before its marker goes, or else the registry would have it again in between. */
    @Override
    public Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        Map<String, List<VersionIndex.Found>> taken = index.find(run, paths);
        Map<String, List<VersionIndex.Found>> all = index.findInAll(taken.entrySet().stream()
                .filter(file -> file.getValue().stream().anyMatch(DeletionMarkers::isOpen))
                .map(Map.Entry::getKey)
                .toList());
        Map<String, StorageException> failed = new ConcurrentHashMap<>();
        Map<String, VersionFate> fates = new ConcurrentHashMap<>();
        Parallel.forEach(List.copyOf(taken.keySet()), REQUESTS_AT_ONCE, path -> {
            try {
                KeyHistory history = histories.of(path, base + path);
                fates.put(
                        path,
                        VersionFate.of(
                                taken.get(path),
                                new DeletionMarkers(all.getOrDefault(path, taken.get(path)), history)));
            } catch (StorageException e) {
                failed.put(path, e);
            }
        });
        fates.forEach((path, fate) -> fate.written().ifPresent(version -> {
            keep(taken.get(path).getLast(), version);
            failed.put(
                    path,
                    StorageException.settled(
                            path + " was written while it was swept: nothing of it is destroyed, and the next look "
                                    + "puts it back",
                            null));
        }));
        List<Target> versions = new ArrayList<>();
        fates.forEach((path, fate) -> fate.destroyed().forEach(id -> versions.add(new Target(path, id))));
        failed.putAll(deletions.delete(versions, allowed).failed());
        List<Target> markers = new ArrayList<>();
        fates.forEach((path, fate) -> {
            if (!failed.containsKey(path)) {
                fate.markers().forEach(id -> markers.add(new Target(path, id)));
            }
        });
        failed.putAll(deletions.delete(markers, allowed).failed());
        index.remove(taken.entrySet().stream()
                .filter(file -> !failed.containsKey(file.getKey()))
                .flatMap(file -> file.getValue().stream())
                .toList());
        return failed;
    }

    /** The trash has the version that was written last: its time says that it can't have been eligible. */
    private void keep(VersionIndex.Found found, Version written) {
        VersionIndex.Entry old = found.entry();
        index.replace(
                found,
                new VersionIndex.Entry(old.path(), written.id(), old.marker(), written.size(), written.modified()));
    }
}
