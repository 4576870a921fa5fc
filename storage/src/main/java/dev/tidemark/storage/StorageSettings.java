package dev.tidemark.storage;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a registry keeps its data, as its configuration says. */
public sealed interface StorageSettings {

  /** Files under a directory: the {@code filesystem} driver. The path is absolute and normalized. */
  record Filesystem(Path rootDirectory) implements StorageSettings {}

  /**
   * A driver that Tidemark doesn't know ({@code s3}, {@code inmemory}, a mistyped name), with its parameters as YAML
   * reads them: text, numbers, booleans, lists, maps and nulls.
   */
  record Unsupported(String driver, Map<String, Object> parameters) implements StorageSettings {

    public Unsupported {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Names the parameters and not their values: there are secrets among them, and settings get logged. */
    @Override
    public String toString() {
      return "Unsupported[driver=" + driver + ", parameters=" + parameters.keySet() + "]";
    }
  }
}
