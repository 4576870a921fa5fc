package dev.tidemark.sweeper.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RepositoryGlob;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.trash.DeferredRecords;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A run that has swept all that a test adds to a registry, and its undo. */
abstract class UndoneRun {

    static final RunId RUN = RunId.next(Instant.now().minusSeconds(20), Optional.empty());

    @TempDir
    Path directory;

    RegistryOnDisk registry;
    RepositoryOnDisk app;
    RepositoryOnDisk site;
    Storage storage;
    Trash trash;
    Set<String> kept;
    final DeferredRecords records = new DeferredRecords("operator (tidemark undo)");

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

    Undo undo(UndoFilter filter) {
        return new Undo(storage, trash, RUN, filter, records);
    }

    static UndoFilter repositories(String glob) {
        return new UndoFilter(List.of(RepositoryGlob.of(glob)), Set.of());
    }

    static UndoFilter digests(String digest) {
        return new UndoFilter(List.of(), Set.of(Digest.parse(digest)));
    }

    /** Sweeps all but what was there at first. Returns the registry as it was before. */
    Map<String, String> swept(RunId run) {
        Map<String, String> before = registry.snapshot();
        registry.age(Duration.ofDays(3));
        take(run, collected(before));
        return before;
    }

    /** The paths of all files but those that were there at first. */
    List<String> collected(Map<String, String> files) {
        return files.keySet().stream()
                .filter(file -> !kept.contains(file) && !file.endsWith("/"))
                .map(file -> file.substring(Layout.BASE.length() + 1))
                .toList();
    }

    void take(RunId run, List<String> files) {
        trash.prepare(run, Duration.ofDays(1));
        var all = new ArrayList<>(files);
        all.removeIf(file -> storage.stat(file).isEmpty());
        assertThat(trash.take(run, all, () -> true)).isEmpty();
        all.forEach(file -> storage.prune(
                file.substring(0, file.lastIndexOf('/')),
                file.startsWith(Layout.BLOBS) ? Layout.BLOBS : Layout.REPOSITORIES));
    }

    /** What the undo has recorded. */
    List<TrashRecord> said() {
        List<TrashRecord> said = new ArrayList<>();
        records.each(said::addAll);
        return said;
    }
}
