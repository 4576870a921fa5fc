package dev.tidemark.storage.gcs;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.storage.config.StorageSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Google's credentials: a service account's key, or the default ones, which renew their token by themselves. */
final class GcsCredentials implements AccessToken {

    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
    private static final URI AUDIENCE = URI.create("https://storage.googleapis.com/");

    private final GoogleCredentials credentials;

    private GcsCredentials(GoogleCredentials credentials) {
        this.credentials = credentials.createScoped(SCOPE);
    }

    /**
     * The credentials that the settings name. A server that is not Google's wants none, if they name none.
     *
     * @throws InvalidConfigurationException if what they name is no key
     * @throws StorageException if there are no default credentials
     */
    static AccessToken of(StorageSettings.Gcs settings) {
        if (settings.keyFile() != null) {
            return key("keyfile " + settings.keyFile(), () -> Files.newInputStream(settings.keyFile()));
        }
        if (settings.credentials() != null) {
            byte[] json = settings.credentials().getBytes(StandardCharsets.UTF_8);
            return key("credentials", () -> new ByteArrayInputStream(json));
        }
        if (settings.endpoint() != null) {
            return NONE;
        }
        try {
            return new GcsCredentials(GoogleCredentials.getApplicationDefault());
        } catch (IOException e) {
            throw StorageException.settled(
                    "there are no credentials for gs://" + settings.bucket()
                            + ": write keyfile or credentials, or give default ones by GOOGLE_APPLICATION_CREDENTIALS,"
                            + " gcloud or a workload identity",
                    e);
        }
    }

    private interface Source {
        InputStream open() throws IOException;
    }

    /** The registry takes only keys of service accounts, too. */
    private static AccessToken key(String name, Source source) {
        try (InputStream json = source.open()) {
            // Requests are tried again in one place only.
            return new GcsCredentials(ServiceAccountCredentials.fromStream(json).createWithCustomRetryStrategy(false));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "storage.gcs." + name + " is no key of a service account that can be read (" + e + ")");
        }
    }

    @Override
    public Map<String, List<String>> headers() throws IOException {
        return credentials.getRequestMetadata(AUDIENCE);
    }
}
