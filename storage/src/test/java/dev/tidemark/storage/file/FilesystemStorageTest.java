package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not there, and files that only seem so. */
class FilesystemStorageTest {

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private String blob;
    private String blobs;
    private String data;
    private String link;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        blob = registry.blob("blob");
        registry.repo("app").layerLink(blob);
        Digest digest = Digest.parse(blob);
        blobs = "blobs/sha256/" + digest.hex().substring(0, 2);
        data = Layout.blob(digest) + "/data";
        link = Layout.layer("app", digest) + "/link";
    }

    @Test
    void aLinkThatIsWrittenHasTheOwnerAndTheRightsOfItsDirectory() throws IOException {
        Files.setPosixFilePermissions(
                registry.repo("app").directory().resolve("_layers"), PosixFilePermissions.fromString("rwxr-x---"));
        Digest other = Digest.parse(registry.blob("other"));
        String written = Layout.layer("app", other) + "/link";

        assertThat(open().link(written, other)).isTrue();

        Path file = registry.base().resolve(written);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent()))
                        .replace('x', '-'));
        assertThat(Files.getOwner(file)).isEqualTo(Files.getOwner(file.getParent()));
    }

    /** The registry reads no such file. */
    @Test
    void aKilledProcessesUnfinishedLinkGoesAfterAnHour() throws IOException {
        Digest digest = Digest.parse(blob);
        Path left = unfinished(Duration.ofHours(2));
        Path underWay = unfinished(Duration.ZERO);
        Path anothers = left.resolveSibling("link.old");
        RegistryOnDisk.write(anothers, new byte[0]);
        delete(open(), link);

        assertThat(open().link(link, digest)).isTrue();

        assertThat(left).doesNotExist();
        assertThat(underWay).exists();
        assertThat(anothers).exists();
    }

    @Test
    void itDoesNotKeepItsDirectory() throws IOException {
        unfinished(Duration.ofHours(2));
        delete(open(), link);

        open().prune(Layout.layer("app", Digest.parse(blob)), Layout.REPOSITORIES);

        assertThat(registry.repo("app").directory()).doesNotExist();
    }

    private Path unfinished(Duration age) throws IOException {
        Path file = registry.base().resolve(link + "." + UUID.randomUUID());
        RegistryOnDisk.write(file, new byte[0]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    @Test
    void noLinkIsWrittenBehindASymbolicLink() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createSymbolicLink(registry.base().resolve("repositories/linked"), outside);
        Digest digest = Digest.parse(blob);

        assertThatExceptionOfType(ForbiddenException.class)
                .isThrownBy(() -> open().link(Layout.layer("linked", digest) + "/link", digest));
        assertThat(registry.data(blob)).exists();
    }

    @Test
    void aFileThatIsThereIsFound() {
        var storage = open();

        assertThat(storage.children("repositories")).containsExactly(new Storage.Child("app", Storage.Type.DIRECTORY));
        assertThat(leaves(storage, blobs))
                .singleElement()
                .satisfies(leaf -> assertThat(leaf.stat().size()).isEqualTo(4));
        assertThat(storage.stat(data))
                .hasValueSatisfying(stat -> assertThat(stat.size()).isEqualTo(4));
        assertThat(read(storage, data))
                .hasValueSatisfying(content -> assertThat(content).asString().isEqualTo("blob"));
        delete(storage, data);
        assertThat(registry.data(blob)).doesNotExist();
    }

    @Test
    void anInterruptedCallDeletesNothing() {
        var storage = open();
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(NotAllowedException.class).isThrownBy(() -> delete(storage, data));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(registry.data(blob)).exists();
    }

    @Test
    void aNameThatIsNoTextIsAStrayUnlessMoreIsBehindIt() throws IOException {
        var storage = open();
        Path repositories = registry.base().resolve("repositories");
        RegistryOnDisk.write(RegistryOnDisk.nameless(repositories), new byte[] {1});
        Files.createDirectories(RegistryOnDisk.nameless(repositories.resolve("app")));
        RegistryOnDisk.write(
                RegistryOnDisk.nameless(repositories.resolve("app/_layers")).resolve("file"), new byte[] {1});
        Files.createDirectories(
                RegistryOnDisk.nameless(registry.base().resolve("blobs/sha256")).resolve("directory"));
        Files.createSymbolicLink(
                RegistryOnDisk.nameless(registry.base().resolve(blobs)),
                registry.base().resolve("repositories"));

        assertThat(storage.children("repositories"))
                .extracting(Storage.Child::type)
                .containsOnly(Storage.Type.DIRECTORY, Storage.Type.OTHER);
        assertThat(storage.children("repositories/app"))
                .extracting(Storage.Child::type)
                .containsOnly(Storage.Type.DIRECTORY, Storage.Type.OTHER);
        assertThat(leaves(storage, "repositories/app/_layers"))
                .extracting(Storage.Leaf::type)
                .containsOnly(Storage.Type.DIRECTORY, Storage.Type.OTHER);
        assertThat(leaves(storage, "blobs/sha256"))
                .extracting(Storage.Leaf::type)
                .containsOnly(Storage.Type.DIRECTORY, Storage.Type.NAMELESS);
        assertThat(storage.children(blobs))
                .extracting(Storage.Child::type)
                .containsOnly(Storage.Type.DIRECTORY, Storage.Type.NAMELESS);
        assertThat(storage.count("repositories", 9)).isEqualTo(2);
    }

    /** Where names are ASCII, {@code ä} can't be said: here, half of a character can't. */
    @Test
    void aPathThatCannotBeSaidIsRefusedWithWhatToDo() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> open().children("repositories/\ud800"))
                .withMessageContainingAll("repositories/", "LC_ALL=C.UTF-8");
    }

    @Test
    void aDirectoryThatHasVanishedIsNotThere() {
        var storage = open();
        RegistryOnDisk.remove(registry.base().resolve(blobs));
        RegistryOnDisk.remove(registry.repo("app").directory());

        assertNotThere(storage, "repositories/app", blobs, data);
        assertNotThere(storage, "repositories/app/_layers", "repositories/app/_layers/sha256", link);
        assertThat(storage.children("repositories")).isEmpty();
    }

    @Test
    void aPathBehindAFileIsNotThere() {
        var storage = open();
        RegistryOnDisk.remove(registry.base().resolve(blobs));
        RegistryOnDisk.write(registry.base().resolve(blobs), new byte[] {1});

        assertNotThere(storage, blobs, blobs, data);
    }

    @Test
    void aPathBehindALinkToItselfIsNotThere() throws IOException {
        var storage = open();
        Path loop = registry.base().resolve(blobs);
        RegistryOnDisk.remove(loop);
        Files.createSymbolicLink(loop, loop);

        assertThat(storage.stat(data)).isEmpty();
    }

    /**
     * A path that can't be looked at may be a directory, with live blobs in it. Here it is too long to be looked at.
     */
    @Test
    void aNameThatCannotBeLookedAtIsNotTakenForAFile() throws IOException {
        withNameTooFarDown(path -> assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> open().children(path))
                .withMessageContaining("cannot look at"));
    }

    @Test
    void aListingThatFailsHalfWayHandsOutNothing() throws IOException {
        List<Storage.Leaf> leaves = new ArrayList<>();

        withNameTooFarDown(path -> assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> open().leaves(path, "link", leaves::add)));

        assertThat(leaves).isEmpty();
    }

    private void withNameTooFarDown(Consumer<String> test) throws IOException {
        Path repositories = registry.base().resolve("repositories");
        Path near = Files.createDirectories(repositories.resolve("near/" + "n".repeat(200)))
                .getParent();
        for (int i = 0; i < 9; i++) {
            Files.createFile(near.resolve(String.valueOf(i)));
        }
        Path deep = repositories;
        while (deep.toString().length() < 3950) {
            deep = deep.resolve("d".repeat(Math.min(200, 3950 - deep.toString().length())));
        }
        Path far = Files.createDirectories(deep).resolve("far");
        Files.move(near, far);
        try {
            test.accept(registry.base().relativize(far).toString());
        } finally {
            Files.move(far, near);
        }
    }

    @Test
    void everyCallIsTriedAgain() throws IOException {
        var tried = new Calls(List.of(Duration.ZERO));
        var storage = FilesystemStorage.open(registry.root(), tried);
        List<ThrowingCallable> calls = new ArrayList<>(calls(storage));
        calls.add(() -> storage.count("repositories", 1));
        for (ThrowingCallable call : calls) {
            assertThat(storage.children("blobs")).as("there is patience again").isNotEmpty();
            long before = tried.retries();
            Files.move(registry.base(), directory.resolve("elsewhere"));
            assertThatExceptionOfType(StorageException.class).isThrownBy(call);
            Files.move(directory.resolve("elsewhere"), registry.base());
            assertThat(tried.retries()).isGreaterThan(before);
        }
    }

    @Test
    void aLinkOutOfTheRootIsNotTakenForNothing() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.move(registry.repo("app").directory().resolve("_layers"), outside.resolve("_layers"));
        Files.createSymbolicLink(registry.repo("app").directory().resolve("_layers"), outside.resolve("_layers"));
        var storage = open();

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> storage.children("repositories/app/_layers"),
                () -> storage.count("repositories/app/_layers", 1),
                () -> leaves(storage, "repositories/app/_layers/sha256"),
                () -> storage.stat(link),
                () -> read(storage, link),
                () -> delete(storage, link))) {
            assertThatExceptionOfType(ForbiddenException.class).isThrownBy(call).withMessageContaining("symbolic link");
        }
    }

    @Test
    void aRegistryThatHasVanishedDoesNotAnswer() throws IOException {
        var storage = open();

        Files.move(registry.base(), directory.resolve("elsewhere"));
        assertNoAnswer(storage);

        Files.createFile(registry.base());
        assertNoAnswer(storage);

        Files.delete(registry.base());
        Files.move(directory.resolve("elsewhere"), registry.base());
        assertThat(storage.stat(data)).isPresent();
    }

    @Test
    void aRootThatHasVanishedDoesNotAnswer() throws IOException {
        var storage = open();

        Files.move(registry.root(), directory.resolve("elsewhere"));

        assertNoAnswer(storage);
    }

    @Test
    void repositoriesOrBlobsThatHaveVanishedDoNotAnswer() throws IOException {
        Path aside = Files.createDirectories(registry.root().resolve("aside"));
        for (String top : List.of("repositories", "blobs")) {
            Files.move(registry.base().resolve(top), aside.resolve(top));
            Files.createSymbolicLink(registry.base().resolve(top), aside.resolve(top));
        }
        var storage = open();
        assertThat(storage.stat(data)).isPresent();
        assertThat(storage.stat(link)).isPresent();

        Files.move(aside, directory.resolve("elsewhere"));

        assertNoAnswer(storage);
    }

    @Test
    void anEmptyRegistryHasNoRepositories() {
        RegistryOnDisk.remove(registry.base().resolve("repositories"));
        RegistryOnDisk.remove(registry.base().resolve("blobs"));

        assertNotThere(open(), "repositories", "blobs", data);
    }

    /** Each call is tried once. */
    private FilesystemStorage open() {
        return FilesystemStorage.open(registry.root(), new Calls(List.of()));
    }

    private static Optional<byte[]> read(Storage storage, String file) {
        return storage.read(file, InputStream::readAllBytes);
    }

    private static void delete(Storage storage, String file) {
        storage.deleteAll(List.of(file), () -> true).values().forEach(failure -> {
            throw failure;
        });
    }

    private static void assertNotThere(Storage storage, String listed, String withLeaves, String file) {
        assertThat(storage.children(listed)).isEmpty();
        assertThat(leaves(storage, withLeaves)).isEmpty();
        assertThat(storage.stat(file)).isEmpty();
        assertThat(read(storage, file)).isEmpty();
        delete(storage, file);
    }

    private void assertNoAnswer(Storage storage) {
        List<ThrowingCallable> calls = calls(storage);
        for (int i = 0; i < calls.size(); i++) {
            assertThatExceptionOfType(StorageException.class).as("call %d", i).isThrownBy(calls.get(i));
        }
    }

    private List<ThrowingCallable> calls(Storage storage) {
        return List.of(
                () -> storage.children("repositories"),
                () -> storage.children("repositories/app/_layers"),
                () -> storage.children("blobs"),
                () -> leaves(storage, blobs),
                () -> leaves(storage, "repositories/app/_layers/sha256"),
                () -> storage.stat(data),
                () -> storage.stat(link),
                () -> read(storage, data),
                () -> read(storage, link),
                () -> delete(storage, data),
                () -> delete(storage, link));
    }

    private static List<Storage.Leaf> leaves(Storage storage, String directory) {
        List<Storage.Leaf> leaves = new ArrayList<>();
        storage.leaves(directory, directory.startsWith("blobs") ? "data" : "link", leaves::add);
        return leaves;
    }
}
