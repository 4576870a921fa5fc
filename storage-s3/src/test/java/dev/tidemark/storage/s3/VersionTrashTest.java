package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Way;
import dev.tidemark.testkit.FaultyProxy.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files that are deleted, and come back from their old versions. */
class VersionTrashTest extends VersionedRegistry {

    @Test
    void aFileCostsOneRequestMoreThanItsDeletion() {
        String other = written("other");
        trash.take(RUN, List.of(other), () -> true);
        server.forgetRequests();

        trash.take(RUN, List.of(link, data), () -> true);

        assertThat(server.requests())
                .as("a look at each; the list is written before and after")
                .isEqualTo(Map.of("GetBucketVersioning", 1L, "HeadObject", 2L, "PutObject", 2L, "DeleteObjects", 1L));
        assertThat(trash.way()).isEqualTo(Way.OLD_VERSION);
        assertThat(trash.onlyIfAsked()).isFalse();
    }

    @Test
    void afterAllThereIsNothingInTheBucketButTheRegistry() {
        String other = written("other");
        trash.prepare(RUN, Duration.ofHours(1));
        trash.take(RUN, List.of(link, data, other), () -> true);
        trash.restore(RUN, link);
        trash.restoreAsOf(RUN, other, trash.now(), () -> {});
        trash.purge(RUN, List.of(data), () -> true);
        trash.end(RUN);

        assertThat(keys(versions(""))).containsExactlyInAnyOrder(key(link), key(other));
        assertThat(versions("").deleteMarkers()).isEmpty();
    }

    @Test
    void aRestoredFileCountsAsWrittenNow() {
        trash.take(RUN, List.of(data), () -> true);
        long now = trash.now();

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);

        assertThat(storage.stat(data).orElseThrow().modified()).isGreaterThanOrEqualTo(now);
        assertThat(content(data)).isEqualTo("blob");
    }

    @Test
    void withoutAListNothingIsDeleted() {
        trash.onlyIfAsked();
        all("PutObject", new Answer.Error(403, "AccessDenied"));

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data))
                .isInstanceOf(NoTrashException.class)
                .hasMessageContaining("grant s3:PutObject");

        assertThat(server.requests()).doesNotContainKey("DeleteObjects");
        assertThat(snapshot()).isEqualTo(before);
    }

    /** The registry's API has deleted it once more. */
    @Test
    void aFileUnderSeveralMarkersComesBack() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        storage.deleteAll(List.of(file), () -> true);
        assertThat(versions(key(file)).deleteMarkers()).hasSize(2);

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);

        assertThat(content(file)).isEqualTo("layer");
    }

    @Test
    void aFileUnderAnotherOneComesBackAsItWas() {
        String file = written("whole");
        trash.take(RUN, List.of(file), () -> true);
        write(file, "broken");
        storage.deleteAll(List.of(file), () -> true);

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);

        assertThat(content(file)).isEqualTo("whole");
    }

    @Test
    void manyFilesOfOneListComeBackAtOnce() {
        List<String> many =
                IntStream.range(0, 64).mapToObj(i -> written("blob " + i)).toList();
        trash.prepare(RUN, Duration.ofHours(1));
        trash.take(RUN, many, () -> true);
        assertThat(files(RUN)).hasSize(64);
        server.forgetRequests();

        Parallel.forEach(many, 64, file -> assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK));

        assertThat(server.requests().get("PutObject"))
                .as("one writes for those that wait")
                .isLessThan(32);
        assertThat(files(RUN)).isEmpty();
        trash.end(RUN);
        assertThat(trash.runs()).isEmpty();
    }

    @Test
    void aLargeFileThatIsToBeNewIsCopiedInParts() {
        String large = written("x".repeat(12 << 20));
        var inParts = ((S3Storage) storage).trash(new BucketCopies.Sizes(6 << 20, 5 << 20));
        inParts.take(RUN, List.of(large), () -> true);
        server.forgetRequests();

        assertThat(inParts.restoreAsOf(RUN, large, inParts.now(), () -> {})).isEqualTo(Restored.BACK);

        assertThat(server.requests()).containsEntry("UploadPartCopy", 3L).doesNotContainKey("CopyObject");
        assertThat(content(large)).isEqualTo("x".repeat(12 << 20));
        assertThat(versions(key(large)).versions()).hasSize(1);
    }

    /** By a sweeper, after the trash was seen to be empty. */
    @Test
    void theTermsOfATrashThatIsFilledWhileItEndsStay() {
        trash.prepare(RUN, Duration.ofDays(7));
        Trash.Terms terms = trash.terms(RUN);
        beforeDeletion(
                () -> assertThat(trash.take(RUN, List.of(data), () -> true)).isEmpty());

        trash.end(RUN);

        assertThat(files(RUN)).hasSize(1);
        assertThat(trash.terms(RUN)).isEqualTo(terms);
    }

    @Test
    void aListThatCannotBeReadStays() {
        trash.prepare(RUN, Duration.ofHours(1));
        trash.take(RUN, List.of(data), () -> true);
        String list = keys(versions("some/root/tidemark/trash/" + RUN + "/versions/"))
                .iterator()
                .next();
        put(list, "{\"files\": [{\"path\": \"elsewhere\", \"version\": \"1\", \"size\": 1, \"modified\": 1}]}");

        assertThat(files(RUN)).isEmpty();
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.NOT_THERE);
        trash.end(RUN);

        assertThat(trash.runs()).containsExactly(RUN);
    }

    @Test
    void withoutATrashADeletionLeavesAnOldVersion() {
        assertThat(storage.deleteAll(List.of(data), () -> true)).isEmpty();

        assertThat(versions(key(data)).versions()).hasSize(1);
        assertThat(trash.runs()).isEmpty();
    }
}
