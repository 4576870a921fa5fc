package dev.tidemark.storage.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.storage.config.StorageSettings.Gcs;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of the registry's {@code gcs} driver, as it reads them. Those that a collector has no use for (how
 * uploads are cut) are accepted with any value: the registry itself checks them.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/registry/storage/driver/gcs/gcs.go">gcs.go:
 *     {@code FromParameters}</a>; version 2.8 reads the same, but no user agent
 */
final class GcsParameters {

    /** Those that say where the data is, and how it is reached. */
    static final Set<String> READ = Set.of("bucket", "keyfile", "credentials", "rootdirectory", "useragent");

    /** The others that the registry knows, in any of its versions. */
    static final Set<String> OF_NO_USE = Set.of("chunksize", "maxconcurrency");

    /** The variable by which Google's own clients, and so the registry of version 3, are sent to another server. */
    static final String ENDPOINT = "STORAGE_EMULATOR_HOST";

    private final Map<String, Object> values;
    private final DriverParameters parameters;
    private final String endpoint;

    /**
     * @param where the file and the driver's section, for messages
     * @param endpoint the value of {@link #ENDPOINT}; null for none
     */
    GcsParameters(String where, Map<String, Object> values, String endpoint) {
        this.values = values;
        parameters = new DriverParameters(where, values);
        this.endpoint = endpoint == null ? "" : endpoint;
    }

    /**
     * @throws InvalidConfigurationException if the registry would not start with them
     */
    Gcs settings() {
        // Of nothing the registry makes a name: "<nil>".
        READ.stream()
                .filter(name -> values.containsKey(name) && values.get(name) == null)
                .findFirst()
                .ifPresent(name -> {
                    throw parameters.invalid(name + " is empty: write it, or leave it out");
                });
        String server = new DriverParameters("environment", Map.of(ENDPOINT, endpoint)).address(ENDPOINT, "http");
        return new Gcs(
                parameters.required("bucket"),
                parameters.text("rootdirectory", ""),
                keyFile(),
                credentials(),
                server == null ? null : server.replaceAll("/+$", ""),
                parameters.text("useragent", null));
    }

    private Path keyFile() {
        String file = parameters.text("keyfile", null);
        try {
            return file == null ? null : Path.of(file).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw parameters.invalid("keyfile is no path here: " + e.getReason());
        }
    }

    /** A key file comes first, as for the registry. */
    private String credentials() {
        if (!values.containsKey("credentials") || values.containsKey("keyfile")) {
            return null;
        }
        if (!(values.get("credentials") instanceof Map<?, ?> key)) {
            throw parameters.invalid("credentials must be a map: the entries of a service account's key");
        }
        try {
            return JsonMapper.builder().build().writeValueAsString(key);
        } catch (JsonProcessingException e) {
            throw parameters.invalid("credentials is no key of a service account");
        }
    }
}
