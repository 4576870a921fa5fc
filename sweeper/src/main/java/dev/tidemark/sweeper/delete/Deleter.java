package dev.tidemark.sweeper.delete;

import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.order.Batch;
import dev.tidemark.sweeper.order.Batch.Look;
import dev.tidemark.sweeper.order.DeletionOrder;
import dev.tidemark.sweeper.order.WhyKept;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a batch of eligible records out of the registry, after a last check of each, and only while the lane holds its
 * partition: into the trash, or without one, for good.
 */
public final class Deleter {

    private static final Logger LOG = LoggerFactory.getLogger(Deleter.class);

    private final Storage storage;
    private final Optional<Trash> trash;
    private final RunId run;
    private final LastCheck check;
    private final ResumedUploads resumed;
    private final CachePurge cache;

    /**
     * @param trash that the files are moved to; empty to delete them
     * @param cache that is told what is gone
     * @param rescued what the {@link SharedLook} found
     */
    public Deleter(Storage storage, Optional<Trash> trash, Requested request, Rescued rescued, CachePurge cache) {
        this.storage = storage;
        this.trash = trash;
        run = request.run();
        check = new LastCheck(storage, request, rescued);
        resumed = new ResumedUploads(storage, run, request.options());
        this.cache = cache;
    }

    /**
     * Looks at the records that are open, and deletes those that may go, in the {@link DeletionOrder}. After each step
     * the registry's cache forgets them: while a blob is moved, no entry of a link says that it is there.
     *
     * @return false if nobody knew for a while whether the lane holds its partition: the records that are open are then
     *     to be looked at again
     * @throws CacheException if the registry's cache can't be told what is gone
     * @throws RuntimeException if the partition is another's now
     */
    public boolean delete(Batch batch, Lane lane) throws InterruptedException {
        batch.again();
        if (!look(batch, lane)) {
            return false;
        }
        for (DeletionOrder step : DeletionOrder.values()) {
            boolean whole = delete(batch, lane, step);
            cache.forget(batch.maybeGone(step));
            if (!whole) {
                return false;
            }
            if (step == (trash.isPresent() ? DeletionOrder.UPLOADS : DeletionOrder.STARTS_OF_UPLOADS)) {
                yieldToClients(batch);
            }
        }
        return true;
    }

    /**
     * Whoever went on with an upload meanwhile has been quicker. With a trash that is found out when all is in it;
     * without one, as long as there is anything left.
     */
    private void yieldToClients(Batch batch) {
        Parallel.forEach(batch.of(Kind.UPLOAD), storage.parallelism(), index -> {
            Eligible eligible = batch.candidate(index).eligible();
            Look look = batch.look(index);
            Optional<Look.Failure> failure = trash.isPresent()
                    ? resumed.broughtBack(trash.get(), eligible, look)
                    : look instanceof Look.Delete ? resumed.cutOff(eligible) : Optional.empty();
            failure.ifPresent(why -> batch.failed(index, why));
        });
    }

    private boolean look(Batch batch, Lane lane) throws InterruptedException {
        List<Integer> open = batch.open();
        int atOnce = storage.parallelism();
        for (int from = 0; from < open.size(); from += atOnce) {
            if (!lane.prove()) {
                return false;
            }
            lookAt(batch, open.subList(from, Math.min(open.size(), from + atOnce)));
        }
        return true;
    }

    private void lookAt(Batch batch, List<Integer> some) {
        List<Look> looks = Parallel.map(some, storage.parallelism(), index -> look(batch, index));
        for (int i = 0; i < looks.size(); i++) {
            batch.seen(some.get(i), looks.get(i));
        }
    }

    private Look look(Batch batch, int index) {
        Look look = check.look(batch.candidate(index));
        Eligible eligible = batch.candidate(index).eligible();
        try {
            return eligible.kind() == Kind.BLOB
                            && look instanceof Look.Delete delete
                            && delete.there()
                            && cache.remembers(eligible, batch.linked(eligible.digest()))
                    ? new Look.Spare(WhyKept.REMEMBERED)
                    : look;
        } catch (StorageException e) {
            return LastCheck.failure(e);
        }
    }

