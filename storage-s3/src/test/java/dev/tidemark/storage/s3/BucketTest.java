package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry in a bucket of a server that can be told to fail. */
abstract class BucketTest {

    @TempDir
    Path directory;

    S3Server server;
    RegistryOnDisk registry;
    S3Storage storage;
    final List<S3Storage> clients = new ArrayList<>();
    final List<String> blobs = new ArrayList<>();

    @BeforeEach
    void aBucket() {
        server = S3Server.on(directory);
        registry = RegistryOnDisk.at(server.bucket("registry"));
        registry.repo("app").image("image");
        for (int i = 0; i < 30; i++) {
            blobs.add(path(registry.blob("blob" + i)));
        }
        // Without tries of its own beside the SDK's.
        storage = S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls(List.of()));
    }

    @AfterEach
    void close() {
        storage.close();
        clients.forEach(S3Storage::close);
        server.close();
    }

    static Optional<byte[]> read(Storage from, String path) {
        return from.read(path, InputStream::readAllBytes);
    }

    StorageSettings.S3 with(Function<StorageSettings.S3, String> bucket, String secret) {
        StorageSettings.S3 known = S3StorageContractTest.settings(server, "");
        return new StorageSettings.S3(
                bucket.apply(known),
                "",
                known.region(),
                known.endpoint(),
                true,
                known.accessKey(),
                secret == null ? known.secretKey() : secret,
                null,
                false,
                false,
                false,
                false,
                false,
                null);
    }

    void all(Predicate<Request> which, Answer answer) {
        server.faults(request -> which.test(request) ? Optional.of(answer) : Optional.empty());
    }

    static void assertSettled(ThrowingCallable call, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.settled()).as(e.getMessage()).isTrue())
                .hasMessageContaining(words)
                .hasMessageContaining("registry");
    }

    static String path(String digest) {
        return Layout.blobData(Digest.parse(digest));
    }

    /** Answers every request for a page with this one. */
    void page(String next, boolean truncated, String entries) {
        all(
                request -> true,
                new Answer.Plain(
                        200,
                        "<ListBucketResult>" + entries.formatted("docker/registry/v2/repositories") + "<IsTruncated>"
                                + truncated + "</IsTruncated><NextContinuationToken>" + next
                                + "</NextContinuationToken></ListBucketResult>"));
    }
}
