package dev.tidemark.storage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {

    private static final String ID = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    private RepositoryOnDisk app;
    private RegistryOnDisk registry;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory);
        app = registry.repo("team/app");
    }

    @Test
    void itIsAsOldAsTheNewestOfItsFiles() throws IOException {
        Path upload = old(app.upload(ID, LONG_AGO));
        Instant later = LONG_AGO.plusSeconds(7);
        Files.setLastModifiedTime(upload.resolve("hashstates/sha256/10"), FileTime.from(later));

        assertThat(read())
                .returns(later.toEpochMilli(), Upload::modified)
                .returns(20L + "some bytes".length() + "state".length(), Upload::bytes)
                .returns(null, Upload::unreadable);
        assertThat(read().files())
                .containsExactlyInAnyOrder(
                        Layout.uploadStart("team/app", ID),
                        Layout.upload("team/app", ID) + "/data",
                        Layout.upload("team/app", ID) + "/hashstates/sha256/10");
    }

    /** A copy of a registry may have lost the times of its files, or has those of another clock. */
    @Test
    void itIsNoOlderThanItsStartSays() throws IOException {
        Instant begun = LONG_AGO.plusSeconds(1000);
        old(app.upload(ID, begun));

        assertThat(read().modified()).isEqualTo(begun.toEpochMilli());
    }

    @Test
    void withoutAStartTheFilesTell() throws IOException {
        Path upload = old(app.upload(ID, LONG_AGO.plusSeconds(1000)));
        Files.delete(upload.resolve("startedat"));

        assertThat(read()).returns(LONG_AGO.toEpochMilli(), Upload::modified).returns(null, Upload::unreadable);
    }

    @Test
    void anUploadThatCannotBeReadHasNoAge() throws IOException {
        Path upload = app.upload(ID, LONG_AGO);
        Files.writeString(upload.resolve("startedat"), "yesterday");
        old(upload);
        assertThat(read().ageless()).hasValue("when it was begun can't be read");

        RegistryOnDisk.remove(upload);
        Files.createDirectories(upload);
        assertThat(read().ageless()).hasValue("it has no file");

        Files.createSymbolicLink(upload.resolve("data"), directory.getParent());
        assertThat(read().ageless()).hasValue("it has something that is no file");

        RegistryOnDisk.remove(upload);
        RegistryOnDisk.write(upload.resolve("data.part"), new byte[1]);
        assertThat(read().ageless()).hasValue("it has a file that no registry makes");

        RegistryOnDisk.remove(upload);
        RegistryOnDisk.write(upload.resolve("a/b/c/d/e"), new byte[1]);
        assertThat(read().ageless()).hasValue("it has a directory that no registry makes");
    }

    @Test
    void anUploadThatIsGoneHasNoFile() {
        assertThat(read().isEmpty()).isTrue();
    }

    /** Sets the time of every file. */
    private static Path old(Path upload) throws IOException {
        try (Stream<Path> files = Files.walk(upload)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
            }
        }
        return upload;
    }

    private Upload read() {
        try (var storage = FilesystemStorage.open(registry.root())) {
            return Upload.read(storage, storage, "team/app", ID, time -> time <= LONG_AGO.toEpochMilli());
        }
    }
}
