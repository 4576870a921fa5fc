package dev.tidemark.storage.azure;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.CopiedTrash;
import dev.tidemark.storage.objects.ObjectStorage;
import dev.tidemark.storage.objects.RootPrefix;
import dev.tidemark.storage.objects.TrashKeys;
import java.util.Optional;

/** A registry in a container of Azure (distribution's {@code azure} driver). */
public final class AzureStorage extends ObjectStorage {

    /** Version 2.8 takes a path for the name as it is, and version 3 leaves out the slash that it begins with. */
    static final RootPrefix OF_VERSION_2 = new RootPrefix("/");

    private final RootPrefix root;
    private final AzureBucket bucket;
    private final Trash trash;

    private AzureStorage(StorageSettings.Azure settings, RootPrefix root, AzureBucket bucket, Calls calls) {
        super(bucket, root, description(settings, root), settings.serviceUrl(), calls);
        this.root = root;
        this.bucket = bucket;
        trash = new CopiedTrash(calls, bucket, root);
    }

    private static String description(StorageSettings.Azure settings, RootPrefix root) {
        return "azure://" + settings.account() + "/" + settings.container() + "/"
                + root.text().replaceAll("/$", "");
    }

    /**
     * Opens the storage of a registry.
     *
     * @param mayBeEmpty whether a container will do with nothing at all in it
     * @param calls that its calls are made through
     * @throws StorageException if the container can't be listed, or holds no registry, or two
     */
    public static Storage open(StorageSettings.Azure settings, boolean mayBeEmpty, Calls calls) {
        return open(settings, mayBeEmpty, AzureClient.LIMITS, BlobCopies.WAITING, calls);
    }

    /**
     * @param limits of each try of a request
     * @param waiting for copies
     */
    static Storage open(
            StorageSettings.Azure settings,
            boolean mayBeEmpty,
            AzureClient.Limits limits,
            BlobCopies.Waiting waiting,
            Calls calls) {
        var container = new Container(settings, limits, calls);
        try {
            RootPrefix root = root(settings, mayBeEmpty, new BlobPages(container));
            return new AzureStorage(settings, root, new AzureBucket(container, root, waiting), calls);
        } catch (RuntimeException e) {
            container.close();
            throw e;
        }
    }

    /** Where the registry is, by what is there. */
    private static RootPrefix root(StorageSettings.Azure settings, boolean mayBeEmpty, BlobPages pages) {
        RootPrefix root = RootPrefix.of(settings.rootDirectory());
        boolean found = isRegistry(root, pages);
        boolean older = settings.rootDirectory().isEmpty() && isRegistry(OF_VERSION_2, pages);
        if (found && older) {
            throw StorageException.settled(
                    description(settings, root) + " holds two registries, one below " + root.base()
                            + " (of version 3) and one below " + OF_VERSION_2.base()
                            + " (of version 2.8): remove the one that is not used any more",
                    null);
        }
        if (found || older || (mayBeEmpty && !pages.any(""))) {
            return older ? OF_VERSION_2 : root;
        }
        throw StorageException.settled(
                description(settings, root) + " has no blob below " + root.base()
                        + ": it is not the storage of a registry (accountname, container, rootdirectory)",
                null);
    }

    /** One of which all is in the trash is a registry, too. */
    private static boolean isRegistry(RootPrefix root, BlobPages pages) {
        return pages.any(root.base()) || pages.any(TrashKeys.in(root.text()).top());
    }

    @Override
    public Optional<Trash> trash() {
        return Optional.of(trash);
    }

    /** What the registry has written in between is not replaced. */
    @Override
    public boolean link(String path, Digest target) {
        return calls().answer("write", path, () -> bucket.writeNew(path, root.key(path), target.text()));
    }

    /** A link is deleted before it is written anew, by every version up to 3.1 that finds an append blob there. */
    @Override
    public boolean rewritesByDeleting() {
        return true;
    }
}
