package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Files that are not there, and files that only seem so. */
class FilesystemStorageTest extends RegistryOnFilesystem {

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

    @Test
    void noLinkIsFollowedToFilesThatAreAddedUp() throws IOException {
        var storage = open();
        Path stray = registry.base().resolve("repositories/app/stray");
        RegistryOnDisk.write(stray.resolve("deep/er/file"), new byte[] {1, 2, 3});
        Files.createSymbolicLink(stray.resolve("to-a-file"), registry.data(blob));
        Files.createSymbolicLink(stray.resolve("deep/round"), stray);

        assertThat(storage.files("repositories/app/stray")).isEqualTo(new Tally(1, 3));
        assertThat(storage.files("repositories/app/stray/deep/round")).isEqualTo(Tally.NONE);
    }

    @Test
    void itsFileSystemIsInUse() {
        assertThat(open().disk()).hasValueSatisfying(disk -> {
            assertThat(disk.used()).isPositive();
            assertThat(disk.used() + disk.free())
                    .isLessThanOrEqualTo(registry.root().toFile().getTotalSpace());
        });
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
}
