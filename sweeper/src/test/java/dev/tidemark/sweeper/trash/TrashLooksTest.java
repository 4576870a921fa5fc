package dev.tidemark.sweeper.trash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.FakeReplica;
import dev.tidemark.sweeper.cache.ForgetfulCache;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.cache.ReplicaMemory;
import dev.tidemark.sweeper.cache.Replicas;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.look.StoppedException;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrashLooksTest {

    private static final Instant REQUESTED = Instant.now().minusSeconds(10);
    private static final Duration SETTLE = Duration.ofMinutes(10);
    private static final RunId RUN = RunId.next(REQUESTED, Optional.empty());
    private static final Requested REQUEST = new Requested(
            RUN,
            REQUESTED.toEpochMilli(),
            new Options(REQUESTED.toEpochMilli(), true, false),
            100,
            "test",
            null,
            null,
            null);

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private Storage storage;
    private Trash trash;
    private final Noted noted = new Noted();

    /** Keeps what it is told. */
    private static final class Noted implements TrashJournal {

        private final List<String> restored = new ArrayList<>();
        private final List<String> purged = new ArrayList<>();
        /** By path: since when it was there, how long it had to be, and when the look began. */
        private final Map<String, List<Long>> gone = new HashMap<>();

        @Override
        public synchronized void restored(Trashed file, String why) {
            restored.add(file.path());
        }

        @Override
        public synchronized void purging(List<Trashed> files, long least, long looked) {
            files.forEach(file -> purged.add(file.path()));
        }

        @Override
        public synchronized void purged(List<Trashed> files, long least, long looked) {
            files.forEach(file -> gone.put(file.path(), List.of(file.since(), least, looked)));
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        app.tag("latest", app.image("kept"));
        storage = FilesystemStorage.open(registry.root());
        trash = storage.trash().orElseThrow();
    }

    @Test
    void anImageThatIsPushedAgainWhileItIsSweptComesBackWhole() {
        String image = anOldImage();
        Map<String, String> before = registry.snapshot();
        List<String> taken = sweep(Duration.ZERO, image);

        // The registry has answered that all of it is there, and writes but the revision.
        RegistryOnDisk.write(app.revision(image), image.getBytes(StandardCharsets.UTF_8));
        TrashReport report = looks(Duration.ZERO).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(report.restored().count()).isEqualTo(taken.size() - 1);
        assertThat(noted.restored).hasSize(taken.size() - 1).contains(data(image));
    }

    @Test
    void aLayerThatIsMountedWhileItIsSweptComesBack() {
        String layer = registry.blob("layer");
        registry.age(Duration.ofDays(3));
        trash.take(RUN, List.of(data(layer)), () -> true);

        registry.repo("other").layerLink(layer);
        look(Duration.ZERO);

        assertThat(registry.data(layer)).hasContent("layer");
    }

    @Test
    void anIndexThatIsPushedAgainBringsItsImagesBack() {
        String one = app.image("one");
        String two = app.image("two");
        String index = app.index(one, two);
        registry.age(Duration.ofDays(3));
        Map<String, String> before = registry.snapshot();
        sweep(Duration.ZERO, one, two);

        RegistryOnDisk.write(app.revision(index), index.getBytes(StandardCharsets.UTF_8));
        look(Duration.ZERO);

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void anImageThatAnEventNamesComesBackWhole() {
        String image = anOldImage();
        Map<String, String> before = registry.snapshot();
        sweep(Duration.ofDays(1), image);
        RegistryOnDisk.write(app.revision(image), image.getBytes(StandardCharsets.UTF_8));

        Tally restored = looks(Duration.ZERO)
                .heal(Optional.of(REQUEST), List.of(new Nominee("team/app", Digest.parse(image))), () -> true);

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(restored.count()).isEqualTo(noted.restored.size()).isPositive();
    }

    @Test
    void aLayerThatAnEventNamesComesBack() {
        String layer = registry.blob("layer");
        registry.age(Duration.ofDays(3));
        sweep(Duration.ofDays(1));
        trash.take(RUN, List.of(data(layer)), () -> true);
        registry.repo("other").layerLink(layer);

        looks(Duration.ZERO).heal(Optional.of(REQUEST), List.of(new Nominee("other", Digest.parse(layer))), () -> true);

        assertThat(registry.data(layer)).hasContent("layer");
    }

    @Test
    void anEventThatNoYoungLinkBearsOutBringsNothingBack() {
        String image = anOldImage();
        sweep(Duration.ofDays(1), image);
        Map<String, String> swept = registry.snapshot();

        Tally restored = looks(Duration.ZERO)
                .heal(
                        Optional.of(REQUEST),
                        List.of(
                                new Nominee("team/app", Digest.parse(image)),
                                new Nominee("no/such", Digest.parse(image)),
                                new Nominee("../../team/app", Digest.parse(image))),
                        () -> true);

        assertThat(restored).isEqualTo(Tally.NONE);
        assertThat(registry.snapshot()).isEqualTo(swept);
    }

    @Test
    void aFileThatIsWrittenWhileItIsTakenComesBack() {
        String image = anOldImage();
        Map<String, String> before = registry.snapshot();
        // The registry writes the link between the sweeper's last look and its move.
        RegistryOnDisk.write(app.revision(image), image.getBytes(StandardCharsets.UTF_8));
        sweep(Duration.ZERO, image);

        look(Duration.ZERO);

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void anythingElseIsPurgedAndRecordedFirst() {
        String image = anOldImage();
        List<String> taken = sweep(Duration.ZERO, image);

        TrashReport report = look(Duration.ZERO);

        assertThat(report.restored()).isEqualTo(Tally.NONE);
        assertThat(report.purged().count()).isEqualTo(taken.size());
        assertThat(noted.purged).containsExactlyInAnyOrderElementsOf(taken);
        assertThat(noted.gone)
                .hasSameSizeAs(taken)
                .allSatisfy((path, due) -> assertThat(due.get(2))
                        .as("when the look began that found no need of it")
                        .isGreaterThanOrEqualTo(due.get(0) + due.get(1)));
        assertThat(registry.root().resolve("tidemark")).doesNotExist();
    }

    @Test
    void nothingIsPurgedBeforeItHasSettled() {
        List<String> taken = sweep(Duration.ZERO, anOldImage());

        TrashReport report = look(Duration.ofMinutes(30));

        assertThat(report.purged()).isEqualTo(Tally.NONE);
        assertThat(report.left().count()).isEqualTo(taken.size());
        assertThat(report.nextDue().getAsLong()).isGreaterThan(System.currentTimeMillis() + 60_000);
    }

    @Test
    void nothingIsPurgedBeforeTheTimeThatItsOwnRunHasAskedFor() {
        sweep(Duration.ofDays(7), anOldImage());

        assertThat(look(Duration.ZERO).purged()).isEqualTo(Tally.NONE);
        assertThat(looks(Duration.ZERO)
                        .look(Optional.empty(), (run, keep) -> Duration.ZERO, () -> true)
                        .purged()
                        .count())
                .isPositive();
    }

    /** As terms may have it that were not written by this version: the sum of it and a time is long past. */
    @Test
    void nothingIsPurgedThatIsToBeKeptForLongerThanATimeCanSay() {
        for (Duration keep : List.of(Duration.ofMillis(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE))) {
            List<String> taken = sweep(keep, anOldImage());

            TrashReport report = look(Duration.ZERO);

            assertThat(report.purged()).isEqualTo(Tally.NONE);
            assertThat(report.left().count()).isGreaterThanOrEqualTo(taken.size());
            assertThat(report.nextDue().getAsLong()).isGreaterThan(System.currentTimeMillis());
        }
    }

    @Test
    void nothingIsPurgedAfterALookThatIsNotWhole() throws Exception {
        String image = anOldImage();
        List<String> taken = sweep(Duration.ZERO, image);
        // A young manifest that can't be read may need anything.
        String other = app.image("other");
        Files.delete(registry.data(other));
        Files.createSymbolicLink(registry.data(other), Path.of("/"));

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> look(Duration.ZERO));

        List<String> left = new ArrayList<>();
        trash.files(RUN, file -> left.add(file.path()));
        assertThat(left).containsExactlyInAnyOrderElementsOf(taken);
    }

    @Test
    void whatACutOffSweepMayNotHaveToldTheCacheItIsToldAndKeptUntilThatHasSettled() {
        List<String> taken = sweep(Duration.ZERO, anOldImage());
        Set<String> told = new TreeSet<>();
        var looks = looks(SETTLE, cache(told));

        TrashReport report = looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);

        assertThat(told).hasSize(taken.size());
        assertThat(report.purged()).isEqualTo(Tally.NONE);
        assertThat(report.nextDue().getAsLong())
                .isGreaterThan(REQUESTED.plus(SETTLE).toEpochMilli());

        told.clear();
        assertThat(looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true)
                        .purged())
                .isEqualTo(Tally.NONE);
        assertThat(told).as("once is enough").isEmpty();
    }

    @Test
    void whatTheSweepHasToldTheCacheIsPurgedWhenItHasSettled() {
        sweep(Duration.ZERO, anOldImage());
        Set<String> told = new TreeSet<>();
        var looks = looks(Duration.ZERO, cache(told));
        looks.toldBySweep(RUN);

        assertThat(looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true)
                        .purged()
                        .count())
                .isPositive();
        assertThat(told).isEmpty();
    }

    @Test
    void nothingIsPurgedThatTheCacheCannotBeTold() {
        sweep(Duration.ZERO, anOldImage());

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(
                        () -> looks(Duration.ZERO, away()).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true));
        assertThat(noted.purged).isEmpty();
    }

    @Test
    void whatIsNeededComesBackThoughTheCacheCannotBeTold() {
        String layer = registry.blob("layer");
        registry.age(Duration.ofDays(3));
        trash.take(RUN, List.of(data(layer)), () -> true);
        registry.repo("other").layerLink(layer);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(
                        () -> looks(Duration.ZERO, away()).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true));

        assertThat(registry.data(layer)).hasContent("layer");
    }

    @Test
    void theCacheIsToldOfALargeTrashInBatchesAsLongAsItMayGoOn() {
        List<String> blobs = IntStream.range(0, 2_500)
                .mapToObj(i -> data(registry.blob("blob " + i)))
                .toList();
        assertThat(trash.take(RUN, blobs, () -> true)).isEmpty();
        List<Integer> told = new ArrayList<>();
        var cache = new ForgetfulCache(gone -> told.add(gone.size()));

        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> looks(SETTLE, cache(cache))
                        .look(Optional.of(REQUEST), (run, keep) -> keep, () -> told.isEmpty()));
        assertThat(told).allMatch(size -> size <= 1_000).hasSizeLessThanOrEqualTo(2);

        told.clear();
        looks(SETTLE, cache(cache)).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);
        assertThat(told)
                .as("each file twice")
                .allMatch(size -> size <= 1_000)
                .satisfies(sizes ->
                        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(2 * blobs.size()));
    }

    /** Each process tells the cache once more, such as a collection a day. */
    @Test
    void aFileIsNoLongerKeptThanItWasToBeBecauseTheCacheIsToldAgain() {
        sweep(Duration.ofHours(1), anOldImage());
        long swept = trash.now();
        var looks = looks(Duration.ZERO, cache(new ForgetfulCache(gone -> awaitLaterThan(swept))));

        TrashReport report = looks.look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);

        assertThat(report.nextDue().getAsLong())
                .isLessThanOrEqualTo(swept + Duration.ofHours(1).toMillis());
    }

    private void awaitLaterThan(long time) {
        while (trash.now() <= time) {
            Thread.onSpinWait();
        }
    }

    /** A link that another registry has would be lost there. */
    @Test
    void aReplicaOfAnotherRegistryIsToldOfNothing() throws Exception {
        sweep(Duration.ZERO, anOldImage());
        try (var other = new FakeReplica(request -> request.method().equals("POST")
                        ? new FakeReplica.Answer(
                                202, Map.of("Docker-Upload-UUID", "d5a19016-e603-4e55-957f-6cf20601537e"), "")
                        : FakeReplica.Answer.of(request.path().contains("/uploads/") ? 204 : 202));
                var memory = new ReplicaMemory(
                        Replicas.of(List.of(other.url()), Optional.empty(), Optional.empty())
                                .orElseThrow(),
                        storage)) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> looks(Duration.ZERO, new CachePurge(Optional.of(memory)))
                            .look(Optional.of(REQUEST), (run, keep) -> keep, () -> true))
                    .withMessageContaining("has another storage");
            assertThat(other.requests()).allMatch(request -> request.path().startsWith("/v2/tidemark/probe/"));
        }
    }

    private static CachePurge away() {
        return cache(new ForgetfulCache(gone -> {
            throw new CacheException("it is away", null);
        }));
    }

    private static CachePurge cache(Set<String> told) {
        return cache(new ForgetfulCache(
                gone -> gone.forEach(each -> told.add(each.kind() + " " + each.repository() + each.digest()))));
    }

    /** By its clock each look at it takes minutes. */
    private static CachePurge cache(RegistryCache told) {
        var minutes = new AtomicLong();
        return new CachePurge(
                Optional.of(told),
                () -> Duration.ofMinutes(minutes.incrementAndGet()).toNanos());
    }

    @Test
    void whoeverLosesTheTrashPurgesNothingMore() {
        sweep(Duration.ZERO, anOldImage());

        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> looks(Duration.ZERO).look(Optional.of(REQUEST), (run, keep) -> keep, () -> false));

        assertThat(noted.purged).isEmpty();
    }

    private String anOldImage() {
        String image = app.image("old");
        registry.age(Duration.ofDays(3));
        return image;
    }

    private TrashReport look(Duration settle) {
        return looks(settle).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);
    }

    private TrashLooks looks(Duration settle) {
        return looks(settle, new CachePurge(Optional.empty()));
    }

    private TrashLooks looks(Duration settle, CachePurge cache) {
        return new TrashLooks(storage, trash, settle, noted, cache);
    }

    /** Moves images into the trash, with all that they have for themselves. */
    private List<String> sweep(Duration keep, String... images) {
        trash.prepare(RUN, keep);
        List<String> files = new ArrayList<>();
        for (String image : images) {
            Digest digest = Digest.parse(image);
            files.add(Layout.revision("team/app", digest) + "/link");
            files.add(Layout.blob(digest) + "/data");
            for (Digest blob : blobsOf(digest)) {
                files.add(Layout.layer("team/app", blob) + "/link");
                files.add(Layout.blob(blob) + "/data");
            }
        }
        files.removeIf(file -> storage.stat(file).isEmpty());
        assertThat(trash.take(RUN, files, () -> true)).isEmpty();
        files.forEach(file -> storage.prune(
                file.substring(0, file.lastIndexOf('/')),
                file.startsWith(Layout.BLOBS) ? Layout.BLOBS : Layout.repository("team/app")));
        return files;
    }

    private List<Digest> blobsOf(Digest image) {
        return new ManifestReader(storage)
                .read(image)
                .map(manifest -> (ManifestContent.Understood) manifest.content())
                .orElseThrow()
                .references();
    }

    private static String data(String digest) {
        return Layout.blob(Digest.parse(digest)) + "/data";
    }
}
