package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry with a blob and a link to it, whose storage is a directory. */
abstract class RegistryOnFilesystem {

    @TempDir
    Path directory;

    RegistryOnDisk registry;
    String blob;
    String blobs;
    String data;
    String link;

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

    /** Each call is tried once. */
    FilesystemStorage open() {
        return FilesystemStorage.open(registry.root(), new Calls(List.of()));
    }

    static Optional<byte[]> read(Storage storage, String file) {
        return storage.read(file, InputStream::readAllBytes);
    }

    static void delete(Storage storage, String file) {
        storage.deleteAll(List.of(file), () -> true).values().forEach(failure -> {
            throw failure;
        });
    }

    static void assertNotThere(Storage storage, String listed, String withLeaves, String file) {
        assertThat(storage.children(listed)).isEmpty();
        assertThat(leaves(storage, withLeaves)).isEmpty();
        assertThat(storage.stat(file)).isEmpty();
        assertThat(read(storage, file)).isEmpty();
        delete(storage, file);
    }

    List<ThrowingCallable> calls(Storage storage) {
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

    static List<Storage.Leaf> leaves(Storage storage, String directory) {
        List<Storage.Leaf> leaves = new ArrayList<>();
        storage.leaves(directory, directory.startsWith("blobs") ? "data" : "link", leaves::add);
        return leaves;
    }
}
