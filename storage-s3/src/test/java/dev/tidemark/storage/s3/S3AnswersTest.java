package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.layout.RootFiles;
import dev.tidemark.testkit.FaultyProxy.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Answers of a server that refuse, say too little, or are of something else: none of them must be taken for one that
 * says what is there.
 */
class S3AnswersTest extends BucketTest {

    private static final Pattern TOKEN = Pattern.compile("<NextContinuationToken>([^<]*)<");

    @ParameterizedTest
    @CsvSource({
        "403,ExpiredToken,have expired",
        "403,InvalidAccessKeyId,are not accepted",
        "403,SignatureDoesNotMatch,are not accepted",
        "403,RequestTimeTooSkewed,clock is wrong",
        "301,PermanentRedirect,not in the region us-east-1",
    })
    void aFaultThatHasToBeMendedIsSaidAndNotTriedAgain(int status, String code, String words) {
        all(request -> true, new Answer.Error(status, code));
        server.forgetRequests();

        assertSettled(() -> storage.children("blobs"), words);
        assertSettled(() -> storage.leaves("blobs", "data", leaf -> {}), words);
        assertSettled(() -> storage.listed("repositories/app/_manifests"), words);
        assertSettled(() -> read(storage, blobs.getFirst()), words);
        assertThat(server.requests().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .as("four calls; a bucket that is not known is looked for once more, and with a clock that is "
                        + "wrong the SDK sets its own right")
                .isLessThanOrEqualTo(20);
        assertThat(storage.deleteAll(blobs, () -> true))
                .hasSameSizeAs(blobs)
                .allSatisfy((path, failure) ->
                        assertThat(failure).hasMessageContaining(words).returns(true, StorageException::settled));
    }

    @Test
    void aKeyThatIsNotDeletedIsToldFromThoseThatAre() {
        all(request -> request.operation().equals("DeleteObjects"), new Answer.Changed(body -> {
            String xml = insteadOfDeleted(body, 9, "");
            for (Map.Entry<Integer, String> error : Map.of(3, "AccessDenied", 5, "InternalError", 7, "NoSuchKey")
                    .entrySet()) {
                xml = insteadOfDeleted(
                        xml,
                        error.getKey(),
                        "<Error>" + key(error.getKey()) + "<Code>" + error.getValue()
                                + "</Code><Message>no</Message></Error>");
            }
            return xml;
        }));

        Map<String, StorageException> failures = storage.deleteAll(blobs, () -> true);

        assertThat(failures).containsOnlyKeys(blobs.get(3), blobs.get(5), blobs.get(9));
        assertThat(failures.get(blobs.get(3)))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageContaining("s3:DeleteObject");
        assertThat(failures.get(blobs.get(5)))
                .returns(false, StorageException::settled)
                .hasMessageContaining("InternalError");
        assertThat(failures.get(blobs.get(9)))
                .returns(false, StorageException::settled)
                .hasMessageContaining("does not say that it did");
    }

    private String insteadOfDeleted(String xml, int blob, String answer) {
        String deleted = "<Deleted>" + key(blob) + "</Deleted>";
        assertThat(xml).contains(deleted);
        return xml.replace(deleted, answer);
    }

    private String key(int blob) {
        return "<Key>docker/registry/v2/" + blobs.get(blob) + "</Key>";
    }

    /** It answers a question about one object. */
    @Test
    void noSuchKeyIsNoAnswerToAListingOrADeletion() {
        all(request -> true, new Answer.Error(404, "NoSuchKey"));

        assertThat(read(storage, blobs.getFirst())).isEmpty();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> storage.children("blobs"), () -> storage.listed("blobs"), () -> storage.stat(blobs.getFirst()))) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot list s3://registry/");
        }
        assertThat(storage.deleteAll(blobs, () -> true)).hasSameSizeAs(blobs);
    }

    @Test
    void aKeyThatIsNotFoundIsLookedForInTheListing() {
        String missing = blobs.getFirst() + "/missing";
        Optional<Storage.Stat> there = storage.stat(blobs.getFirst());
        all(request -> request.method().equals("HEAD"), new Answer.Plain(404, ""));

        assertThat(there).isPresent();
        assertThat(storage.stat(blobs.getFirst())).isEqualTo(there);
        assertThat(storage.stat(missing)).isEmpty();
    }

    @Test
    void aListingThatSaysNothingIsNotOneOfNothing() {
        all(request -> true, new Answer.Plain(200, "<ListBucketResult/>"));

        assertThatThrownBy(() -> storage.children("blobs")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.listed("blobs/sha256")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.count("blobs", 1)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.stat(blobs.getFirst())).isInstanceOf(StorageException.class);
        assertThat(storage.deleteAll(blobs, () -> true)).hasSameSizeAs(blobs);
    }

    @Test
    void aBucketWithoutARegistryIsNotOpened() {
        server.bucket("empty");

        assertThatThrownBy(() -> S3Storage.open(S3StorageContractTest.settings(server, "/elsewhere"), new Calls()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("s3://registry/elsewhere has no object below elsewhere/docker/registry/v2/");
        assertThatThrownBy(() -> S3Storage.open(with(settings -> "none", null), new Calls()))
                .hasMessageContaining("no such bucket");
        assertThatThrownBy(() -> S3Storage.open(with(settings -> "registry", "wrong"), new Calls()))
                .hasMessageContaining("are not accepted");
    }

    @Test
    void aBucketWithNothingInItIsAnEmptyRegistryWhereOneMayBe() {
        server.bucket("empty");
        StorageSettings.S3 empty = with(settings -> "empty", null);

        try (S3Storage storage = S3Storage.open(empty, true, new Calls())) {
            assertThat(storage.children("repositories")).isEmpty();
            assertThat(RootFiles.refusal(storage, true)).isEmpty();
        }
        assertThatThrownBy(() -> S3Storage.open(empty, new Calls())).isInstanceOf(StorageException.class);
        assertThatThrownBy(
                        () -> S3Storage.open(S3StorageContractTest.settings(server, "/elsewhere"), true, new Calls()))
                .isInstanceOf(StorageException.class);
    }

    /** As one with many keys that are deleted, and kept as old versions, may answer. */
    @Test
    void aFirstPageWithoutKeysIsNotAnEmptyBucket() {
        all(
                request ->
                        request.operation().equals("ListObjectsV2") && request.parameter("continuation-token") == null,
                new Answer.Changed(
                        body -> body.replaceAll("(?s)<(Contents|CommonPrefixes|NextContinuationToken)>.*?</\\1>", "")
                                .replaceAll(
                                        "<IsTruncated>.*?</IsTruncated>",
                                        "<IsTruncated>true</IsTruncated>"
                                                + "<NextContinuationToken>!</NextContinuationToken>")));

        try (S3Storage again = S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls())) {
            assertThat(again.children("blobs")).extracting(Storage.Child::name).containsExactly("sha256");
            assertThat(again.listed("blobs/sha256").children("blobs/sha256")).isNotEmpty();
            assertThat(again.count("blobs", 1000)).isEqualTo(1);
        }
    }

    @Test
    void aServerWithAnOrderOfItsOwnIsFoundOut() {
        String groups = "<CommonPrefixes><Prefix>%1$s/app/</Prefix></CommonPrefixes><CommonPrefixes>"
                + "<Prefix>%1$s/app-web/</Prefix></CommonPrefixes>";
        page("1", true, groups);
        assertSettled(() -> storage.children("repositories"), "does not list keys in the order of their bytes");
        page("1", true, "<Contents><Key>%1$s/b</Key></Contents><Contents><Key>%1$s/a</Key></Contents>");
        assertSettled(() -> storage.children("repositories"), "does not list keys in the order of their bytes");

        // One page is all there is, in whatever order.
        page("", false, groups);
        assertThat(storage.children("repositories"))
                .extracting(Storage.Child::name)
                .containsExactly("app", "app-web");
    }

    @Test
    void aListingThatDoesNotGoOnEnds() {
        page("1", true, "");

        assertThatThrownBy(() -> storage.children("repositories"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cut short");
        assertThatThrownBy(() -> storage.listed("repositories"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cut short");
    }

    /** As MinIO's does where a page began after a key that is not there. */
    @Test
    void aTokenThatLeavesAKeyOutLosesNone() {
        for (int i = 0; i < 1100; i++) {
            registry.blob("more" + i);
        }
        List<String> shards = storage.children("blobs/sha256").stream()
                .map(Storage.Child::name)
                .sorted()
                .toList();
        Set<String> tokens = ConcurrentHashMap.newKeySet();
        server.faults(request -> {
            if (tokens.contains(Objects.requireNonNullElse(request.parameter("continuation-token"), ""))) {
                return Optional.of(new Answer.Changed(body -> body.replaceFirst("(?s)<Contents>.*?</Contents>", "")));
            }
            return request.parameter("start-after") == null
                    ? Optional.empty()
                    : Optional.of(new Answer.Changed(body -> {
                        TOKEN.matcher(body).results().forEach(token -> tokens.add(token.group(1)));
                        return body;
                    }));
        });

        List<String> listed = new ArrayList<>();
        storage.leaves("blobs/sha256", shards, "data", (shard, blob) -> listed.add(blob.name()));

        assertThat(tokens).as("there is more than a page").isNotEmpty();
        assertThat(listed).doesNotHaveDuplicates().hasSize(registry.blobs().size());
    }

    @Test
    void aListingOfSomethingElseIsNoAnswer() {
        page("", false, "<Contents><Key>other/b</Key></Contents>");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> storage.children("repositories"),
                () -> storage.listed("repositories"),
                () -> storage.count("repositories", 1))) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("“other/b” was not asked for");
        }
        page("", false, "<CommonPrefixes><Prefix>other/</Prefix></CommonPrefixes>");
        assertThatThrownBy(() -> storage.children("repositories"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("“other/” was not asked for");
    }

    /** The SDK takes it for an answer. */
    @Test
    void anAnswerThatContradictsItselfIsAskedForAgain() {
        var own = S3Storage.open(S3StorageContractTest.settings(server, ""), new Calls(List.of(Duration.ZERO)));
        clients.add(own);
        page("", false, "<Contents><Key>other/b</Key></Contents>");
        server.forgetRequests();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> own.children("blobs"),
                () -> own.listed("blobs"),
                () -> own.leaves("blobs", "data", leaf -> {}),
                () -> own.count("blobs", 9))) {
            assertThatThrownBy(call).isInstanceOf(StorageException.class);
        }

        assertThat(server.requests()).containsExactly(Map.entry("ListObjectsV2", 8L));
        assertThat(own.calls().retries()).isEqualTo(4);
    }
}
