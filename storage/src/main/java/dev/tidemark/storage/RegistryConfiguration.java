package dev.tidemark.storage;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads where the storage is from a registry's {@code config.yml} and its {@code REGISTRY_STORAGE…} environment, as the
 * registry reads it (distribution, {@code configuration/parser.go} and {@code configuration.go}).
 */
public final class RegistryConfiguration {

  private static final String VERSION = "0.1";
  private static final String STORAGE = "storage";
  private static final String PREFIX = "REGISTRY_STORAGE";

  /** Keys of {@code storage} that are no driver. */
  private static final Set<String> NO_DRIVERS = Set.of("maintenance", "cache", "delete", "redirect", "tag");

  /** The filesystem driver's own default. */
  private static final String DEFAULT_ROOT = "/var/lib/registry";

  private static final long LARGEST = 1 << 20;

  private final Path file;

  private RegistryConfiguration(Path file) {
    this.file = file;
  }

  /**
   * Reads the configuration.
   *
   * @param environment as of the registry: its variables override the file
   * @throws InvalidConfigurationException if the registry could not start with it
   */
  public static StorageSettings read(Path configYml, Map<String, String> environment) {
    return new RegistryConfiguration(configYml).read(environment);
  }

  private StorageSettings read(Map<String, String> environment) {
    Map<String, Object> document = mapping(parse(text(), file.toString()), file + ": the configuration");
    if (!VERSION.equals(Objects.toString(document.get("version"), null))) {
      throw new InvalidConfigurationException(
          file + ": 'version: " + VERSION + "' is missing: it is no registry's config.yml, or of a version that is not known");
    }
    Map<String, Object> storage = storage(document.get(STORAGE), file + ": 'storage'");
    // Sorted, so that the whole is replaced before its parts, as the registry does it.
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      if (variable.getKey().equals(PREFIX)) {
        storage = storage(parse(variable.getValue(), variable.getKey()), variable.getKey());
      } else if (variable.getKey().startsWith(PREFIX + "_")) {
        List<String> path = List.of(variable.getKey().substring(PREFIX.length() + 1).split("_"));
        override(storage, path, parse(variable.getValue(), variable.getKey()), variable.getKey());
      }
    }
    return settings(storage);
  }

  private StorageSettings settings(Map<String, Object> storage) {
    List<String> drivers = storage.keySet().stream().filter(key -> !NO_DRIVERS.contains(key)).sorted().toList();
    if (drivers.isEmpty()) {
      throw new InvalidConfigurationException(file + ": no storage driver is configured under 'storage'");
    }
    if (drivers.size() > 1) {
      throw new InvalidConfigurationException(
          file + ": more than one storage driver is configured, in the file or by REGISTRY_STORAGE_…: " + clean(String.join(", ", drivers)));
    }
    String driver = drivers.get(0);
    Map<String, Object> parameters = mapping(storage.get(driver), file + ": 'storage." + clean(driver) + "'");
    if (!driver.equals("filesystem")) {
      return new StorageSettings.Unsupported(clean(driver), parameters);
    }
    String root = parameters.containsKey("rootdirectory") ? Objects.toString(parameters.get("rootdirectory")) : DEFAULT_ROOT;
    try {
      return new StorageSettings.Filesystem(Path.of(root));
    } catch (java.nio.file.InvalidPathException e) {
      throw new InvalidConfigurationException(file + ": 'storage.filesystem.rootdirectory' is no path: " + clean(root), e);
    }
  }

  private String text() {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InvalidConfigurationException(file + " is too large to be a registry's config.yml");
      }
      return Files.readString(file);
    } catch (AccessDeniedException e) {
      throw new InvalidConfigurationException(file + " cannot be read: permission denied", e);
    } catch (CharacterCodingException e) {
      throw new InvalidConfigurationException(file + " is no text: it is no registry's config.yml", e);
    } catch (IOException e) {
      throw new InvalidConfigurationException(file + " cannot be read: " + clean(Objects.toString(e.getMessage())), e);
    }
  }

  private static Object parse(String yaml, String where) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      return new Yaml(new SafeConstructor(options)).load(yaml);
    } catch (MarkedYAMLException e) {
      String line = e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1);
      throw new InvalidConfigurationException(where + line + " is not well-formed YAML: " + clean(Objects.toString(e.getProblem())), e);
    } catch (YAMLException | ClassCastException | IllegalArgumentException e) {
      throw new InvalidConfigurationException(where + " is not well-formed YAML: " + clean(Objects.toString(e.getMessage())), e);
    }
  }

  /** {@code storage: filesystem} is short for a driver without parameters. */
  private static Map<String, Object> storage(Object value, String where) {
    return value instanceof String driver ? mapping(Map.of(driver, Map.of()), where) : mapping(value, where);
  }

  private static Map<String, Object> mapping(Object value, String where) {
    if (value == null) {
      return new LinkedHashMap<>();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new InvalidConfigurationException(where + " is no mapping of keys to values");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, each) -> copy.put(Objects.toString(key), each));
    return copy;
  }

  /** Sets the value at a path of upper-case keys: an existing key in whatever case, or a new one in lower case. */
  private static void override(Map<String, Object> map, List<String> path, Object value, String variable) {
    String key =
        map.keySet().stream()
            .filter(existing -> existing.toUpperCase(Locale.ROOT).equals(path.get(0)))
            .findFirst()
            .orElse(path.get(0).toLowerCase(Locale.ROOT));
    if (path.size() == 1) {
      map.put(key, value);
      return;
    }
    Object below = map.get(key);
    Map<String, Object> next = below instanceof Map ? mapping(below, variable) : new LinkedHashMap<>();
    override(next, path.subList(1, path.size()), value, variable);
    map.put(key, next);
  }

  /** What is quoted from a file must not steer a terminal, or break the line. */
  private static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
