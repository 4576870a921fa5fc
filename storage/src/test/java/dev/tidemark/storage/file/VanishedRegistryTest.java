package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A directory that is unmounted, say, is not taken for a registry with nothing in it. */
class VanishedRegistryTest extends RegistryOnFilesystem {

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

    private void assertNoAnswer(Storage storage) {
        List<ThrowingCallable> calls = calls(storage);
        for (int i = 0; i < calls.size(); i++) {
            assertThatExceptionOfType(StorageException.class).as("call %d", i).isThrownBy(calls.get(i));
        }
    }
}
