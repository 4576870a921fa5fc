package dev.tidemark.storage.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The place where a registry keeps its data, as its configuration says. */
public sealed interface StorageSettings {

    /**
     * Files under a directory: the {@code filesystem} driver.
     *
     * @param rootDirectory absolute and normalized
     * @param byDefault whether the configuration names none, and this is the registry's own default
     */
    record Filesystem(Path rootDirectory, boolean byDefault) implements StorageSettings {

        /** A directory that somebody has named. */
        public Filesystem(Path rootDirectory) {
            this(rootDirectory, false);
        }
    }

    /**
     * Objects in a bucket: the {@code s3} driver, or {@code s3aws} by its older name.
     *
     * @param rootDirectory the start of every key, as the registry is told it; empty for none
     * @param region where the bucket is; any name where there is an endpoint, whose server has no other use for it than
     *     to check signatures
     * @param endpoint of a server that is not Amazon's, with its scheme ({@code http}, {@code https}) and host; or null
     * @param pathStyle whether the bucket is named in the path, not in the host
     * @param accessKey null for the default chain of credentials: environment, profile, web identity, container,
     *     instance
     * @param secretKey null with it
     * @param sessionToken of temporary credentials, or null
     * @param secure whether Amazon's addresses are spoken to by TLS, and an endpoint that was written without a scheme
     * @param skipVerify whether any certificate is good enough
     * @param accelerate whether Amazon's accelerated address is asked
     * @param dualStack whether Amazon's address for IPv6 is asked
     * @param fips whether Amazon's address with validated cryptography is asked
     * @param userAgent what the requests are to name first, or null
     */
    record S3(
            String bucket,
            String rootDirectory,
            String region,
            String endpoint,
            boolean pathStyle,
            String accessKey,
            String secretKey,
            String sessionToken,
            boolean secure,
            boolean skipVerify,
            boolean accelerate,
            boolean dualStack,
            boolean fips,
            String userAgent)
            implements StorageSettings {

        /** Without the secrets: settings get logged. */
        @Override
        public String toString() {
            return "S3[bucket=" + bucket + ", rootDirectory=" + rootDirectory + ", region=" + region + ", endpoint="
                    + endpoint + "]";
        }
    }

    /**
     * Objects in a bucket of Google Cloud Storage: the {@code gcs} driver.
     *
     * @param rootDirectory the start of every name, as the registry is told it; empty for none
     * @param keyFile the key of a service account, in JSON; absolute, null for none
     * @param credentials such a key itself, in JSON; null for none. With neither, the default credentials count: the
     *     file that {@code GOOGLE_APPLICATION_CREDENTIALS} names, gcloud's, or the account of the machine or pod
     * @param endpoint of a server that is not Google's, without a slash at its end; or null
     * @param userAgent what the requests are to name first, or null
     */
    record Gcs(String bucket, String rootDirectory, Path keyFile, String credentials, String endpoint, String userAgent)
            implements StorageSettings {

        /** Without the secrets: settings get logged. */
        @Override
        public String toString() {
            return "Gcs[bucket=" + bucket + ", rootDirectory=" + rootDirectory + ", endpoint=" + endpoint + "]";
        }
    }

    /**
     * Blobs in a container of Azure: the {@code azure} driver.
     *
     * @param rootDirectory the start of every name, as the registry is told it; empty for none. Only version 3 has one
     * @param serviceUrl of the account's blobs, with its scheme and without a slash at its end
     * @param skipVerify whether any certificate is good enough
     */
    record Azure(
            String account,
            String container,
            String rootDirectory,
            String serviceUrl,
            Credentials credentials,
            boolean skipVerify)
            implements StorageSettings {

        /** How Tidemark proves who it is. */
        public sealed interface Credentials {}

        /** @param key of the account, in base64 */
        public record SharedKey(String key) implements Credentials {}

        /** An application that is registered with Entra. */
        public record ClientSecret(String tenant, String client, String secret) implements Credentials {}

        /** The chain of environment, workload identity, managed identity and tools. */
        public record DefaultCredentials() implements Credentials {}

        /** Without the secrets: settings get logged. */
        @Override
        public String toString() {
            return "Azure[container=" + container + ", rootDirectory=" + rootDirectory + ", serviceUrl=" + serviceUrl
                    + "]";
        }
    }

    /**
     * A driver that Tidemark doesn't know ({@code oss}, {@code inmemory}, a mistyped name), with its parameters as YAML
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
