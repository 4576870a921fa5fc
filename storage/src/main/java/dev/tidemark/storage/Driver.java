package dev.tidemark.storage;

import dev.tidemark.storage.config.StorageSettings;

/**
 * A storage driver that is a module of its own, as it needs libraries that others have no use for. It is found by
 * {@link java.util.ServiceLoader}.
 */
public interface Driver {

    /** The name of the driver in the registry's configuration. */
    String name();

    /**
     * Opens a registry's storage.
     *
     * @param settings of this driver
     * @param mayBeEmpty whether a storage is opened, too, that nothing was ever written to
     * @param calls that its calls are made through
     * @throws StorageException if the storage does not answer, or there is no registry in it
     */
    Storage open(StorageSettings settings, boolean mayBeEmpty, Calls calls);
}
