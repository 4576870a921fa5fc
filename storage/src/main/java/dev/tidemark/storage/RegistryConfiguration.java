package dev.tidemark.storage;
import java.nio.file.Path;
import java.util.Map;
/** placeholder. */
public final class RegistryConfiguration {
  private RegistryConfiguration() {}
  public static StorageSettings read(Path configYml, Map<String, String> environment) { throw new InvalidConfigurationException("placeholder"); }
}
