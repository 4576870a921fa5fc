package dev.tidemark.storage.config;

import static java.util.stream.Collectors.joining;

import dev.tidemark.storage.config.ConfigurationTree.Section;
import dev.tidemark.storage.config.ConfigurationTree.Shape;
import dev.tidemark.storage.config.ConfigurationValue.Written;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A registry's own configuration, its {@code config.yml} and its {@code REGISTRY_*} variables, read the way the
 * registry reads them, to find where it keeps its data.
 *
 * <p>Only {@code version} and {@code storage} are looked at, and {@code redis} if the cache is there. A configuration
 * that the registry refuses for what it says elsewhere is good enough here. Text in the first two that the registry
 * refuses is refused. Text that it ignores there is ignored, and reported where something else was probably meant.
 *
 * @param storage where its data is
 * @param cache where it remembers which blobs it has
 * @param purging what becomes of uploads that nobody finishes
 * @param doubt one line: which keys or variables, ignored by the registry, look like those that would say so, and where
 *     its data is without them. Empty if there are none
 * @param parts that may know more than its storage shows
 * @see <a href="https://github.com/distribution/distribution/blob/v2.8.2/configuration/parser.go">parser.go: the
 *     version, and the environment</a>
 * @see <a href="https://github.com/distribution/distribution/blob/v2.8.2/configuration/configuration.go">
 *     configuration.go: {@code Storage.UnmarshalYAML} and {@code Storage.Type}</a>
 * @see <a href="https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/driver/filesystem/driver.go">
 *     driver.go: the filesystem's parameters</a>
 * @see S3Parameters
 * @see GcsParameters
 */
