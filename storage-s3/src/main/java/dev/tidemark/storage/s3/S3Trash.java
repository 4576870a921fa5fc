package dev.tidemark.storage.s3;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.objects.BucketClock;
import dev.tidemark.storage.objects.CopiedTrashTerms;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.TrashKeys;
import dev.tidemark.storage.s3.S3Deletions.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The trash of a registry in a bucket: old versions where the bucket has versioning, and copies where it has none.
 * Files of either kind are looked after, whatever the bucket has by now.
 */
final class S3Trash implements Trash {

    private static final Logger LOG = LoggerFactory.getLogger(S3Trash.class);

    /** How long an answer holds that says whether the bucket has versioning, but for a deletion. */
    private static final Duration VERSIONING_HOLDS = Duration.ofMinutes(1);

    private final Calls calls;
    private final S3Deletions deletions;
    private final BucketCopies copies;
    private final TrashObjects objects;
    private final TrashKeys keys;
    private final CopiedTrashTerms terms;
    private final S3TrashListing listing;
    private final KeyHistories histories;
    private final BucketVersioning versioning;
    private final CopiedFiles copied;
    private final OldVersions versions;

    private Versioning last;
    /** The answer of {@link BucketVersioning#missing}; null before it was asked. */
    private Optional<String> missingRights;

    /** @param at by {@link System#nanoTime} */
    private record Versioning(boolean enabled, long at) {

        boolean holds() {
            return System.nanoTime() - at < VERSIONING_HOLDS.toNanos();
        }
    }

    /**
     * @param root the prefix of all keys of the registry's root directory
     * @param base the prefix of the keys of all paths
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
        keys = TrashKeys.in(root);
        deletions = new S3Deletions(requests, failures, bucket, "");
        copies = new BucketCopies(requests, pages, bucket, sizes);
        objects = new TrashObjects(requests, bucket);
        terms = new CopiedTrashTerms(objects, keys);
        listing = new S3TrashListing(calls, pages, pagesAtOnce, copies, keys);
        histories = new KeyHistories(requests, bucket);
        versioning = new BucketVersioning(requests, bucket, objects, histories, copies, deletions, keys);
        var registry = new S3Deletions(requests, failures, bucket, base);
        copied = new CopiedFiles(objects, requests, registry, deletions, copies, bucket, base, keys, listing);
        versions = new OldVersions(
                new VersionIndex(objects, pages, deletions, keys, listing::runs),
                histories,
                requests,
                registry,
                copies,
                bucket,
                base);
    }

    @Override
    public Way way() {
        synchronized (versioning) {
            boolean denied = missingRights != null && missingRights.isPresent();
            return hasVersioning() && !denied ? Way.OLD_VERSION : Way.COPY;
        }
    }

    @Override
    public boolean onlyIfAsked() {
        return !takesVersions();
    }

    private boolean hasVersioning() {
        synchronized (versioning) {
            if (last == null || !last.holds()) {
                last = new Versioning(askVersioning(), System.nanoTime());
            }
            return last.enabled();
        }
    }

    private boolean askVersioning() {
        return calls.answer("look at", "the bucket's versioning", versioning::enabled);
    }

    /** Whether old versions are the trash. The line that says why not is written once. */
    private boolean takesVersions() {
        if (!hasVersioning()) {
            return false;
        }
        synchronized (versioning) {
            if (missingRights == null) {
                missingRights = calls.answer("write", "the trash", versioning::missing);
                missingRights.ifPresent(why -> LOG.warn(
                        "the bucket keeps what is swept as old versions, and they can't be a trash ({}): its lifecycle "
                                + "rules say when they are destroyed",
                        why));
            }
            return missingRights.isEmpty();
        }
    }

    /** A time in the trash is rounded up to the second, and the present time down. */
    @Override
    public Duration rounding() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void prepare(RunId run, Duration keep) {
        terms.prepare(run, keep, this::now);
    }

    @Override
    public Terms terms(RunId run) {
        return calls.answer("read", "the trash", () -> terms.of(run));
    }

    /** Right before a deletion the bucket is asked again: without versioning, it would destroy. */
    @Override
    public Map<String, StorageException> take(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        TrashPart part = takesVersions() && askVersioning() ? versions : copied;
        return calls.deletions(paths, some -> part.take(run, List.copyOf(some), allowed));
    }

    @Override
    public List<RunId> runs() {
        return listing.runs();
    }

    @Override
    public void files(RunId run, Consumer<Trashed> to) {
        files(run, Optional.empty(), to);
    }

    @Override
    public void files(RunId run, String directory, Consumer<Trashed> to) {
        files(run, Optional.of(directory), to);
    }

    private void files(RunId run, Optional<String> directory, Consumer<Trashed> to) {
        versions.files(run, directory, to);
        copied.files(run, directory, to);
    }

    @Override
    public <T> Optional<T> read(RunId run, String path, Storage.Content<T> content) {
        return calls.content(path, () -> versions.open(run, path).or(() -> copied.open(run, path)), content);
    }

    @Override
    public Restored restore(RunId run, String path, Runnable back) {
        return calls.answer("restore", path, () -> {
            Restored how = versions.restore(run, path, back);
            return how == Restored.NOT_THERE ? copied.restore(run, path, back) : how;
        });
    }

    /** A restored file counts as written now in any case. */
    @Override
    public Restored restoreAsOf(RunId run, String path, long modified, Runnable back) {
        return restore(run, path, back);
    }

    @Override
    public Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        return calls.deletions(paths, some -> {
            Map<String, StorageException> failed = new LinkedHashMap<>(versions.purge(run, some, allowed));
            failed.putAll(copied.purge(run, some, allowed));
            return failed;
        });
    }

    @Override
    public void end(RunId run) {
        boolean byVersions = takesVersions();
        calls.answer("remove", "the trash", () -> {
            // Listed before it is known to be empty: what another sweeper writes after that is not among them.
            List<Target> all = byVersions
                    ? histories.under(keys.of(run))
                    : List.of(new Target(keys.taken(run), null), new Target(keys.keep(run), null));
            terms.end(
                    run,
                    () -> listing.empty(run),
                    () -> deletions.delete(all, () -> true).requireAll());
            return null;
        });
    }

    @Override
    public long now() {
        return BucketClock.now(calls, keys, new ClockOfBucket(objects, copies, deletions, takesVersions()));
    }

    /** @param byVersions whether the version that was written is destroyed */
    private record ClockOfBucket(TrashObjects objects, BucketCopies copies, S3Deletions deletions, boolean byVersions)
            implements BucketClock.Probe<Optional<String>> {

        @Override
        public Optional<String> write(String key) {
            return objects.write(key, new byte[0], () -> true);
        }

        @Override
        public Optional<Instant> written(String key) {
            return copies.look(TrashKeys.PLACE, key).map(HeadObjectResponse::lastModified);
        }

        @Override
        public Collection<StorageException> remove(String key, Optional<String> version) {
            String id = byVersions ? version.orElse(null) : null;
            return deletions
                    .delete(List.of(new Target(key, id)), () -> true)
                    .failed()
                    .values();
        }
    }
}
