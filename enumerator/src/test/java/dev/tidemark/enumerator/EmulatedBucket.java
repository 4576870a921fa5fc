package dev.tidemark.enumerator;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.s3.S3Storage;
import dev.tidemark.testkit.S3Server;

/** The bucket {@code registry} of a server in this process. */
public final class EmulatedBucket {

    private EmulatedBucket() {}

    public static S3Storage of(S3Server server) {
        return S3Storage.open(
                new StorageSettings.S3(
                        "registry",
                        "",
                        S3Server.REGION,
                        server.endpoint(),
                        true,
                        S3Server.ACCESS_KEY,
                        S3Server.SECRET_KEY,
                        null,
                        false,
                        false,
                        false,
                        false,
                        false,
                        null),
                new Calls());
    }
}
