package dev.tidemark.storage.s3;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.RegistryWithTrash;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** A registry in a bucket that keeps old versions. What was there before has none; what is written has. */
abstract class VersionedRegistry extends RegistryWithTrash {

    static final String BUCKET = VersionedBucket.NAME;
    static final RunId EARLIER = new RunId("20261128-030000");

    S3Server server;
    private VersionedBucket bucket;

    @Override
    protected Path root() {
        bucket = VersionedBucket.on(directory);
        server = bucket.server();
        return bucket.root();
    }

    @Override
    protected Storage open() {
        return bucket.open();
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    /** The path of a blob that a registry has written. */
    String written(String content) {
        String path =
                Layout.blob(Digest.parse(RegistryOnDisk.sha256(content.getBytes(StandardCharsets.UTF_8)))) + "/data";
        write(path, content);
        return path;
    }

    @Override
    protected void write(String path, String content) {
        put(key(path), content);
    }

    void put(String key, String content) {
        bucket.put(key, content);
    }

    void destroy(String path, String version) {
        bucket.client()
                .deleteObject(request -> request.bucket(BUCKET).key(key(path)).versionId(version))
                .join();
    }

    ListObjectVersionsResponse versions(String prefix) {
        return bucket.client()
                .listObjectVersions(request -> request.bucket(BUCKET).prefix(prefix))
                .join();
    }

    static Set<String> keys(ListObjectVersionsResponse versions) {
        Set<String> keys = new HashSet<>();
        versions.versions().stream().map(ObjectVersion::key).forEach(keys::add);
        versions.deleteMarkers().stream().map(DeleteMarkerEntry::key).forEach(keys::add);
        return keys;
    }

    String content(String path) {
        return storage.read(path, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
                .orElseThrow();
    }

    static String key(String path) {
        return VersionedBucket.key(path);
    }

    void beforeDeletion(Runnable action) {
        List<Runnable> once = new ArrayList<>(List.of(action));
        server.faults(request -> {
            if (request.operation().equals("DeleteObjects") && !once.isEmpty()) {
                once.removeFirst().run();
            }
            return Optional.empty();
        });
    }

    /** Answers every request for an operation with this one. */
    void all(String operation, Answer answer) {
        server.faults(request -> request.operation().equals(operation) ? Optional.of(answer) : Optional.empty());
        server.forgetRequests();
    }
}
