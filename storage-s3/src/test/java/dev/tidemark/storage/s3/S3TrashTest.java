package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.CopiedTrashContract;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3TrashTest extends CopiedTrashContract {

    private static final int MIB = 1 << 20;
    private static final BucketCopies.Sizes PARTS = new BucketCopies.Sizes(6 * MIB, 5 * MIB);

    private S3Server server;

    @Override
    protected Path root() {
        server = S3Server.on(directory);
        return server.bucket("registry").resolve("some/root");
    }

    @Override
    protected Storage open() {
        return S3Storage.open(S3StorageContractTest.settings(server, "/some/root/"), new Calls(List.of()));
    }

    @Override
    protected void faults(Function<Request, Optional<Answer>> faults) {
        server.faults(faults);
    }

    @Override
    protected Map<String, Long> requests() {
        return server.requests();
    }

    @Override
    protected void forgetRequests() {
        server.forgetRequests();
    }

    @Override
    protected Operations operations() {
        return new Operations("HeadObject", "CopyObject", "DeleteObjects", "PutObject");
    }

    @Override
    protected Rights rights() {
        return new Rights("s3:GetObject and s3:PutObject", "s3:DeleteObject", "s3:PutObject");
    }

    @Override
    protected Answer denied() {
        return new Answer.Error(403, "AccessDenied");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** S3 has begun to answer that all is well, and ends with an error. */
    @Test
    void aCopyThatEndsWithAnErrorIsNone() {
        all(
                "CopyObject",
                new Answer.Plain(
                        200,
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>InternalError</Code>"
                                + "<Message>as the test wants it</Message></Error>"));

        assertThat(trash.take(RUN, List.of(data), () -> true)).containsKey(data);

        assertThat(server.requests()).doesNotContainKey("DeleteObjects");
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aCopyOfAnotherETagHasToHaveTheSize() {
        server.faults(request -> otherTag(request));
        assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty();
        assertThat(server.requests()).as("the file twice, and its copy").containsEntry("HeadObject", 3L);
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);

        server.faults(request -> {
            if (request.operation().equals("HeadObject") && request.path().contains("tidemark/trash/")) {
                truncate(Path.of(request.path())
                        .subpath(0, Path.of(request.path()).getNameCount()));
            }
            return otherTag(request);
        });
        server.forgetRequests();

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).hasMessageContaining("bytes the copy has");

        assertThat(server.requests()).doesNotContainKey("DeleteObjects");
        assertThat(snapshot()).isEqualTo(before);
    }

    private static Optional<Answer> otherTag(Request request) {
        return request.operation().equals("CopyObject")
                ? Optional.of(new Answer.Changed(body -> body.replaceAll("<ETag>[^<]*</ETag>", "<ETag>other-2</ETag>")))
                : Optional.empty();
    }

    private void truncate(Path object) {
        try {
            Files.write(directory.resolve(object), new byte[] {1});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLargeFileIsCopiedInParts() {
        String large = large();
        var inParts = ((S3Storage) storage).trash(PARTS);
        server.forgetRequests();

        assertThat(inParts.take(RUN, List.of(large), () -> true)).isEmpty();

        assertThat(server.requests())
                .containsEntry("UploadPartCopy", 3L)
                .containsEntry("CompleteMultipartUpload", 1L)
                .doesNotContainKey("CopyObject");
        assertThat(registry.base().resolve(large)).doesNotExist();
        assertThat(files(RUN)).extracting(Trash.Trashed::size).containsExactly(12L * MIB + 1);
        assertThat(inParts.restore(RUN, large)).isEqualTo(Restored.BACK);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aCopyThatIsCutOffInTheMiddleIsAbortedAndNothingIsDeleted() {
        String large = large();
        server.faults(request -> "2".equals(request.parameter("partNumber"))
                ? Optional.of(new Answer.Error(403, "AccessDenied"))
                : Optional.empty());
        server.forgetRequests();

        assertThat(((S3Storage) storage)
                        .trash(PARTS)
                        .take(RUN, List.of(large), () -> true)
                        .get(large))
                .isInstanceOf(NoTrashException.class);

        assertThat(server.requests())
                .containsEntry("AbortMultipartUpload", 1L)
                .doesNotContainKeys("CompleteMultipartUpload", "DeleteObjects");
        assertThat(snapshot()).isEqualTo(before);
        assertThat(files(RUN)).isEmpty();
    }

    /** As OpenStack Swift does with what was written in parts. */
    @Test
    void aConditionThatTheServerDoesNotKnowIsLookedAtInstead() {
        String large = large();
        var inParts = ((S3Storage) storage).trash(PARTS);
        writtenByTheServer(data);
        writtenByTheServer(large);
        server.faults(S3TrashTest::failsCondition);

        assertThat(inParts.take(RUN, List.of(data, large), () -> true)).isEmpty();

        assertThat(registry.base().resolve(data)).doesNotExist();
        assertThat(registry.base().resolve(large)).doesNotExist();
        assertThat(inParts.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(inParts.restore(RUN, large)).isEqualTo(Restored.BACK);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aFileThatIsWrittenAgainIsNotCopiedWithoutItsCondition() {
        Path file = registry.base().resolve(data);
        writtenByTheServer(data);
        server.faults(request -> {
            Optional<Answer> failed = failsCondition(request);
            failed.ifPresent(answer -> RegistryOnDisk.write(file, "again".getBytes(StandardCharsets.UTF_8)));
            return failed;
        });
        server.forgetRequests();

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).isInstanceOf(WrittenAgainException.class);

        assertThat(file).hasContent("again");
        assertThat(server.requests()).containsEntry("CopyObject", 1L).doesNotContainKey("DeleteObjects");
    }

    @Test
    void aFileThatIsWrittenAgainWhileItIsCopiedWithoutItsConditionStays() {
        Path file = registry.base().resolve(data);
        writtenByTheServer(data);
        server.faults(request -> {
            if (request.operation().equals("CopyObject")
                    && failsCondition(request).isEmpty()) {
                RegistryOnDisk.write(file, "again".getBytes(StandardCharsets.UTF_8));
            }
            return failsCondition(request);
        });
        server.forgetRequests();

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).isInstanceOf(WrittenAgainException.class);

        assertThat(file).hasContent("again");
        assertThat(server.requests()).doesNotContainKey("DeleteObjects");
    }

    /** It has an ETag for these alone. */
    private void writtenByTheServer(String file) {
        trash.take(RUN, List.of(file), () -> true);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
    }

    private static Optional<Answer> failsCondition(Request request) {
        return request.headers().containsKey("x-amz-copy-source-if-match")
                ? Optional.of(new Answer.Error(412, "PreconditionFailed"))
                : Optional.empty();
    }

    private String large() {
        byte[] bytes = new byte[12 * MIB + 1];
        new Random(7).nextBytes(bytes);
        String large = data.replaceAll("[0-9a-f]{64}", "f".repeat(64));
        RegistryOnDisk.write(registry.base().resolve(large), bytes);
        before = snapshot();
        return large;
    }

    @Test
    void afterAllThereIsNothingInTheBucketButTheRegistry() throws IOException {
        trash.prepare(RUN, Duration.ofHours(1));
        trash.take(RUN, List.of(link, data), () -> true);
        trash.restore(RUN, link);
        trash.purge(RUN, List.of(data), () -> true);
        trash.end(RUN);

        try (Stream<Path> files = Files.walk(registry.root())) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> registry.root().relativize(file).toString()))
                    .allMatch(file -> file.startsWith("docker/"));
        }
    }
}
