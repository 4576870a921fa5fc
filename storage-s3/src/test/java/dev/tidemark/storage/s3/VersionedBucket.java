package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.Storage;
import dev.tidemark.testkit.S3Server;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** A bucket that keeps old versions from now on: files that are there already have none. */
record VersionedBucket(S3Server server, S3AsyncClient client) implements AutoCloseable {

    static final String NAME = "registry";

    private static final String ROOT = "some/root/";

    static VersionedBucket on(Path directory) {
        S3Server server = S3Server.on(directory);
        server.bucket(NAME);
        server.keepVersions(NAME);
        S3AsyncClient client = S3Client.of(
                S3StorageContractTest.settings(server, "/" + ROOT),
                new Calls(List.of()),
                new Patience(),
                S3Client.LIMITS);
        return new VersionedBucket(server, client);
    }

    /** Where the registry's storage root is. */
    Path root() {
        return server.bucket(NAME).resolve(ROOT);
    }

    Storage open() {
        return S3Storage.open(S3StorageContractTest.settings(server, "/" + ROOT), new Calls(List.of()));
    }

    /** The key of a file of the registry. */
    static String key(String path) {
        return ROOT + "docker/registry/v2/" + path;
    }

    void put(String key, String content) {
        client.putObject(request -> request.bucket(NAME).key(key), AsyncRequestBody.fromString(content))
                .join();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
