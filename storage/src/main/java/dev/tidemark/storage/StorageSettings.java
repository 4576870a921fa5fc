package dev.tidemark.storage;

import java.nio.file.Path;
import java.util.Map;

/** Where a registry's configuration says that its storage is. */
public sealed interface StorageSettings {

  /** The {@code filesystem} driver. */
  record Filesystem(Path rootDirectory) implements StorageSettings {}

  /**
   * A driver that the collector doesn't know.
   *
   * @param parameters as configured
   */
  record Unsupported(String driver, Map<String, Object> parameters) implements StorageSettings {}
}
