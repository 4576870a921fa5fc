package dev.tidemark.storage;
import java.nio.file.Path;
import java.util.Map;
/** placeholder. */
public sealed interface StorageSettings {
  record Filesystem(Path rootDirectory) implements StorageSettings {}
  record Unsupported(String driver, Map<String, Object> parameters) implements StorageSettings {}
}
