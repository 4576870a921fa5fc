package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.Trash.Way;
import dev.tidemark.storage.TrashContract;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** The files of the contract were there before the bucket had versioning; those that this writes came after. */
class VersionTrashTest extends TrashContract {

    private static final String BUCKET = "registry";
    private static final RunId EARLIER = new RunId("20261128-030000");

    private S3Server server;
    private S3AsyncClient client;

    @Override
    protected Path root() {
        server = S3Server.on(directory);
        Path root = server.bucket(BUCKET).resolve("some/root");
        server.keepVersions(BUCKET);
        client = S3Client.of(
                S3StorageContractTest.settings(server, "/some/root/"),
                new Calls(List.of()),
                new Patience(),
                S3Client.LIMITS);
        return root;
    }

    @Override
    protected Storage open() {
        return S3Storage.open(S3StorageContractTest.settings(server, "/some/root/"), new Calls(List.of()));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

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

    /** By another process, after the purge has looked at the versions. */
    @Test
    void aFileThatComesBackWhileItIsPurgedStays() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        beforeDeletion(() -> assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK));

        trash.purge(RUN, List.of(file), () -> true);

        assertThat(content(file)).isEqualTo("layer");
    }

    @Test
    void anOlderVersionDoesNotShowUpAgain() {
        String file = written("one");
        write(file, "two");
        trash.take(RUN, List.of(file), () -> true);

        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(storage.stat(file)).isEmpty();
        assertThat(files(RUN)).isEmpty();
        assertThat(versions(key(file)).versions()).hasSize(1);
        assertThat(versions(key(file)).deleteMarkers()).hasSize(1);
    }

    @Test
    void aPurgeLeavesWhatSomebodyElseHasBroughtBack() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        destroy(file, versions(key(file)).deleteMarkers().getFirst().versionId());

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.IN_PLACE);
        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(content(file)).isEqualTo("layer");
        assertThat(files(RUN)).isEmpty();
    }

    @Test
    void aPurgeDestroysTheOldVersionOfWhatWasPushedAgain() {
        String file = written("layer");
        trash.take(RUN, List.of(file), () -> true);
        write(file, "layer");

        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(content(file)).isEqualTo("layer");
        assertThat(versions(key(file)).versions()).hasSize(1);
    }

    /** A sweep of a later run has it, and keeps it for as long as that run has asked for. */
    @Test
    void aPurgeLeavesWhatAnotherRunHasTakenAgain() {
        String file = written("layer");
        trash.take(EARLIER, List.of(file), () -> true);
        destroy(file, versions(key(file)).deleteMarkers().getFirst().versionId());
        trash.take(RUN, List.of(file), () -> true);

        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("layer");
    }

    /**
     * The earlier run was cancelled when its sweeper was killed, between its list and the deletion. The marker is the
     * later run's, and so is the file, for as long as that one has asked for.
     */
    @Test
    void aFileThatAKilledRunDidNotDeleteIsTheLaterRuns() {
        String file = written("layer");
        killedBeforeItsDeletion(EARLIER, file);
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(trash.restore(EARLIER, file)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(RUN)).hasSize(1);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("layer");
        trash.end(EARLIER);
        assertThat(trash.runs()).doesNotContain(EARLIER);
    }

    /** Neither list says whose the marker is. */
    @Test
    void ofTwoRunsThatWereKilledTheLaterOneHasTheFile() {
        String file = written("layer");
        killedBeforeItsDeletion(EARLIER, file);
        killedAfterItsDeletion(RUN, file);

        assertThat(trash.restore(EARLIER, file)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("layer");
    }

    /** The earlier run has deleted it, it was pushed again, and the later run has deleted that. */
    @Test
    void aPurgeOfWhatAKilledRunHasDeletedLeavesWhatALaterRunHas() {
        String file = written("one");
        killedAfterItsDeletion(EARLIER, file);
        write(file, "another");
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(versions(key(file)).versions()).hasSize(1);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("another");
    }

    /** It was written again before the later run has deleted it: the earlier one has deleted nothing. */
    @Test
    void aVersionThatWasWrittenAfterARunWasKilledIsTheLaterRuns() {
        String file = written("one");
        killedBeforeItsDeletion(EARLIER, file);
        write(file, "another");
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(trash.restore(EARLIER, file)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(EARLIER, List.of(file), () -> true)).isEmpty();

        assertThat(files(EARLIER)).isEmpty();
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("another");
    }

    /** A run whose sweeper was killed goes on: its file is as young in the trash as its deletion. */
    @Test
    void aFileThatItsRunHasListedTwiceIsInTheTrashOnce() {
        String file = written("layer");
        killedBeforeItsDeletion(RUN, file);
        long killed = files(RUN).getFirst().since();
        long now = trash.now();
        while (trash.now() <= killed) {
            Thread.onSpinWait();
        }

        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(files(RUN)).hasSize(1).allMatch(taken -> taken.since() > killed && taken.since() >= now);
        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();
        assertThat(files(RUN)).isEmpty();
        assertThat(versions(key(file)).versions()).isEmpty();
    }

    @Test
    void aFileThatIsWrittenBetweenTheLookAndTheDeletionIsKept() {
        String file = written("old");
        trash.onlyIfAsked();
        beforeDeletion(() -> write(file, "new"));
        assertThat(trash.take(RUN, List.of(file), () -> true)).isEmpty();
        long since = files(RUN).getFirst().since();

        assertThat(trash.purge(RUN, List.of(file), () -> true).get(file))
                .hasMessageContaining("was written while it was swept");

        assertThat(versions(key(file)).versions()).hasSize(2);
        Trashed kept = files(RUN).getFirst();
        assertThat(kept.size()).isEqualTo(3);
        assertThat(kept.modified())
                .as("of the later version")
                .isEqualTo(BucketPages.stat(
                                file,
                                3L,
                                versions(key(file)).versions().getFirst().lastModified(),
                                null)
                        .modified());
        assertThat(kept.since()).isEqualTo(since);
        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
        assertThat(content(file)).isEqualTo("new");
    }

    /** A sweeper was killed between its list and the deletion. */
    @Test
    void aFileThatIsListedAndNotDeletedStays() {
        String file = written("layer");
        all("DeleteObjects", new Answer.Error(403, "AccessDenied"));
        assertThat(trash.take(RUN, List.of(file), () -> true)).containsKey(file);
        server.faults(request -> Optional.empty());
        assertThat(files(RUN)).hasSize(1);

        assertThat(trash.restore(RUN, file)).isEqualTo(Restored.IN_PLACE);
        assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();

        assertThat(content(file)).isEqualTo("layer");
        assertThat(files(RUN)).isEmpty();
    }

    /** A sweeper was killed between the deletion and the list that says which markers it has made. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatIsDeletedAndNotListedAgainIsInTheTrash(boolean restored) {
        String file = written("layer");
        killedAfterItsDeletion(RUN, file);
        assertThat(files(RUN)).hasSize(1);

        if (restored) {
            assertThat(trash.restore(RUN, file)).isEqualTo(Restored.BACK);
            assertThat(content(file)).isEqualTo("layer");
        } else {
            assertThat(trash.purge(RUN, List.of(file), () -> true)).isEmpty();
            assertThat(versions(key(file)).versions()).isEmpty();
            assertThat(versions(key(file)).deleteMarkers()).isEmpty();
        }
        assertThat(files(RUN)).isEmpty();
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

    /** The path of a blob that a registry has written. */
    private String written(String content) {
        String path =
                Layout.blob(Digest.parse(RegistryOnDisk.sha256(content.getBytes(StandardCharsets.UTF_8)))) + "/data";
        write(path, content);
        return path;
    }

    @Override
    protected void write(String path, String content) {
        put(key(path), content);
    }

    private void put(String key, String content) {
        client.putObject(request -> request.bucket(BUCKET).key(key), AsyncRequestBody.fromString(content))
                .join();
    }

    private void destroy(String path, String version) {
        client.deleteObject(request -> request.bucket(BUCKET).key(key(path)).versionId(version))
                .join();
    }

    private ListObjectVersionsResponse versions(String prefix) {
        return client.listObjectVersions(request -> request.bucket(BUCKET).prefix(prefix))
                .join();
    }

    private static Set<String> keys(ListObjectVersionsResponse versions) {
        Set<String> keys = new HashSet<>();
        versions.versions().stream().map(ObjectVersion::key).forEach(keys::add);
        versions.deleteMarkers().stream().map(DeleteMarkerEntry::key).forEach(keys::add);
        return keys;
    }

    private String content(String path) {
        return storage.read(path, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
                .orElseThrow();
    }

    private static String key(String path) {
        return "some/root/docker/registry/v2/" + path;
    }

    private void killedBeforeItsDeletion(RunId run, String file) {
        assertThat(trash.onlyIfAsked()).isFalse();
        all("DeleteObjects", new Answer.Error(403, "AccessDenied"));
        assertThat(trash.take(run, List.of(file), () -> true)).containsKey(file);
        server.faults(request -> Optional.empty());
    }

    private void killedAfterItsDeletion(RunId run, String file) {
        assertThat(trash.onlyIfAsked()).isFalse();
        var deleted = new AtomicBoolean();
        server.faults(request -> {
            deleted.compareAndSet(false, request.operation().equals("DeleteObjects"));
            return deleted.get() && request.operation().equals("PutObject")
                    ? Optional.of(new Answer.Error(403, "AccessDenied"))
                    : Optional.empty();
        });
        assertThat(trash.take(run, List.of(file), () -> true)).isEmpty();
        server.faults(request -> Optional.empty());
    }

    private void beforeDeletion(Runnable action) {
        List<Runnable> once = new ArrayList<>(List.of(action));
        server.faults(request -> {
            if (request.operation().equals("DeleteObjects") && !once.isEmpty()) {
                once.removeFirst().run();
            }
            return Optional.empty();
        });
    }

    /** Answers every request for an operation with this one. */
    private void all(String operation, Answer answer) {
        server.faults(request -> request.operation().equals(operation) ? Optional.of(answer) : Optional.empty());
        server.forgetRequests();
    }
}
