package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.TrashContract;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileTrashTest extends TrashContract {

    @Override
    protected Path root() {
        return directory.resolve("registry");
    }

    @Override
    protected Storage open() {
        return FilesystemStorage.open(registry.root());
    }

    @Test
    void aRestoredFileKeepsItsTimeAndLeavesNoDirectory() throws IOException {
        var modified = Files.getLastModifiedTime(registry.base().resolve(data));
        trash.prepare(RUN, Duration.ZERO);
        trash.take(RUN, List.of(data), () -> true);

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);

        assertThat(Files.getLastModifiedTime(registry.base().resolve(data))).isEqualTo(modified);
        trash.end(RUN);
        assertThat(registry.root().resolve("tidemark")).doesNotExist();
    }

    @Test
    void aPurgeLeavesNoDirectory() {
        trash.prepare(RUN, Duration.ZERO);
        trash.take(RUN, List.of(data), () -> true);

        trash.purge(RUN, List.of(data), () -> true);

        trash.end(RUN);
        assertThat(registry.root().resolve("tidemark")).doesNotExist();
    }

    @Test
    void aRestoredFileCanCountAsNew() throws IOException {
        trash.take(RUN, List.of(link), () -> true);

        assertThat(trash.restoreAsOf(RUN, link, System.currentTimeMillis(), () -> {}))
                .isEqualTo(Restored.BACK);

        assertThat(Files.getLastModifiedTime(registry.base().resolve(link)).toMillis())
                .isGreaterThan(System.currentTimeMillis() - 3_600_000);
    }

    @Test
    void aRestoreThatWasCutOffIsFinishedByTheNext() throws IOException {
        trash.take(RUN, List.of(data), () -> true);
        Path inTrash = TrashDirectory.in(registry.root()).file(RUN, data);
        Path place = Files.createDirectories(registry.base().resolve(data).getParent())
                .resolve("data");
        Files.createLink(place, inTrash);
        List<String> said = new ArrayList<>();

        assertThat(trash.restore(RUN, data, () -> said.add("back"))).isEqualTo(Restored.BACK);

        assertThat(said).hasSize(1);
        assertThat(inTrash).doesNotExist();
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aSymbolicLinkInTheTrashIsSeen() throws IOException {
        Files.delete(registry.base().resolve(data));
        Files.createSymbolicLink(registry.base().resolve(data), Path.of("elsewhere"));
        trash.take(RUN, List.of(data), () -> true);

        assertThat(files(RUN)).hasSize(1);
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(Files.readSymbolicLink(registry.base().resolve(data))).isEqualTo(Path.of("elsewhere"));
    }

    @Test
    void aTrashBehindASymbolicLinkIsNone() throws IOException {
        Files.createDirectories(directory.resolve("elsewhere"));
        Files.createSymbolicLink(registry.root().resolve("tidemark"), directory.resolve("elsewhere"));

        assertThatExceptionOfType(NoTrashException.class)
                .isThrownBy(() -> trash.prepare(RUN, Duration.ZERO))
                .withMessageContaining("is behind a symbolic link");
    }

    @Test
    void whereAFileIsInThePlaceOfTheTrashNothingIsTaken() {
        RegistryOnDisk.write(registry.root().resolve("tidemark"), new byte[0]);

        assertThatExceptionOfType(NoTrashException.class)
                .isThrownBy(() -> trash.prepare(RUN, Duration.ZERO))
                .withMessageContaining("can't be made")
                .withMessageContaining("--keep-trash off");
        StorageException why = trash.take(RUN, List.of(data), () -> true).get(data);
        assertThat(why).isInstanceOf(NoTrashException.class);
        RegistryOnDisk.remove(registry.root().resolve("tidemark"));
        assertThat(snapshot()).isEqualTo(before);
    }

    /** An undo removes the directories that it has emptied, and ends the trash, while its run goes on to sweep. */
    @Test
    void aSweepGoesOnWhileItsTrashIsEmptied() {
        Duration keep = Duration.ofDays(7);
        List<String> blobs = IntStream.range(0, 400)
                .mapToObj(i -> Layout.blob(Digest.parse(registry.blob("blob " + i))) + "/data")
                .toList();
        before = snapshot();
        var swept = new AtomicBoolean();
        Parallel.forEach(List.of(true, false), 2, sweeps -> {
            if (sweeps) {
                try {
                    blobs.forEach(blob -> {
                        assertThat(trash.take(RUN, List.of(blob), () -> true)).isEmpty();
                        trash.prepare(RUN, keep);
                    });
                } finally {
                    swept.set(true);
                }
            } else {
                while (!swept.get()) {
                    List<Trashed> found = files(RUN);
                    found.forEach(file -> trash.restore(RUN, file.path()));
                    if (!found.isEmpty()) {
                        trash.end(RUN);
                    }
                }
            }
        });
        files(RUN).forEach(file -> trash.restore(RUN, file.path()));
        trash.end(RUN);

        assertThat(snapshot()).isEqualTo(before);
        assertThat(trash.runs()).isEmpty();
    }
}
