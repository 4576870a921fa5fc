package dev.tidemark.storage.gcs;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.CopiedTrash;
import dev.tidemark.storage.objects.ObjectStorage;
import dev.tidemark.storage.objects.RootPrefix;
import dev.tidemark.storage.objects.TrashKeys;
import java.time.Duration;
import java.util.Optional;

/** A registry in a bucket of Google Cloud Storage (distribution's {@code gcs} driver). */
public final class GcsStorage extends ObjectStorage {

    private static final String GOOGLES = "https://storage.googleapis.com";

    private final GcsBucket bucket;
    private final Trash trash;

    private GcsStorage(GcsBucket bucket, String server, Calls calls) {
        super(bucket, bucket.root, description(bucket), server, calls);
        this.bucket = bucket;
        trash = new CopiedTrash(calls, bucket, bucket.root);
    }

    private static String description(GcsBucket bucket) {
        return "gs://" + bucket.name + "/" + bucket.root.text().replaceAll("/$", "");
    }

    /**
     * Opens the storage of a registry.
     *
     * @param mayBeEmpty whether a bucket will do with nothing at all in it
     * @param calls that its calls are made through
     * @throws dev.tidemark.storage.config.InvalidConfigurationException if its key is none
     * @throws StorageException if the bucket can't be listed, or holds no registry
     */
    public static GcsStorage open(StorageSettings.Gcs settings, boolean mayBeEmpty, Calls calls) {
        return open(settings, mayBeEmpty, GcsRequests.TRY, calls);
    }

    /** @param limit of each try of a request */
    static GcsStorage open(StorageSettings.Gcs settings, boolean mayBeEmpty, Duration limit, Calls calls) {
        String server = settings.endpoint() == null ? GOOGLES : settings.endpoint();
        var failures = new GcsFailures(settings.bucket(), server);
        var requests =
                new GcsRequests(server, settings.userAgent(), GcsCredentials.of(settings), failures, calls, limit);
        // Google has one bucket of a name.
        var storage = new GcsStorage(
                new GcsBucket(settings.bucket(), root(settings), failures, requests),
                settings.endpoint() == null ? "Google" : server,
                calls);
        try {
            storage.requireRegistry(mayBeEmpty);
            return storage;
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** As the driver makes names of its root directory and a path: {@code pathToKey} in gcs.go. */
    private static RootPrefix root(StorageSettings.Gcs settings) {
        return new RootPrefix(RootPrefix.of(settings.rootDirectory()).text().stripLeading());
    }

    private void requireRegistry(boolean mayBeEmpty) {
        // One of which all is in the trash is a registry, too.
        if (bucket.pages.count(bucket.root.base(), null, 1) == 0
                && bucket.pages.count(TrashKeys.in(bucket.root.text()).top(), null, 1) == 0
                && !(mayBeEmpty && bucket.pages.count("", null, 1) == 0)) {
            throw StorageException.settled(
                    description() + " has no object below " + bucket.root.base()
                            + ": it is not the storage of a registry (bucket, rootdirectory)",
                    null);
        }
    }

    @Override
    public Optional<Trash> trash() {
        return Optional.of(trash);
    }

    /** What the registry has written in between is not replaced. */
    @Override
    public boolean link(String path, Digest target) {
        return calls().answer("write", path, () -> bucket.writeNew(path, bucket.root.key(path), target.text()));
    }
}