public record RegistryConfiguration(
        StorageSettings storage,
        CacheSettings cache,
        UploadPurging purging,
        Optional<String> doubt,
        RegistryParts parts) {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_QUOTED = 100;
    private static final int MAX_NAMED = 10;

    private static final String VERSION = "0.1";
    private static final String DEFAULT_ROOT_DIRECTORY = "/var/lib/registry";

    /** Keys that may stand beside the driver. v2.8 doesn't know {@code tag} yet, and takes it for a second driver. */
    private static final Set<String> NOT_DRIVERS = Set.of("maintenance", "cache", "delete", "redirect", "tag");

    /**
     * Reads where a registry keeps its data.
     *
     * <p>A relative root directory starts in the current working directory, as it does for the registry: run Tidemark
     * where the registry runs, or write an absolute one.
     *
     * @param environment the registry's environment; what doesn't begin with {@code REGISTRY_} is ignored, but for
     *     {@code STORAGE_EMULATOR_HOST}
     * @throws InvalidConfigurationException if they can't be read, or name no storage, or more than one
     */
    public static RegistryConfiguration read(Path configYml, Map<String, String> environment) {
        var misses = new NearMisses();
        misses.lookAtEnvironment(environment.keySet());
        ConfigurationYaml yaml = ConfigurationYaml.of(configYml.toString(), contentOf(configYml));
        Map<String, Node> entries = entriesOf(configYml, yaml);
        misses.lookAtFile(entries.keySet());
        var tree = new ConfigurationTree(yaml, entries, environment);
        Section storage = tree.section("storage", Shape.ANY, RegistryConfiguration::storage);
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        storage.values().forEach((key, value) -> parameters.put(key, parameters(key, value)));
        try {
            String driver = driver(parameters.keySet(), storage.where());
            Map<String, Object> ofDriver = parameters.getOrDefault(driver, Map.of());
            misses.lookAtParameters(driver, ofDriver.keySet(), storage.variables());
            StorageSettings settings =
                    settings(driver, ofDriver, storage.where(), environment.get(GcsParameters.ENDPOINT));
            return new RegistryConfiguration(
                    settings,
                    CacheConfiguration.of(parameters.getOrDefault("cache", Map.of()), tree),
                    UploadPurging.of(parameters.getOrDefault("maintenance", Map.of())),
                    misses.inWords().map(words -> doubt(configYml, words, settings)),
                    RegistryParts.of(tree));
        } catch (InvalidConfigurationException e) {
            throw misses.inWords()
                    .map(words -> new InvalidConfigurationException(e.getMessage() + "; " + words))
                    .orElse(e);
        }
    }

    private static String doubt(Path configYml, String misses, StorageSettings settings) {
        String place = switch (settings) {
            case StorageSettings.Filesystem files -> files.rootDirectory() + (files.byDefault() ? ", its default" : "");
            case StorageSettings.S3 s3 ->
                "the bucket " + s3.bucket() + (s3.rootDirectory().isEmpty() ? "" : ", under " + s3.rootDirectory())
                        + (s3.endpoint() == null ? "" : ", at " + s3.endpoint());
            case StorageSettings.Azure azure ->
                "the container " + azure.container()
                        + (azure.rootDirectory().isEmpty() ? "" : ", under " + azure.rootDirectory()) + ", at "
                        + azure.serviceUrl();
            case StorageSettings.Gcs gcs ->
                "the bucket " + gcs.bucket() + (gcs.rootDirectory().isEmpty() ? "" : ", under " + gcs.rootDirectory())
                        + (gcs.endpoint() == null ? "" : ", at " + gcs.endpoint());
            case StorageSettings.Unsupported other -> other.driver();
        };
        return InvalidConfigurationException.oneLine(configYml + ": " + misses + ", and keeps its data in " + place);
    }

    private static Map<String, Node> entriesOf(Path configYml, ConfigurationYaml yaml) {
        if (ConfigurationYaml.isNull(yaml.root())) {
            throw new InvalidConfigurationException(configYml + " is empty: name the registry's config.yml");
        }
        if (!(yaml.root() instanceof MappingNode root)) {
            throw yaml.invalid(
                    yaml.root(), "this is not the configuration of a registry: name the registry's config.yml");
        }
        Map<String, Node> entries = yaml.entries(root);
        requireVersion(yaml, root, entries.get("version"));
        return entries;
    }

    private static byte[] contentOf(Path configYml) {
        if (Files.isDirectory(configYml)) {
            throw new InvalidConfigurationException(configYml + " is a directory: name the config.yml in it");
        }
        try (InputStream in = Files.newInputStream(configYml)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new InvalidConfigurationException(configYml
                        + " is larger than 1 MiB, no registry's configuration is: name the registry's config.yml");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new InvalidConfigurationException(configYml + " does not exist: name the registry's config.yml");
        } catch (AccessDeniedException e) {
            throw new InvalidConfigurationException(configYml + " cannot be read: run Tidemark as the registry's user");
        } catch (IOException e) {
            throw new InvalidConfigurationException(configYml + " cannot be read: " + e.getMessage());
        }
    }

    private static void requireVersion(ConfigurationYaml yaml, MappingNode root, Node version) {
        if (ConfigurationYaml.isNull(version)) {
            throw yaml.invalid(
                    root, "the version is missing: a registry's configuration says 'version: " + VERSION + "'");
        }
        if (!(version instanceof ScalarNode scalar) || !scalar.getValue().equals(VERSION)) { // 0.10 is another version
            String found = version instanceof ScalarNode other ? quoted(other.getValue()) : "no text";
            throw yaml.invalid(version, "the version is " + found + ": only \"" + VERSION + "\" is known");
        }
    }

    /** A storage section: drivers (one, in the end) and other keys with their parameters, or just a driver's name. */
    private static Map<String, ConfigurationValue> storage(Written section) {
        ConfigurationYaml yaml = section.yaml();
        if (section.node().get() instanceof ScalarNode name && !ConfigurationYaml.isNull(name)) {
            return new LinkedHashMap<>(Map.of(name.getValue(), new Written(yaml, () -> null)));
        }
        if (section.node().get() instanceof SequenceNode list) {
            throw yaml.invalid(list, "storage must be a map, or the name of a driver");
        }
        Map<String, ConfigurationValue> storage = section.entries("storage");
        storage.forEach((key, value) -> parameters(key, value));
        // Two drivers in one place are refused, even if a variable replaces them.
        driver(storage.keySet(), yaml.where());
        return storage;
    }

    private static Map<String, Object> parameters(String key, ConfigurationValue value) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        value.entries("storage." + shown(key)).forEach((name, each) -> parameters.put(name, each.typed()));
        return parameters;
    }

    private static StorageSettings settings(
            String driver, Map<String, Object> parameters, String where, String gcsEndpoint) {
        if (driver.isEmpty()) {
            throw new InvalidConfigurationException(
                    where + ": there is no storage driver: add one under 'storage', such as 'filesystem'");
        }
        return switch (driver) {
            case "filesystem" ->
                new StorageSettings.Filesystem(
                        rootDirectory(parameters, where), !parameters.containsKey("rootdirectory"));
            case "s3", "s3aws" ->
                new S3Parameters(new DriverParameters(where + ": storage." + driver, parameters)).settings();
            case "azure" -> new AzureParameters(new DriverParameters(where + ": storage.azure", parameters)).settings();
            case "gcs" -> new GcsParameters(where + ": storage.gcs", parameters, gcsEndpoint).settings();
            default -> new StorageSettings.Unsupported(driver, parameters);
        };
    }

    /** The name of the one driver, or an empty one if there is none. */
    private static String driver(Set<String> keys, String where) {
        List<String> drivers =
                keys.stream().filter(key -> !NOT_DRIVERS.contains(key)).toList();
        if (drivers.size() > 1) {
            throw new InvalidConfigurationException(where + ": more than one storage driver: " + names(drivers)
                    + ": keep one (to replace the file's by a variable, set REGISTRY_STORAGE to the new "
                    + "one's name, too)");
        }
        return drivers.isEmpty() ? "" : drivers.getFirst();
    }

    /**
     * The root directory, cleaned as the registry does it: {@code ..} takes back a name, whatever that name may link
     * to, and an empty one is {@code /}. A value that isn't text is refused. The registry makes up a directory of it:
     * {@code <nil>} for an empty variable, {@code true} for {@code yes}, {@code 8} for {@code 010}.
     */
    private static Path rootDirectory(Map<String, Object> parameters, String where) {
        Object value = parameters.getOrDefault("rootdirectory", DEFAULT_ROOT_DIRECTORY);
        if (!(value instanceof String text)) {
            String found = value == null ? "empty" : "not text";
            throw new InvalidConfigurationException(where + ": storage.filesystem.rootdirectory is " + found
                    + ": write the directory's path, in quotes");
        }
        try {
            return Path.of(text.isEmpty() ? "/" : text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new InvalidConfigurationException(
                    ("%s: storage.filesystem.rootdirectory %s is no path here (%s): correct it, or the locale "
                                    + "(LC_ALL=C.UTF-8)")
                            .formatted(where, quoted(text), e.getReason()));
        }
    }

    static String names(Collection<String> names) {
        return names.stream().limit(MAX_NAMED).map(RegistryConfiguration::shown).collect(joining(", "));
    }

    private static String quoted(String text) {
        return '"' + shown(text) + '"';
    }

    static String shown(String text) {
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }
}