    /** Deletes the files of a step: one by one, or where each deletion costs a request, together. */
    private boolean delete(Batch batch, Lane lane, DeletionOrder step) throws InterruptedException {
        Map<String, Set<Integer>> owners = batch.files(step);
        List<String> all = List.copyOf(owners.keySet());
        int atOnce = storage.parallelism() == 1 ? 1 : all.size();
        for (int from = 0; from < all.size(); from += atOnce) {
            if (!lane.prove()) {
                return false;
            }
            List<String> chunk = all.subList(from, Math.min(all.size(), from + atOnce));
            List<String> some = step.looksAgain() ? stillGoing(batch, chunk, owners) : chunk;
            if (step.kind().empty()) {
                some.forEach(directory -> owners.get(directory).forEach(owner -> removeEmpty(batch, owner, directory)));
                continue;
            }
            if (some.isEmpty()) {
                continue;
            }
            Map<String, StorageException> failures = delete(some, step, lane::held);
            for (String file : some) {
                StorageException failure = failures.get(file);
                if (!(failure instanceof NotAllowedException)) {
                    owners.get(file).forEach(owner -> deleted(batch, owner, file, failure));
                }
            }
            if (failures.values().stream().anyMatch(NotAllowedException.class::isInstance)) {
                lane.prove();
                return false;
            }
        }
        return true;
    }

    private Map<String, StorageException> delete(List<String> files, DeletionOrder step, BooleanSupplier allowed) {
        if (step == DeletionOrder.MULTIPARTS) {
            return storage.multiparts().orElseThrow().abort(files, allowed);
        }
        return trash.isPresent() ? trash.get().take(run, files, allowed) : storage.deleteAll(files, allowed);
    }

    /**
     * The tags, or leftovers, that may still go: somebody may have pushed one, or gone on with it, while others were
     * looked at, or deleted. Without a trash nothing would bring it back.
     */
    private List<String> stillGoing(Batch batch, List<String> files, Map<String, Set<Integer>> owners) {
        List<Integer> some =
                files.stream().flatMap(file -> owners.get(file).stream()).toList();
        lookAt(batch, some);
        return files.stream()
                .filter(file -> owners.get(file).stream().allMatch(batch::goes))
                .toList();
    }

    /** @param failure the reason why the file is not deleted; null if it is */
    private void deleted(Batch batch, int owner, String file, StorageException failure) {
        if (failure instanceof WrittenAgainException) {
            batch.seen(owner, new Look.Spare(WhyKept.YOUNG));
            return;
        }
        if (failure != null) {
            batch.failed(owner, LastCheck.failure(failure));
            return;
        }
        batch.gone(file);
        Eligible eligible = batch.candidate(owner).eligible();
        if (eligible.kind() != Kind.MULTIPART) {
            prune(file, eligible);
        }
    }

    /**
     * Removes a directory as far as it is empty: something that is written there meanwhile stays, and so does the
     * directory.
     */
    private void removeEmpty(Batch batch, int owner, String directory) {
        Eligible eligible = batch.candidate(owner).eligible();
        boolean whole = eligible.kind() == Kind.REPOSITORY;
        try {
            boolean gone = whole
                    ? Layout.OWN.stream().allMatch(own -> storage.removeEmpty(directory + "/" + own))
                    : storage.removeEmpty(directory);
            if (!gone) {
                batch.seen(owner, new Look.Spare(WhyKept.NOT_EMPTY));
                return;
            }
            batch.gone(directory);
        } catch (StorageException e) {
            batch.failed(owner, LastCheck.failure(e));
            return;
        }
        if (whole) {
            prune(directory, Layout.REPOSITORIES);
        }
    }

    /** The file is gone, whatever becomes of its directory. */
    private void prune(String file, Eligible eligible) {
        prune(
                file.substring(0, file.lastIndexOf('/')),
                eligible.kind() == Kind.BLOB ? Layout.BLOBS : Layout.repository(eligible.repository()));
    }

    private void prune(String directory, String notIncluding) {
        try {
            storage.prune(directory, notIncluding);
        } catch (StorageException e) {
            LOG.warn("{} the empty directory {} stays: {}", run, directory, e.getMessage());
        }
    }
}
