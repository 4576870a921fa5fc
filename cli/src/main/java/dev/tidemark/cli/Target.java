package dev.tidemark.cli;

import dev.tidemark.storage.FilesystemStorage;
import dev.tidemark.storage.InvalidConfigurationException;
import dev.tidemark.storage.RegistryConfiguration;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.StorageSettings;
import dev.tidemark.storage.s3.S3Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the user names: a registry's config.yml, or a storage root directory. */
final class Target {

  private Target() {}

  /**
   * The storage that is meant, for a service: a registry that nobody has pushed to yet has none, and gets one later.
   *
   * @throws UsageException if there can be none that can be collected
   */
  static Storage awaiting(Path argument, Map<String, String> environment) {
    if (!Files.exists(argument)) {
      throw new UsageException(argument + " does not exist: name the registry's config.yml or its storage root");
    }
    return new AwaitedStorage(argument.toString(), () -> open(argument, environment));
  }

  /**
   * Opens the storage that is meant.
   *
   * @throws UsageException if there is none that can be collected
   */
  static Storage open(Path argument, Map<String, String> environment) {
    if (!Files.exists(argument)) {
      throw new UsageException(argument + " does not exist: name the registry's config.yml or its storage root");
    }
    try {
      StorageSettings settings =
          Files.isDirectory(argument)
              ? new StorageSettings.Filesystem(argument)
              : RegistryConfiguration.read(argument, environment);
      return switch (settings) {
        case StorageSettings.Filesystem filesystem -> FilesystemStorage.open(filesystem.rootDirectory());
        case StorageSettings.S3 s3 -> S3Storage.open(s3);
        case StorageSettings.Unsupported other ->
            throw new UsageException(
                argument + ": the storage driver '" + other.driver() + "' is not supported yet, only 'filesystem' and 's3' are");
      };
    } catch (InvalidConfigurationException | StorageException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }
}
