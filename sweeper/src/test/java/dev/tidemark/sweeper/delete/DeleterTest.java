package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.FakeLane;
import dev.tidemark.sweeper.Watched;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.ForgetfulCache;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.order.Batch;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeleterTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final String UPLOAD = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private String image;
    private String later;
    private String orphan;
    private Options options;

    @BeforeEach
    void anOldRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        image = app.image("image");
        later = app.image("later");
        app.tag("v1", image).tag("v1", later);
        orphan = registry.blob("orphan");
        registry.age(Duration.ofDays(2));
        options = new Options(
                Instant.now().minus(Duration.ofDays(1)).toEpochMilli(),
                true,
                false,
                Instant.now().minus(Duration.ofDays(7)).toEpochMilli());
    }

    @Test
    void aManifestTakesItsHistoryWithIt() {
        assertThat(sweep(manifest("team/app", image, "v1")).outcome()).isEqualTo(Outcome.DELETED);

        assertThat(app.revision(image).getParent()).doesNotExist();
        assertThat(app.history("v1", image).getParent()).doesNotExist();
        assertThat(app.currentLink("v1")).exists();
        assertThat(registry.data(image)).exists();
    }

    @Test
    void emptyDirectoriesGoUpToTheRepositorysOwn() {
        RegistryOnDisk.remove(app.directory().resolve("_manifests/tags"));
        RegistryOnDisk.remove(app.revision(later).getParent());

        sweep(manifest("team/app", image));
        for (String part : List.of(
                "config of image",
                "image, layer 1",
                "image, layer 2",
                "config of later",
                "later, layer 1",
                "later, layer 2")) {
            sweep(layer("team/app", RegistryOnDisk.sha256(part.getBytes(StandardCharsets.UTF_8))));
        }

        assertThat(app.directory()).isEmptyDirectory();
    }

    @Test
    void aBlobGoesWithItsDirectories() {
        assertThat(sweep(blob(orphan)).bytes()).isEqualTo(1);

        assertThat(registry.blobDirectory(orphan)).doesNotExist();
        assertThat(registry.base().resolve("blobs")).exists();
    }

    @Test
    void anUploadGoesWithItsDirectories() {
        app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));

        assertThat(sweep(upload("team/app", UPLOAD)))
                .returns(Outcome.DELETED, DeletionRecord::outcome)
                .returns(7L, DeletionRecord::bytes)
                .returns(UPLOAD, DeletionRecord::upload);
        assertThat(app.directory().resolve("_uploads")).doesNotExist();
        assertThat(app.directory().resolve("_layers")).exists();

        assertThat(sweep(upload("team/app", UPLOAD)).outcome()).isEqualTo(Outcome.ALREADY_GONE);
    }

    /** From then on the registry refuses to go on with it: a client that does so begins anew. */
    @Test
    void theStartOfAnUploadGoesBeforeTheRest() {
        Path upload = app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        List<String> gone = new ArrayList<>();
        var watched = new Watched(storage());
        watched.afterDeletion = path -> {
            if (gone.isEmpty()) {
                assertThat(upload.resolve("data")).exists();
            }
            gone.add(path);
        };

        sweep(
                new Deleter(watched, Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty())),
                List.of(new Candidate(upload("team/app", UPLOAD), false, false)));

        assertThat(gone).hasSize(3).startsWith(Layout.uploadStart("team/app", UPLOAD));
    }

    @Test
    void anUploadStaysThatSomebodyHasGoneOnWith() throws IOException {
        Path upload = app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        RegistryOnDisk.age(upload.resolve("data"), Duration.ofDays(6));
        assertThat(sweep(upload("team/app", UPLOAD)))
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(WhyKept.YOUNG, DeletionRecord::why);

        registry.age(Duration.ofDays(8));
        Files.writeString(upload.resolve("startedat"), Instant.now().toString());
        RegistryOnDisk.age(upload.resolve("startedat"), Duration.ofDays(8));
        assertThat(sweep(upload("team/app", UPLOAD)).why()).isEqualTo(WhyKept.YOUNG);

        Files.writeString(upload.resolve("startedat"), "");
        RegistryOnDisk.age(upload.resolve("startedat"), Duration.ofDays(8));
        assertThat(sweep(upload("team/app", UPLOAD)).why()).isEqualTo(WhyKept.AGELESS);
        assertThat(upload.resolve("data")).exists();
    }

    /** Without a trash nothing brings it back. */
    @Test
    void anUploadStaysThatIsGoneOnWithWhileAnotherOfItsBatchGoes() {
        String second = UPLOAD.replace('3', '4');
        Path goneOn = app.upload(second, Instant.now().minus(Duration.ofDays(8)));
        app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        var watched = new Watched(storage());
        watched.afterDeletion = path -> RegistryOnDisk.age(goneOn.resolve("data"), Duration.ZERO);

        List<DeletionRecord> done = sweep(
                new Deleter(watched, Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty())),
                List.of(
                        new Candidate(upload("team/app", UPLOAD), false, false),
                        new Candidate(upload("team/app", second), false, false)));

        assertThat(done).extracting(DeletionRecord::outcome).containsExactly(Outcome.DELETED, Outcome.SPARED);
        assertThat(goneOn.resolve("startedat")).exists();
    }

    /** Without a trash nothing brings it back. */
    @Test
    void aTagStaysThatIsPushedWhileAnotherOfItsBatchGoes() {
        app.tag("v2", image);
        registry.age(Duration.ofDays(2));
        var watched = new Watched(storage());
        watched.afterDeletion = path -> {
            if (path.equals(Layout.currentLink("team/app", "v1"))) {
                app.tag("v2", image);
            }
        };

        List<DeletionRecord> done = sweep(
                new Deleter(watched, Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty())),
                List.of(new Candidate(tag("v1", later), false, false), new Candidate(tag("v2", image), false, false)));

        assertThat(done).extracting(DeletionRecord::outcome).containsExactly(Outcome.DELETED, Outcome.SPARED);
        assertThat(app.currentLink("v1")).doesNotExist();
        assertThat(app.currentLink("v2")).exists();
        assertThat(app.history("v2", image)).exists();
    }

    /** Some storages tell by themselves, with the deletion. */
    @Test
    void aFileThatTheStorageFindsWrittenAgainIsSparedAndNoFailure() {
        var telling = new Watched(storage()) {
            @Override
            public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
                return paths.stream()
                        .collect(Collectors.toMap(path -> path, path -> new WrittenAgainException("written again")));
            }
        };

        List<DeletionRecord> done = sweep(
                new Deleter(telling, Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty())),
                List.of(new Candidate(blob(orphan), false, false)));

        assertThat(done)
                .singleElement()
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(WhyKept.YOUNG, DeletionRecord::why);
    }

    /** While a blob is moved, no entry says any more that its links are there. */
    @Test
    void theRegistrysCacheForgetsTheLinksBeforeTheBlobsGo() {
        String layer = layerOf("image");
        List<String> forgotten = new ArrayList<>();
        var cache = new CachePurge(Optional.of(new ForgetfulCache(gone -> gone.forEach(each -> {
            forgotten.add(each.kind() + " " + each.digest());
            assertThat(app.revision(image)).doesNotExist();
            assertThat(Files.exists(app.layerPath(layer))).isEqualTo(each.kind() == Kind.MANIFEST);
            assertThat(Files.exists(registry.data(layer))).isEqualTo(each.kind() != Kind.BLOB);
        }))));

        sweep(
                new Deleter(storage(), Optional.empty(), request(null), Set.of(), cache),
                List.of(
                        new Candidate(blob(layer), false, false),
                        new Candidate(layer("team/app", layer), false, false),
                        new Candidate(manifest("team/app", image, "v1"), false, false)));

        assertThat(forgotten).containsExactly("MANIFEST " + image, "LAYER " + layer, "BLOB " + layer);
    }

    @Test
    void aFileThatIsGoneAlreadyIsSuccess() {
        for (Eligible eligible :
                List.of(manifest("team/app", image, "v1"), layer("team/app", layerOf("image")), blob(orphan))) {
            sweep(eligible);
            Map<String, String> after = registry.snapshot();

            assertThat(sweep(eligible).outcome()).isEqualTo(Outcome.ALREADY_GONE);
            assertThat(registry.snapshot()).isEqualTo(after);
        }
    }

    @Test
    void aTryThatWasCutOffIsFinished() {
        RegistryOnDisk.remove(app.revision(image).getParent());

        assertThat(sweep(manifest("team/app", image, "v1")).outcome()).isEqualTo(Outcome.ALREADY_GONE);
        assertThat(app.history("v1", image)).doesNotExist();
    }

    @Test
    void aFileThatHasBecomeYoungIsSpared() {
        RegistryOnDisk.age(app.revision(image), Duration.ZERO);
        RegistryOnDisk.age(app.layerPath(layerOf("image")), Duration.ZERO);
        RegistryOnDisk.age(registry.data(orphan), Duration.ZERO);
        Map<String, String> before = registry.snapshot();

        for (Eligible eligible :
                List.of(manifest("team/app", image, "v1"), layer("team/app", layerOf("image")), blob(orphan))) {
            assertThat(sweep(eligible))
                    .returns(Outcome.SPARED, DeletionRecord::outcome)
                    .returns(WhyKept.YOUNG, DeletionRecord::why);
        }
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void aManifestThatATagNamesAgainIsSpared() {
        app.tag("v1", image);
        RegistryOnDisk.age(app.currentLink("v1"), Duration.ofDays(2));

        assertThat(sweep(manifest("team/app", image, "v1")).why()).isEqualTo(WhyKept.TAGGED);

        RegistryOnDisk.write(app.currentLink("v1"), new byte[0]);
        assertThat(sweep(manifest("team/app", image, "v1")).why()).isEqualTo(WhyKept.TAG_UNREADABLE);
        assertThat(app.revision(image)).exists();
        assertThat(app.history("v1", image)).exists();
    }

    @Test
    void aBlobStaysWhereALinkToItWasSpared() {
        var deleter =
                new Deleter(storage(), Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty()));

        assertThat(sweep(deleter, new Candidate(blob(orphan), true, false)))
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(WhyKept.STILL_NAMED, DeletionRecord::why);
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void aBlobThatTheRegistryMayRememberStays() {
        List<String> asked = new ArrayList<>();
        var deleter = new Deleter(
                storage(),
                Optional.empty(),
                request(null),
                Set.of(),
                new CachePurge(Optional.of(new Remembering(asked))));

        List<DeletionRecord> records = sweep(
                deleter,
                List.of(
                        new Candidate(manifest("team/app", image, "v1"), false, false),
                        new Candidate(blob(image), false, false),
                        new Candidate(blob(orphan), false, false)));

        assertThat(records)
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.DELETED, Outcome.SPARED, Outcome.SPARED);
        assertThat(records.getLast().why()).isEqualTo(WhyKept.REMEMBERED);
        assertThat(asked).containsExactly(image + " linked until now", orphan + " linked by nothing");
        assertThat(app.revision(image)).doesNotExist();
        assertThat(registry.data(image)).exists();
        assertThat(registry.data(orphan)).exists();
    }

    /** A registry that may remember each blob. */
    private record Remembering(List<String> asked) implements RegistryCache {

        @Override
        public void check() {
            // It answers.
        }

        @Override
        public void forget(List<Eligible> gone) {
            // It forgets what it can.
        }

        @Override
        public boolean remembers(Eligible blob, boolean linked) {
            return asked.add(blob.digest() + (linked ? " linked until now" : " linked by nothing"));
        }

        @Override
        public String remedy() {
            return "";
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }

    @Test
    void nothingInARecordIsUsedAsAPath() {
        Map<String, String> before = registry.snapshot();

        for (String name :
                List.of("../../../..", "team/../team/app", "", "/etc", "Team/App", "_manifests", "team//app")) {
            assertThat(sweep(manifest(name, image, "v1")))
                    .returns(Outcome.SPARED, DeletionRecord::outcome)
                    .returns(WhyKept.INVALID, DeletionRecord::why);
            assertThat(sweep(layer(name, layerOf("image"))).outcome()).isEqualTo(Outcome.SPARED);
        }
        assertThat(sweep(manifest("team/app", image, "../v1")).why()).isEqualTo(WhyKept.INVALID);
        assertThat(sweep(upload("team/../team/app", UPLOAD)).why()).isEqualTo(WhyKept.INVALID);
        assertThat(sweep(upload("team/app", "../_layers")).why()).isEqualTo(WhyKept.INVALID);
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void nothingIsDeletedBehindASymbolicLink() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.move(registry.blobDirectory(orphan), outside.resolve("blob"));
        Files.createSymbolicLink(registry.blobDirectory(orphan), outside.resolve("blob"));
        Path aside = registry.root().resolve("aside");
        Files.move(app.directory().resolve("_layers"), aside);
        Files.createSymbolicLink(app.directory().resolve("_layers"), aside);

        assertThat(sweep(blob(orphan)).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(sweep(layer("team/app", layerOf("image"))).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(outside.resolve("blob/data")).exists();
        assertThat(app.layerPath(layerOf("image"))).exists();
    }

    @Test
    void aRescuedDigestIsSpared() {
        var deleter = new Deleter(
                storage(),
                Optional.empty(),
                request(null),
                Set.of(digest(orphan), digest(image), digest(layerOf("image"))),
                new CachePurge(Optional.empty()));

        assertThat(sweep(deleter, new Candidate(blob(orphan), false, false)).why())
                .isEqualTo(WhyKept.RESCUED);
        assertThat(sweep(deleter, new Candidate(manifest("team/app", image, "v1"), false, false))
                        .why())
                .isEqualTo(WhyKept.RESCUED);
        assertThat(sweep(deleter, new Candidate(layer("team/app", layerOf("image")), false, false))
                        .why())
                .isEqualTo(WhyKept.RESCUED);
    }

    @Test
    void signaturesOfOldManifestsGoWithThem() {
        Path signature = app.revision(image).resolveSibling("signatures/sha256/" + "ab".repeat(32) + "/link");
        RegistryOnDisk.write(signature, new byte[0]);

        assertThat(sweep(manifest("team/app", image)).outcome()).isEqualTo(Outcome.DELETED);
        assertThat(app.revision(image).getParent()).doesNotExist();
    }

    @Test
    void aFileThatACutOffTryHasDeletedIsDeleted() {
        var deleter =
                new Deleter(storage(), Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty()));
        for (Eligible eligible :
                List.of(manifest("team/app", image, "v1"), layer("team/app", layerOf("image")), blob(orphan))) {
            sweep(deleter, new Candidate(eligible, false, false));

            assertThat(sweep(deleter, new Candidate(eligible, false, true)))
                    .returns(Outcome.DELETED, DeletionRecord::outcome)
                    .returns(eligible.bytes(), DeletionRecord::bytes);
            assertThat(sweep(deleter, new Candidate(eligible, false, false)).outcome())
                    .isEqualTo(Outcome.ALREADY_GONE);
        }
    }

    @Test
    void aRunThatApprovesADryRunDeletesNothingElse() {
        RunId looked = new RunId("20251231-000000");
        var deleter =
                new Deleter(storage(), Optional.empty(), request(looked), Set.of(), new CachePurge(Optional.empty()));
        Map<String, String> before = registry.snapshot();

        assertThat(sweep(deleter, new Candidate(blob(orphan), false, false)).why())
                .isEqualTo(WhyKept.NOT_APPROVED);
        assertThat(sweep(deleter, new Candidate(since(null), false, false)).why())
                .isEqualTo(WhyKept.NOT_APPROVED);
        assertThat(registry.snapshot()).isEqualTo(before);

        assertThat(sweep(deleter, new Candidate(since(looked), false, false)).outcome())
                .isEqualTo(Outcome.DELETED);
    }

    @Test
    void aBlobStaysIfWhatNamesItCouldNotBeDeletedInTheSameGo() throws IOException {
        Path aside = registry.root().resolve("aside");
        Files.move(app.directory().resolve("_layers"), aside);
        Files.createSymbolicLink(app.directory().resolve("_layers"), aside);
        String layer = layerOf("image");

        List<DeletionRecord> deletions = together(List.of(layer("team/app", layer), blob(layer), blob(orphan)));

        assertThat(deletions)
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.FAILED, Outcome.SPARED, Outcome.DELETED);
        assertThat(deletions.get(1).why()).isEqualTo(WhyKept.STILL_NAMED);
        assertThat(registry.data(layer)).exists();
        assertThat(registry.data(orphan)).doesNotExist();
    }

    @Test
    void aBlobStaysIfWhatNamesItWasSparedInTheSameGo() {
        List<DeletionRecord> deletions = together(List.of(manifest("../app", image), blob(image), blob(orphan)));

        assertThat(deletions)
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.SPARED, Outcome.SPARED, Outcome.DELETED);
        assertThat(registry.data(image)).exists();
    }

    @Test
    void manyInOneGoComeToTheSameAsOneAfterTheOther() {
        var other = RegistryOnDisk.at(directory.resolve("other"));
        List<Eligible> all = new ArrayList<>();
        for (RegistryOnDisk each : List.of(registry, other)) {
            all.clear();
            for (int i = 0; i < 20; i++) {
                RepositoryOnDisk repository = each.repo("many/repo" + i % 3);
                String digest = repository.image("many" + i);
                repository.tag("v" + i, digest);
                repository.tag("v" + i, repository.image("kept"));
                all.add(manifest("many/repo" + i % 3, digest, "v" + i));
                all.add(blob(digest));
                all.add(layer("many/repo" + i % 3, layerOf("many" + i)));
                all.add(blob(layerOf("many" + i)));
            }
        }
        List.of(registry, other).forEach(each -> each.age(Duration.ofDays(10)));
        assertThat(together(all)).extracting(DeletionRecord::outcome).containsOnly(Outcome.DELETED);
        assertThat(together(all))
                .as("again")
                .extracting(DeletionRecord::outcome)
                .containsOnly(Outcome.ALREADY_GONE);

        var oneByOne = new Deleter(
                FilesystemStorage.open(other.root()),
                Optional.empty(),
                request(null),
                Set.of(),
                new CachePurge(Optional.empty()));
        all.forEach(eligible -> sweep(oneByOne, new Candidate(eligible, false, false)));
        assertThat(filesOf("many", registry)).isNotEmpty().isEqualTo(filesOf("many", other));
        assertThat(registry.blobs()).containsAll(other.blobs());
    }

    private static Set<String> filesOf(String namespace, RegistryOnDisk of) {
        return of.snapshot().keySet().stream()
                .filter(path -> path.contains("/" + namespace + "/"))
                .collect(Collectors.toSet());
    }

    private List<DeletionRecord> together(List<Eligible> all) {
        return sweep(
                new Deleter(storage(), Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty())),
                all.stream()
                        .map(eligible -> new Candidate(eligible, false, false))
                        .toList());
    }

    private Requested request(RunId approves) {
        return new Requested(RUN, 0, options, 75, "test", approves, null, null);
    }

    private DeletionRecord sweep(Eligible eligible) {
        return sweep(
                new Deleter(storage(), Optional.empty(), request(null), Set.of(), new CachePurge(Optional.empty())),
                new Candidate(eligible, false, false));
    }

    private static DeletionRecord sweep(Deleter deleter, Candidate candidate) {
        return sweep(deleter, List.of(candidate)).getFirst();
    }

    private static List<DeletionRecord> sweep(Deleter deleter, List<Candidate> candidates) {
        var batch = new Batch(candidates, Optional.empty());
        try {
            assertThat(deleter.delete(batch, new FakeLane(0))).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return batch.done(0).stream().map(Batch.Done::deletion).toList();
    }

    private FilesystemStorage storage() {
        return FilesystemStorage.open(registry.root());
    }

    private static String layerOf(String seed) {
        return RegistryOnDisk.sha256((seed + ", layer 1").getBytes(StandardCharsets.UTF_8));
    }

    private static Digest digest(String text) {
        return Digest.parse(text);
    }

    private static Eligible manifest(String repository, String digest, String... history) {
        return new Eligible(RUN, Kind.MANIFEST, digest(digest), repository, null, 0, "test", 0, List.of(history), RUN);
    }

    private static Eligible tag(String name, String digest) {
        return new Eligible(RUN, Kind.TAG, digest(digest), "team/app", name, 0, "test", 0, List.of(), RUN);
    }

    private static Eligible layer(String repository, String digest) {
        return new Eligible(RUN, Kind.LAYER, digest(digest), repository, null, 0, "test", 0, List.of(), RUN);
    }

    private static Eligible blob(String digest) {
        return new Eligible(RUN, Kind.BLOB, digest(digest), null, null, 1, "test", 0, List.of(), RUN);
    }

    private static Eligible upload(String repository, String id) {
        return new Eligible(
                RUN,
                Kind.UPLOAD,
                Layout.uploadDigest(repository, id),
                repository,
                null,
                id,
                7,
                "test",
                0,
                List.of(),
                RUN);
    }

    private Eligible since(RunId unreferencedSince) {
        return new Eligible(RUN, Kind.BLOB, digest(orphan), null, null, 1, "test", 0, List.of(), unreferencedSince);
    }
}
