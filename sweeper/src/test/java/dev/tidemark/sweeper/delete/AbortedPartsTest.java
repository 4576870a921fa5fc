package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Multiparts.Begun;
import dev.tidemark.storage.Multiparts.Parts;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.Watched;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Multipart uploads of a bucket: which are aborted, and which of them stay. */
class AbortedPartsTest extends OldRegistry {

    private static final String DATA = Layout.upload("team/app", UPLOAD) + "/data";
    private static final String BLOB = Layout.blobData(digest("sha256:" + "a".repeat(64)));
    private static final String COPY = "/tidemark/trash/20260101-000000/" + BLOB + ".1";

    private final BegunParts parts = new BegunParts();

    @Test
    void anOldOneIsAbortedAndNoOtherOfItsObject() {
        begin(DATA, "1", 8, 8);
        begin(DATA, "2", 6, 6);
        begin(BLOB, "3", 8, 8);
        begin(COPY, "4", 8, 8);

        assertThat(aborted("team/app", DATA, "1"))
                .returns(Outcome.DELETED, DeletionRecord::outcome)
                .returns(7L, DeletionRecord::bytes)
                .returns("_uploads/" + UPLOAD + "/data?uploadId=1", DeletionRecord::path);
        assertThat(aborted("team/app", DATA, "2").why()).isEqualTo(WhyKept.YOUNG);
        assertThat(aborted(null, BLOB, "3").outcome()).isEqualTo(Outcome.DELETED);
        assertThat(aborted(null, COPY, "4").outcome()).isEqualTo(Outcome.DELETED);

        assertThat(parts.all).hasSize(1);
        assertThat(parts.aborted).containsExactly(DATA + "?uploadId=1", BLOB + "?uploadId=3", COPY + "?uploadId=4");
        assertThat(aborted("team/app", DATA, "1").outcome()).isEqualTo(Outcome.ALREADY_GONE);
    }

    @Test
    void oneStaysThatSomebodyHasWrittenAPartOf() {
        begin(DATA, "1", 8, 1);

        assertThat(aborted("team/app", DATA, "1").why()).isEqualTo(WhyKept.YOUNG);
        assertThat(parts.aborted).isEmpty();
    }

    @Test
    void oneStaysAsLongAsItsUploadIsFreshOrOfNoAge() {
        app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(6)));
        registry.age(Duration.ofDays(8));
        begin(DATA, "1", 8, 8);

        assertThat(aborted("team/app", DATA, "1").why()).isEqualTo(WhyKept.YOUNG);

        app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        assertThat(aborted("team/app", DATA, "1").outcome()).isEqualTo(Outcome.DELETED);
    }

    /** Between the look at all of a batch and the request. */
    @Test
    void oneStaysThatIsGoneOnWithWhileAnotherOfItsBatchGoes() {
        begin(DATA, "1", 8, 8);
        app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        var watched = watched();
        watched.afterDeletion = path -> begin(DATA, "1", 8, 0);

        List<DeletionRecord> done = sweep(
                deleter(watched),
                List.of(
                        new Candidate(upload("team/app", UPLOAD), false, false),
                        new Candidate(multipart("team/app", DATA, "1"), false, false)));

        assertThat(done).extracting(DeletionRecord::outcome).containsExactly(Outcome.DELETED, Outcome.SPARED);
        assertThat(parts.aborted).isEmpty();
    }

    @Test
    void nothingIsAbortedThatNoRegistryBegins() {
        begin("repositories/Team/_uploads/" + UPLOAD + "/data", "1", 8, 8);
        begin(Layout.currentLink("team/app", "v1"), "1", 8, 8);
        begin(DATA, "1", 8, 8);

        assertThat(aborted("Team", "repositories/Team/_uploads/" + UPLOAD + "/data", "1")
                        .why())
                .isEqualTo(WhyKept.INVALID);
        assertThat(aborted("team/app", Layout.currentLink("team/app", "v1"), "1")
                        .why())
                .isEqualTo(WhyKept.INVALID);
        assertThat(aborted(null, DATA, "1").why()).isEqualTo(WhyKept.INVALID);
        assertThat(parts.aborted).isEmpty();
    }

    @Test
    void aDenialIsAFailure() {
        begin(DATA, "1", 8, 8);
        parts.failures.put(DATA + "?uploadId=1", new ForbiddenException("denied"));

        assertThat(aborted("team/app", DATA, "1"))
                .returns(Outcome.FAILED, DeletionRecord::outcome)
                .returns(WhyKept.FORBIDDEN, DeletionRecord::why);
    }

    private void begin(String path, String id, int days, int written) {
        Instant now = Instant.now();
        parts.all.keySet().removeIf(begun -> begun.name().equals(path + "?uploadId=" + id));
        parts.all.put(
                new Begun(path, id, now.minus(Duration.ofDays(days)).toEpochMilli()),
                new Parts(7, now.minus(Duration.ofDays(written)).toEpochMilli()));
    }

    private Watched watched() {
        var watched = new Watched(storage());
        watched.multiparts = parts;
        return watched;
    }

    private DeletionRecord aborted(String repository, String path, String id) {
        return sweep(deleter(watched()), new Candidate(multipart(repository, path, id), false, false));
    }

    private static Eligible multipart(String repository, String path, String id) {
        String below = repository == null
                ? path
                : path.substring(Layout.repository(repository).length() + 1);
        String name = below + "?uploadId=" + id;
        return new Eligible(
                RUN,
                Kind.MULTIPART,
                Layout.leftoverDigest(repository, name),
                repository,
                null,
                name,
                7,
                "test",
                0,
                List.of(),
                RUN);
    }
}
