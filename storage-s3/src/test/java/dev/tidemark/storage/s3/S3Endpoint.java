package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A bucket with a registry, for a server at an address. */
abstract class S3Endpoint {

    @TempDir
    Path directory;

    Path buckets;

    @BeforeEach
    void aBucket() {
        buckets = directory.resolve("buckets");
        RegistryOnDisk.at(buckets.resolve("registry")).repo("app").image("image");
    }

    static void assertRefused(StorageSettings.S3 settings, String... words) {
        assertThatThrownBy(() -> S3Storage.open(settings, new Calls()))
                .isInstanceOf(StorageException.class)
                .message()
                .startsWith("cannot list s3://registry/: ")
                .contains(words)
                .hasLineCount(1);
    }

    static StorageSettings.S3 settings(String endpoint) {
        return settings(endpoint, true, false);
    }

    static StorageSettings.S3 settings(String endpoint, boolean pathStyle, boolean skipVerify) {
        return new StorageSettings.S3(
                "registry",
                "",
                S3Server.REGION,
                endpoint,
                pathStyle,
                S3Server.ACCESS_KEY,
                S3Server.SECRET_KEY,
                null,
                true,
                skipVerify,
                false,
                false,
                false,
                null);
    }
}
