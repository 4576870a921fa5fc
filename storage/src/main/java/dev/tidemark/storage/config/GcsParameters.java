package dev.tidemark.storage.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
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

    private final String where;
    private final Map<String, Object> parameters;
    private final String endpoint;

    /**
     * @param where the file and the driver's section, for messages
     * @param endpoint what {@link #ENDPOINT} says; null for nothing
     */
    GcsParameters(String where, Map<String, Object> parameters, String endpoint) {
        this.where = where;
        this.parameters = parameters;
        this.endpoint = endpoint;
    }

    /**
     * @throws InvalidConfigurationException if the registry would not start with them
     */
    StorageSettings.Gcs settings() {
        String bucket = text("bucket");
        if (bucket == null) {
            throw invalid("bucket is missing");
        }
        String root = text("rootdirectory");
        return new StorageSettings.Gcs(
                bucket, root == null ? "" : root, keyFile(), credentials(), endpoint(), text("useragent"));
    }

    private Path keyFile() {
        String file = text("keyfile");
        try {
            return file == null ? null : Path.of(file).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw invalid("keyfile is no path here: " + e.getReason());
        }
    }

    /** A key file comes first, as for the registry. */
    private String credentials() {
        Object credentials = parameters.get("credentials");
        if (!parameters.containsKey("credentials") || parameters.containsKey("keyfile")) {
            return null;
        }
        if (!(credentials instanceof Map)) {
            throw invalid("credentials is no map: write the entries of the service account's key below it");
        }
        try {
            return JsonMapper.builder().build().writeValueAsString(credentials);
        } catch (JsonProcessingException e) {
            throw invalid("credentials is no key of a service account");
        }
    }

    private String endpoint() {
        if (endpoint == null || endpoint.isEmpty()) {
            return null;
        }
        try {
            var address = new URI(endpoint.contains("://") ? endpoint : "http://" + endpoint);
            if (address.getHost() != null) {
                return address.toString().replaceAll("/+$", "");
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new InvalidConfigurationException(ENDPOINT + " is no address: " + endpoint);
    }

    /** Text, or what the registry turns into text; null if it isn't said. Of nothing the registry makes a name. */
    private String text(String name) {
        Object value = parameters.get(name);
        if (value instanceof Map || value instanceof Collection) {
            throw invalid(name + " is no text");
        }
        if (parameters.containsKey(name) && value == null) {
            throw invalid(name + " is empty: write it, or leave it out");
        }
        boolean none = value == null || value.toString().isEmpty();
        if (none && value != null && name.equals("keyfile")) {
            throw invalid("keyfile is empty: write the file's path, or leave it out");
        }
        return none ? null : value.toString();
    }

    private InvalidConfigurationException invalid(String what) {
        return new InvalidConfigurationException(where + "." + what);
    }
}
