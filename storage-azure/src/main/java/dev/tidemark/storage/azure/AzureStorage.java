package dev.tidemark.storage.azure;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.ObjectStorage;
import dev.tidemark.storage.objects.RootPrefix;

/** A registry in a container of Azure (distribution's {@code azure} driver). */
public final class AzureStorage extends ObjectStorage {

    /** Version 2.8 takes a path for the name as it is, and version 3 leaves out the slash that it begins with. */
    static final RootPrefix OF_VERSION_2 = new RootPrefix("/");

    private AzureStorage(StorageSettings.Azure settings, RootPrefix root, Container container, Calls calls) {
        super(new AzureBucket(container, root), root, description(settings, root), settings.serviceUrl(), calls);
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
        return open(settings, mayBeEmpty, AzureClient.LIMITS, calls);
    }

    /** @param limits of each try of a request */
    static Storage open(StorageSettings.Azure settings, boolean mayBeEmpty, AzureClient.Limits limits, Calls calls) {
        var container = new Container(settings, limits, calls);
        try {
            return new AzureStorage(settings, root(settings, mayBeEmpty, new BlobPages(container)), container, calls);
        } catch (RuntimeException e) {
            container.close();
            throw e;
        }
    }

    /** Where the registry is, by what is there. */
    private static RootPrefix root(StorageSettings.Azure settings, boolean mayBeEmpty, BlobPages pages) {
        RootPrefix root = RootPrefix.of(settings.rootDirectory());
        boolean found = pages.any(root.base());
        boolean older = settings.rootDirectory().isEmpty() && pages.any(OF_VERSION_2.base());
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

    /** A link is deleted before it is written anew, by every version up to 3.1 that finds an append blob there. */
    @Override
    public boolean rewritesByDeleting() {
        return true;
    }
}
