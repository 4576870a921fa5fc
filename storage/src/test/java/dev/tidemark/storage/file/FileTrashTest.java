package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTrashTest {

    private static final RunId RUN = new RunId("20261129-030000");
    private static final RunId LATER = new RunId("20261130-030000");

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private Map<String, String> before;
    private Trash trash;
    private String data;
    private String link;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        String blob = registry.blob("blob");
        registry.repo("team/app").layerLink(blob);
        registry.age(Duration.ofDays(3));
        Digest digest = Digest.parse(blob);
        data = Layout.blob(digest) + "/data";
        link = Layout.layer("team/app", digest) + "/link";
        before = registry.snapshot();
        trash = FilesystemStorage.open(registry.root()).trash().orElseThrow();
    }

    @Test
    void filesThatAreTakenComeBackAsTheyWere() throws IOException {
        var modified = Files.getLastModifiedTime(registry.base().resolve(data));
        trash.prepare(RUN, Duration.ofHours(24));

        assertThat(trash.take(RUN, List.of(link, data), () -> true)).isEmpty();

        assertThat(registry.base().resolve(data)).doesNotExist();
        assertThat(registry.base().resolve(link)).doesNotExist();
        assertThat(trash.runs()).containsExactly(RUN);
        assertThat(trash.terms(RUN).keep()).isEqualTo(Duration.ofHours(24));
        assertThat(files(RUN)).extracting(Trashed::path).containsExactlyInAnyOrder(link, data);
        assertThat(files(RUN))
                .allSatisfy(file -> assertThat(file.since()).isCloseTo(trash.now(), Offset.offset(60_000L)));
        assertThat(files(RUN))
                .filteredOn(file -> file.path().equals(data))
                .extracting(Trashed::modified)
                .containsExactly(modified.toMillis());

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.BACK);
        assertThat(trash.restore(RUN, link)).isEqualTo(Restored.BACK);

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(registry.base().resolve(data))).isEqualTo(modified);
        trash.end(RUN);
        assertThat(registry.root().resolve("tidemark/trash/" + RUN)).doesNotExist();
    }

    @Test
    void aRestoredFileCanCountAsNew() throws IOException {
        trash.take(RUN, List.of(link), () -> true);

        assertThat(trash.restoreAsOf(RUN, link, System.currentTimeMillis())).isEqualTo(Restored.BACK);

        assertThat(Files.getLastModifiedTime(registry.base().resolve(link)).toMillis())
                .isGreaterThan(System.currentTimeMillis() - 3_600_000);
    }

    @Test
    void aFileThatTheRegistryHasAgainIsNotReplaced() throws IOException {
        trash.take(RUN, List.of(data), () -> true);
        RegistryOnDisk.write(registry.base().resolve(data), "again".getBytes(StandardCharsets.UTF_8));

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.IN_PLACE);

        assertThat(registry.base().resolve(data)).hasContent("again");
        assertThat(files(RUN)).hasSize(1);
    }

    @Test
    void aTrashThatSomebodyHasEmptiedHasNothing() throws IOException {
        trash.prepare(RUN, Duration.ZERO);
        trash.take(RUN, List.of(data), () -> true);
        RegistryOnDisk.remove(registry.root().resolve("tidemark"));

        assertThat(trash.runs()).isEmpty();
        assertThat(files(RUN)).isEmpty();
        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.NOT_THERE);
        assertThat(trash.purge(RUN, List.of(data), () -> true)).isEmpty();
        assertThat(trash.terms(RUN).keep()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void aPurgeDestroysAndLeavesNoDirectory() {
        trash.prepare(RUN, Duration.ZERO);
        trash.take(RUN, List.of(data), () -> true);
        trash.take(LATER, List.of(link), () -> true);

        assertThat(trash.purge(RUN, List.of(data), () -> true)).isEmpty();

        trash.end(RUN);
        assertThat(trash.runs()).containsExactly(LATER);
        assertThat(trash.purge(LATER, List.of(link), () -> true)).isEmpty();
        trash.end(LATER);
        assertThat(registry.root().resolve("tidemark")).doesNotExist();
    }

    @Test
    void theTrashOfARunThatTookNothingEnds() {
        trash.prepare(RUN, Duration.ofDays(7));

        trash.end(RUN);

        assertThat(trash.runs()).isEmpty();
    }

    @Test
    void aTrashWithAFileDoesNotEnd() {
        trash.prepare(RUN, Duration.ofDays(7));
        trash.take(RUN, List.of(data), () -> true);

        trash.end(RUN);

        assertThat(trash.terms(RUN).keep()).isEqualTo(Duration.ofDays(7));
        assertThat(files(RUN)).hasSize(1);
    }

    @Test
    void theLongestTimeThatIsAskedForCounts() {
        trash.prepare(RUN, Duration.ofDays(7));
        long made = trash.terms(RUN).made();
        trash.prepare(RUN, Duration.ZERO);
        assertThat(trash.terms(RUN)).isEqualTo(new Trash.Terms(Duration.ofDays(7), made));

        trash.prepare(RUN, Duration.ofDays(8));
        assertThat(trash.terms(RUN)).isEqualTo(new Trash.Terms(Duration.ofDays(8), made));
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
    void nothingMovesThatMayNot() {
        assertThat(trash.take(RUN, List.of(data), () -> false).get(data)).isInstanceOf(NotAllowedException.class);
        assertThat(registry.snapshot()).isEqualTo(before);

        trash.take(RUN, List.of(data), () -> true);
        assertThat(trash.purge(RUN, List.of(data), () -> false).get(data)).isInstanceOf(NotAllowedException.class);
        assertThat(files(RUN)).hasSize(1);
    }

    @Test
    void filesBelowADigestsDirectoryAreFoundWithItsOwn() {
        var app = registry.repo("team/app");
        String image = app.image("image");
        String revision = Layout.revision("team/app", Digest.parse(image));
        String signature =
                revision + "/signatures/sha256/" + Digest.parse(image).hex() + "/link";
        RegistryOnDisk.write(registry.base().resolve(signature), new byte[] {1});
        trash.take(RUN, List.of(signature, revision + "/link", data), () -> true);

        List<Trashed> found = new ArrayList<>();
        trash.files(RUN, revision, found::add);

        assertThat(found).extracting(Trashed::path).containsExactlyInAnyOrder(signature, revision + "/link");
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
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    private List<Trashed> files(RunId run) {
        List<Trashed> files = new ArrayList<>();
        trash.files(run, files::add);
        return files;
    }
}
