package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.Trash.Way;
import dev.tidemark.testkit.FaultyProxy.Answer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and rights with which old versions are no trash, or not the whole of one. */
class VersioningSupportTest extends VersionedRegistry {

    /** As OpenStack Swift does: a version that is destroyed is not named. */
    @Test
    void versionsOfWhichTheServerDoesNotSayThatTheyAreDestroyedAreNoTrash() {
        all("DeleteObjects", new Answer.Changed(body -> body.replaceAll("<VersionId>[^<]*</VersionId>", "")));

        assertThat(trash.onlyIfAsked()).isTrue();
        assertThat(trash.way()).isEqualTo(Way.COPY);
    }

    /** As OpenStack Swift names the last version of a page, whatever it was. */
    @Test
    void aPageOfVersionsAfterWhichOthersAreLeftOutIsCutShort() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        server.faults(request -> request.operation().equals("ListObjectVersions")
                ? Optional.of(new Answer.Plain(
                        200,
                        request.parameter("key-marker") == null
                                ? "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>" + key(file)
                                        + "</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>"
                                        + "</ListVersionsResult>"
                                : "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>"))
                : Optional.empty());

        assertThat(trash.purge(RUN, List.of(file), () -> true).get(file)).hasMessageContaining("cut short");
        assertThatThrownBy(() -> trash.restore(RUN, file)).hasMessageContaining("cut short");

        server.faults(request -> Optional.empty());
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
    }

    /** A deletion would destroy there what was written since. */
    @Test
    void whereVersioningIsSuspendedFilesAreCopied() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        server.suspendVersions(BUCKET);
        server.forgetRequests();

        assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty();

        assertThat(server.requests()).containsEntry("CopyObject", 1L);
        assertThat(files(RUN)).extracting(Trashed::path).containsExactlyInAnyOrder(file, data);
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(data)).isEqualTo("blob");
        assertThat(content(file)).isEqualTo("layer");
        try (Storage again = open()) {
            assertThat(again.trash().orElseThrow().onlyIfAsked()).isTrue();
            assertThat(again.trash().orElseThrow().way()).isEqualTo(Way.COPY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetBucketVersioning", "ListObjectVersions", "HeadObject", "DeleteObjects", "PutObject"})
    void withoutTheRightsATrashIsOneOfCopiesAndOnlyIfItIsAskedFor(String denied) {
        var first = new AtomicInteger();
        // What is deleted plainly may be: a version may not.
        server.faults(request ->
                request.operation().equals(denied) && (!denied.equals("DeleteObjects") || first.getAndIncrement() == 0)
                        ? Optional.of(new Answer.Error(403, "AccessDenied"))
                        : Optional.empty());

        assertThat(trash.onlyIfAsked()).isTrue();

        assertThat(trash.way()).isEqualTo(Way.COPY);
        server.faults(request -> Optional.empty());
        server.forgetRequests();
        assertThat(trash.runs()).isEmpty();
        assertThat(storage.stat("/tidemark/trash")).isEmpty();
        assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty();
        assertThat(server.requests()).containsKey("CopyObject");
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(snapshot()).isEqualTo(before);
    }

    /** It takes the parameter for one that it need not know. */
    @Test
    void aServerThatDoesNotListVersionsHasNone() {
        all(
                "ListObjectVersions",
                new Answer.Plain(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"));

        assertThat(trash.onlyIfAsked()).isTrue();
    }

    @Test
    void withTheRightsTheTrialLeavesNothing() {
        assertThat(trash.onlyIfAsked()).isFalse();

        assertThat(keys(versions("some/root/tidemark/"))).isEmpty();
        assertThat(versions("some/root/tidemark/").deleteMarkers()).isEmpty();
    }
}
