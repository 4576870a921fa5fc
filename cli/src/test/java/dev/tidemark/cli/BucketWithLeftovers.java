package dev.tidemark.cli;

import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A bucket of S3 that a registry keeps its data in, and in which clients leave something behind. */
abstract class BucketWithLeftovers extends RegistryWithLeftovers {

    static final String BUCKET = "images";
    private static final String ROOT = "/some/where";

    S3Server server;
    /** The section of a registry's config.yml. */
    String storage;

    @BeforeEach
    void aBucket() throws IOException {
        server = S3Server.on(Files.createDirectory(directory.resolve("s3")));
        disk = RegistryOnDisk.at(server.bucket(BUCKET).resolve(ROOT.substring(1)));
        storage = server.storage(BUCKET, ROOT) + maintenance("enabled: false");
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
