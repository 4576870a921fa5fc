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
                throw new InvalidConfigurationException(
                        "the storage driver '" + other.driver() + "' is not supported: " + instead(other.driver()));
        };
    }

    /** What to do instead. Version 3 of the registry has neither {@code oss} nor {@code swift} any more. */
    private static String instead(String driver) {
        return switch (driver) {
            case "oss" ->
                "read the same bucket and rootdirectory with 's3', by the S3-compatible endpoint of OSS "
                        + "(regionendpoint: https://s3.oss-REGION.aliyuncs.com)";
            case "swift" ->
                "its blobs lie in segments, which the S3-compatible endpoint of Swift or Ceph does not show. Copy the "
                        + "images to a registry that writes there with 's3'";
            case "inmemory" -> "such a registry keeps nothing: what it has is gone when it is restarted";
            default -> "only 'filesystem', 's3', 'azure' and 'gcs' are";
        };
    }
}
