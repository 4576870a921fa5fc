package dev.tidemark.storage;

import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.file.FilesystemStorage;

/** The storage drivers of a registry that Tidemark has. A new one is added here. */
public final class Drivers {

    private Drivers() {}

    /**
     * Opens a registry's storage with the driver that its configuration names.
     *
     * @param mayBeEmpty whether a storage is opened, too, that nothing was ever written to
     * @param calls that its calls are made through
     * @throws InvalidConfigurationException if there is no such driver here
     * @throws StorageException if the storage does not answer, or there is no registry in it
     */
    public static Storage open(StorageSettings settings, boolean mayBeEmpty, Calls calls) {
        return switch (settings) {
            case StorageSettings.Filesystem filesystem ->
                FilesystemStorage.open(filesystem.rootDirectory(), mayBeEmpty, calls);
            case StorageSettings.S3 s3 -> DriverModules.open("s3", s3, mayBeEmpty, calls);
            case StorageSettings.Azure azure -> DriverModules.open("azure", azure, mayBeEmpty, calls);
            case StorageSettings.Gcs gcs -> DriverModules.open("gcs", gcs, mayBeEmpty, calls);
            case StorageSettings.Unsupported other ->
                throw new InvalidConfigurationException("the storage driver '" + other.driver()
                        + "' is not supported yet, only 'filesystem', 's3', 'azure' and 'gcs' are"
                        + instead(other.driver()));
        };
    }

    private static String instead(String driver) {
        return switch (driver) {
            case "oss" -> ": OSS speaks S3, too, so the same bucket can be reached by the driver 's3'";
            case "swift" ->
                ": Swift speaks S3, too (s3api), so the images can be copied to a registry with the driver 's3'";
            case "inmemory" -> ": what is in memory is gone with the registry's process";
            default -> "";
        };
    }
}
