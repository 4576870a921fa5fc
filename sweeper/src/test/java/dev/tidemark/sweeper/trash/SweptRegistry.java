package dev.tidemark.sweeper.trash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry whose old images were swept into the trash, and looks at that trash. */
abstract class SweptRegistry {

    static final Instant REQUESTED = Instant.now().minusSeconds(10);
    static final RunId RUN = RunId.next(REQUESTED, Optional.empty());
    static final Requested REQUEST = new Requested(
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

    RegistryOnDisk registry;
    RepositoryOnDisk app;
    Storage storage;
    Trash trash;
    final Noted noted = new Noted();

    /** Keeps what it is told. */
    static final class Noted implements TrashJournal {

        final List<String> restored = new ArrayList<>();
        final List<String> purged = new ArrayList<>();
        /** By path: since when it was there, how long it had to be, and when the look began. */
        final Map<String, List<Long>> gone = new HashMap<>();

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

    String anOldImage() {
        String image = app.image("old");
        registry.age(Duration.ofDays(3));
        return image;
    }

    TrashReport look(Duration settle) {
        return looks(settle).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);
    }

    TrashLooks looks(Duration settle) {
        return looks(settle, new CachePurge(Optional.empty()));
    }

    TrashLooks looks(Duration settle, CachePurge cache) {
        return new TrashLooks(storage, trash, settle, noted, cache);
    }

    /** Moves images into the trash, with all that they have for themselves. */
    List<String> sweep(Duration keep, String... images) {
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

    static String data(String digest) {
        return Layout.blob(Digest.parse(digest)) + "/data";
    }
}
