package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.Multiparts.Begun;
import dev.tidemark.storage.Multiparts.Parts;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.testkit.FaultyProxy.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Multipart uploads of a bucket, which no listing of its objects shows. */
class S3MultipartsTest extends BucketTest {

    private static final String BASE = "docker/registry/v2/";
    private static final String DATA = "repositories/app/_uploads/3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90/data";
    private static final String COPY = "tidemark/trash/20260101-000000/blobs/sha256/aa/aa/data.1";

    private static final String PART =
            "<Part><PartNumber>1</PartNumber><Size>7</Size><LastModified>%sT00:00:00Z</LastModified></Part>";

    private Multiparts multiparts;

    @BeforeEach
    void multiparts() {
        multiparts = storage.multiparts().orElseThrow();
    }

    @Test
    void thoseOfTheRegistryAndOfTheTrashAreListedAndNoOthers() {
        String first = server.beginParts("registry", BASE + DATA, "one", "more");
        String second = server.beginParts("registry", BASE + DATA);
        server.beginParts("registry", BASE + DATA + "2");
        String copy = server.beginParts("registry", COPY, "bytes");
        server.beginParts("registry", "else/where", "bytes");
        server.ageParts("registry", Duration.ofDays(8));
        long aWeekAgo = System.currentTimeMillis() - Duration.ofDays(7).toMillis();

        assertThat(multiparts.all())
                .allMatch(begun -> begun.initiated() < aWeekAgo)
                .extracting(Begun::name)
                .containsExactlyInAnyOrder(
                        DATA + "?uploadId=" + first,
                        DATA + "?uploadId=" + second,
                        DATA + "2?uploadId="
                                + multiparts.of(DATA + "2").getFirst().id(),
                        "/" + COPY + "?uploadId=" + copy);
        assertThat(multiparts.of(DATA)).extracting(Begun::id).containsExactlyInAnyOrder(first, second);
        assertThat(multiparts.of("/" + COPY)).extracting(Begun::id).containsExactly(copy);
        assertThat(multiparts.parts(new Begun(DATA, second, 0))).contains(new Parts(0, 0));
        assertThat(multiparts.parts(new Begun(DATA, first, 0)).orElseThrow())
                .returns(7L, Parts::bytes)
                .matches(parts -> parts.modified() < aWeekAgo);
    }

    @Test
    void pagesFollowEachOther() {
        for (int i = 0; i < 5; i++) {
            server.beginParts("registry", BASE + DATA);
        }
        server.forgetRequests();
        S3Multiparts inPages = storage.multiparts(2);

        List<Begun> all = inPages.all();

        assertThat(all).hasSize(5).doesNotHaveDuplicates();
        assertThat(server.requests())
                .as("three of the registry, one of the trash")
                .isEqualTo(Map.of("ListMultipartUploads", 4L));

        server.faults(request -> Optional.of(new Answer.Plain(
                200,
                request.parameter("part-number-marker") == null
                        ? page(PART.formatted("2026-01-02") + PART.formatted("2026-01-01"), true)
                        : page(PART.formatted("2026-01-03"), false))));
        assertThat(inPages.parts(all.getFirst()))
                .contains(new Parts(21, Instant.parse("2026-01-03T00:00:00Z").toEpochMilli() + 999));
    }

    private static String page(String parts, boolean more) {
        return "<ListPartsResult>" + parts + "<IsTruncated>" + more + "</IsTruncated>"
                + "<NextPartNumberMarker>2</NextPartNumberMarker></ListPartsResult>";
    }

    @Test
    void anAbortedOneIsGoneAndTheOthersAreNot() {
        String goes = server.beginParts("registry", BASE + DATA, "bytes");
        String stays = server.beginParts("registry", BASE + DATA, "bytes");
        var gone = new Begun(DATA, goes, 0);

        assertThat(multiparts.abort(List.of(gone.name()), () -> true)).isEmpty();

        assertThat(multiparts.of(DATA)).extracting(Begun::id).containsExactly(stays);
        assertThat(multiparts.abort(List.of(gone.name()), () -> true))
                .as("gone already")
                .isEmpty();
        String left = new Begun(DATA, stays, 0).name();
        assertThat(multiparts.abort(List.of(left), () -> false).get(left)).isInstanceOf(NotAllowedException.class);
        assertThat(server.begunParts("registry")).hasSize(1);
        all(request -> true, new Answer.Error(404, "NoSuchUpload"));
        assertThat(multiparts.parts(gone)).isEmpty();
        assertThat(multiparts.abort(List.of(gone.name()), () -> true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "403,AccessDenied,grant s3:ListBucketMultipartUploads on,grant s3:ListMultipartUploadParts on",
        "405,MethodNotAllowed,405,405",
        "501,NotImplemented,501,501",
    })
    void aServerThatDoesNotListThemIsToldFromOneThatDoesNotAnswer(int status, String code, String all, String parts) {
        String id = server.beginParts("registry", BASE + DATA, "bytes");
        all(request -> request.operation().startsWith("List"), new Answer.Error(status, code));
        server.forgetRequests();

        assertForbidden(() -> multiparts.all(), all);
        assertForbidden(() -> multiparts.of(DATA), all);
        assertForbidden(() -> multiparts.parts(new Begun(DATA, id, 0)), parts);

        assertThat(server.requests().values()).as("none is tried again").containsExactlyInAnyOrder(2L, 1L);
    }

    private static void assertForbidden(ThrowingCallable call, String words) {
        assertThatThrownBy(call)
                .isInstanceOf(ForbiddenException.class)
                .hasMessageContaining(words)
                .message()
                .hasLineCount(1);
    }

    /** It knows nothing of the question, and lists objects. */
    @Test
    void aListingOfSomethingElseIsNotOneOfNothing() {
        all(
                request -> true,
                new Answer.Plain(
                        200,
                        "<ListBucketResult><Name>registry</Name><IsTruncated>false</IsTruncated>"
                                + "</ListBucketResult>"));

        assertForbidden(() -> multiparts.all(), "answers with something else");
    }

    @Test
    void aListingThatIsCutShortIsNoWholeOne() {
        all(
                request -> true,
                new Answer.Plain(
                        200,
                        "<ListMultipartUploadsResult><Bucket>registry</Bucket><IsTruncated>true</IsTruncated>"
                                + "</ListMultipartUploadsResult>"));
        assertThatThrownBy(() -> multiparts.all())
                .isInstanceOf(StorageException.class)
                .isNotInstanceOf(ForbiddenException.class)
                .hasMessageContaining("does not say where it goes on");

        all(
                request -> true,
                new Answer.Plain(200, "<ListPartsResult><IsTruncated>true</IsTruncated></ListPartsResult>"));
        assertThatThrownBy(() -> multiparts.parts(new Begun(DATA, "1", 0)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("where it goes on");
    }

    @Test
    void anAbortThatIsDeniedSaysTheRightToGrant() {
        String name = new Begun(DATA, server.beginParts("registry", BASE + DATA, "bytes"), 0).name();
        all(request -> request.method().equals("DELETE"), new Answer.Error(403, "AccessDenied"));

        assertThat(multiparts.abort(List.of(name), () -> true).get(name))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageContaining("grant s3:AbortMultipartUpload on arn:aws:s3:::registry/*");
        assertThat(server.begunParts("registry")).hasSize(1);
    }
}
