package dev.tidemark.sweeper.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RepositoryGlob;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.sweeper.trash.DeferredRecords;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoTest {

    private static final RunId RUN = RunId.next(Instant.now().minusSeconds(20), Optional.empty());
    private static final RunId LATER = RunId.next(Instant.now().minusSeconds(10), Optional.of(RUN));

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private RepositoryOnDisk site;
    private Storage storage;
    private Trash trash;
    private Set<String> kept;
    private final DeferredRecords records = new DeferredRecords("operator (tidemark undo)");

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        site = registry.repo("team/web/site");
        registry.repo("other").tag("latest", registry.repo("other").image("kept"));
        storage = FilesystemStorage.open(registry.root());
        trash = storage.trash().orElseThrow();
        kept = registry.snapshot().keySet();
    }

    @Test
    void allOfARunComesBack() {
        app.image("one");
        site.image("two");
        Map<String, String> before = swept(RUN);

        Undo.Outcome preview = undo(UndoFilter.NONE).preview();
        Undo.Outcome outcome = undo(UndoFilter.NONE).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(outcome).isEqualTo(preview);
        assertThat(outcome.failed()).isEmpty();
        assertThat(trash.runs()).isEmpty();
        List<TrashRecord> said = new ArrayList<>();
        records.each(said::addAll);
        assertThat(said)
                .hasSize((int) outcome.restored().count())
                .allMatch(record -> record.outcome() == TrashRecord.Outcome.RESTORED
                        && record.why().equals("its run is undone")
                        && record.by().equals("operator (tidemark undo)"));
    }

    /** Its time is that of the undo: the next run keeps it. */
    @Test
    void anUploadComesBackAsIfItHadJustBeenGoneOnWith() {
        Path upload =
                app.upload("3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90", Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        Map<String, String> wanted = registry.snapshot();
        site.image("three");
        swept(RUN);

        Undo.Outcome outcome = undo(repositories("team/*")).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
        assertThat(outcome.restored().count()).isEqualTo(3);
        assertThat(Duration.between(modified(upload.resolve("data")), Instant.now()))
                .isLessThan(Duration.ofHours(1));
        List<TrashRecord> said = new ArrayList<>();
        records.each(said::addAll);
        assertThat(said).hasSize(3).allMatch(record -> record.kind() == Kind.UPLOAD);
    }

    /** Its start comes last: a registry that finds it goes on with what is there. */
    @Test
    void anUploadIsWholeBeforeARegistryGoesOnWithIt() {
        List<Path> uploads = IntStream.range(0, 9)
                .mapToObj(i -> app.upload(
                        "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c9" + i, Instant.now().minus(Duration.ofDays(8))))
                .toList();
        registry.age(Duration.ofDays(8));
        site.image("three");
        swept(RUN);
        List<String> starts = new ArrayList<>();
        var watched = (Trash) Proxy.newProxyInstance(
                Trash.class.getClassLoader(), new Class<?>[] {Trash.class}, (self, method, given) -> {
                    if (method.getName().equals("restoreAsOf") && ((String) given[1]).endsWith("/startedat")) {
                        starts.add((String) given[1]);
                        assertThat(uploads).allMatch(upload -> Files.exists(upload.resolve("data")));
                        assertThat(uploads).allMatch(upload -> Files.exists(upload.resolve("hashstates/sha256/10")));
                    }
                    return method.invoke(trash, given);
                });

        new Undo(storage, watched, RUN, UndoFilter.NONE, records).restore();

        assertThat(starts).hasSize(9);
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRepositoryComesBackWithAllThatItLeadsToAndNothingElse() {
        app.index(app.image("one"), app.image("two"));
        app.layerLink(registry.blob("uploaded"));
        Map<String, String> wanted = registry.snapshot();
        site.image("three");
        registry.blob("linked by nobody");
        swept(RUN);

        Undo.Outcome preview = undo(repositories("team/*")).preview();
        Undo.Outcome outcome = undo(repositories("team/*")).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
        assertThat(outcome).isEqualTo(preview);
    }

    @Test
    void aGlobOfTwoStarsNamesRepositoriesAtAnyDepth() {
        app.image("one");
        site.image("two");
        Map<String, String> wanted = registry.snapshot();
        registry.blob("linked by nobody");
        swept(RUN);

        undo(repositories("team/**")).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void aManifestComesBackWithAllThatItLeadsToAndNothingElse() {
        String index = app.index(app.image("one"));
        Map<String, String> wanted = registry.snapshot();
        app.image("two");
        swept(RUN);

        undo(digests(index)).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void aBlobComesBackWithTheLinksThatNameItAndNothingElse() {
        String layer = registry.blob("layer");
        app.layerLink(layer);
        site.layerLink(layer);
        Map<String, String> wanted = registry.snapshot();
        app.image("two");
        swept(RUN);

        undo(digests(layer)).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void ofBothFiltersBothHaveToNameIt() {
        String layer = registry.blob("layer");
        site.layerLink(layer);
        Map<String, String> wanted = registry.snapshot();
        app.layerLink(layer);
        swept(RUN);

        undo(new UndoFilter(List.of(RepositoryGlob.of("team/web/*")), Set.of(Digest.parse(layer))))
                .restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void anEntryOfATagsHistoryComesBackWithItsManifest() {
        String image = app.image("old");
        app.tag("v1", image);
        Map<String, String> before = registry.snapshot();
        String entry = Layout.historyEntry("team/app", "v1", Digest.parse(image)) + "/link";
        take(RUN, List.of(entry, Layout.revision("team/app", Digest.parse(image)) + "/link"));

        undo(digests(image)).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    /** The trash may have a tag for longer than its image. */
    @Test
    void aTagWhoseImageIsPurgedIsSaidToNameNothing() {
        String image = app.image("one");
        app.tag("v1", image);
        swept(RUN);
        List<String> files = new ArrayList<>();
        trash.files(RUN, file -> files.add(file.path()));
        files.removeIf(file -> LayoutEntry.tagOf(file).isPresent());
        assertThat(trash.purge(RUN, files, () -> true)).isEmpty();

        Undo.Outcome outcome = undo(UndoFilter.NONE).restore();

        assertThat(outcome.tags()).containsExactly("team/app:v1");
        List<TrashRecord> said = new ArrayList<>();
        records.each(said::addAll);
        assertThat(said)
                .extracting(TrashRecord::kind, TrashRecord::key, TrashRecord::outcome)
                .containsExactly(tuple(Kind.TAG, "team/app:v1", TrashRecord.Outcome.RESTORED));
        assertThat(outcome.failed())
                .containsExactly("team/app:v1 is back, and names " + image + ", which is not there");
    }

    /** A layer that two runs have swept, as one of the two repositories was collected later. */
    @Test
    void aFileThatAnotherRunHasSweptComesBackIfItIsNeededAndIsCounted() {
        String image = app.image("one");
        Map<String, String> before = registry.snapshot();
        List<String> blobs = collected(before).stream()
                .filter(file -> file.startsWith(Layout.BLOBS))
                .filter(file -> !file.contains(Digest.parse(image).hex()))
                .toList();
        take(LATER, blobs);
        swept(RUN);

        Undo.Outcome preview = undo(digests(image)).preview();
        Undo.Outcome outcome = undo(digests(image)).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(outcome).isEqualTo(preview);
        assertThat(outcome.restored().count()).isEqualTo(collected(before).size());
    }

    @Test
    void aFileThatIsThereAgainIsLeftAsItIs() {
        String layer = registry.blob("layer");
        app.layerLink(layer);
        Map<String, String> before = swept(RUN);
        registry.blob("layer");

        Undo.Outcome preview = undo(digests(layer)).preview();
        Undo.Outcome outcome = undo(digests(layer)).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(outcome).isEqualTo(preview);
        assertThat(outcome.inPlace()).isEqualTo(1);
        assertThat(outcome.restored().count()).isEqualTo(1);
    }

    /** What the run goes on to take is needed by what is back: the look at the end of its sweep finds that. */
    @Test
    void anUndoBesideItsOwnSweepLosesNothing() {
        app.tag("v1", app.image("one"));
        site.index(site.image("two"), site.image("three"));
        Map<String, String> before = registry.snapshot();
        registry.age(Duration.ofDays(3));
        List<String> blobs = collected(before).stream()
                .filter(file -> file.startsWith(Layout.BLOBS))
                .toList();
        take(
                RUN,
                collected(before).stream().filter(file -> !blobs.contains(file)).toList());
        take(RUN, blobs.subList(0, 3));

        Undo.Outcome outcome = undo(UndoFilter.NONE).restore();
        take(RUN, blobs.subList(3, blobs.size()));
        TrashKeeper.recordingLater(storage, trash, Duration.ZERO, Optional.empty(), records)
                .look(Optional.empty(), () -> true);

        assertThat(outcome.failed()).isEmpty();
        assertThat(registry.snapshot()).isEqualTo(before);
        trash.files(RUN, file -> fail(file + " stays in the trash"));
    }

    @Test
    void aFilterThatNamesNothingChangesNothing() {
        app.image("one");
        swept(RUN);
        Map<String, String> after = registry.snapshot();

        assertThat(undo(repositories("nobody/*")).preview()).isEqualTo(Undo.Outcome.NOTHING);
        assertThat(undo(repositories("nobody/*")).restore()).isEqualTo(Undo.Outcome.NOTHING);
        assertThat(registry.snapshot()).isEqualTo(after);
    }

    private Undo undo(UndoFilter filter) {
        return new Undo(storage, trash, RUN, filter, records);
    }

    private static UndoFilter repositories(String glob) {
        return new UndoFilter(List.of(RepositoryGlob.of(glob)), Set.of());
    }

    private static UndoFilter digests(String digest) {
        return new UndoFilter(List.of(), Set.of(Digest.parse(digest)));
    }

    /** Sweeps all but what was there at first. Returns the registry as it was before. */
    private Map<String, String> swept(RunId run) {
        Map<String, String> before = registry.snapshot();
        registry.age(Duration.ofDays(3));
        take(run, collected(before));
        return before;
    }

    /** The paths of all files but those that were there at first. */
    private List<String> collected(Map<String, String> files) {
        return files.keySet().stream()
                .filter(file -> !kept.contains(file) && !file.endsWith("/"))
                .map(file -> file.substring(Layout.BASE.length() + 1))
                .toList();
    }

    private void take(RunId run, List<String> files) {
        trash.prepare(run, Duration.ofDays(1));
        var all = new ArrayList<>(files);
        all.removeIf(file -> storage.stat(file).isEmpty());
        assertThat(trash.take(run, all, () -> true)).isEmpty();
        all.forEach(file -> storage.prune(
                file.substring(0, file.lastIndexOf('/')),
                file.startsWith(Layout.BLOBS) ? Layout.BLOBS : Layout.REPOSITORIES));
    }
}
