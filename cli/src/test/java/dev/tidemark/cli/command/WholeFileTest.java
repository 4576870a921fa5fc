package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    @TempDir
    private Path directory;

    @Test
    void theOldFileStaysIfTheNewOneCannotBeWrittenWhole() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");

        assertThatThrownBy(() -> new WholeFile(file).write(out -> {
                    out.write("half");
                    throw new IOException("no space left");
                }))
                .isInstanceOf(CollectionException.class)
                .hasMessage(file + " cannot be written: no space left");

        assertThat(file).hasContent("old");
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith(".unfinished"));
    }

    @Test
    void aSymbolicLinkStaysALink() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        new WholeFile(link).write(out -> out.write("new"));

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void textThatIsNoUnicodeIsWrittenAllTheSame() throws IOException {
        Path file = directory.resolve("file");

        new WholeFile(file).write(out -> out.write("half \ud800"));

        assertThat(file).hasContent("half ?");
    }

    @Test
    void aFileWhoseDirectoryTakesNoOtherIsRefusedBeforeAnythingIsDone() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Path file = Files.writeString(closed.resolve("file"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(closed), "root may write anywhere: skipped");

            assertThatThrownBy(() -> new WholeFile(file))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> new WholeFile(link))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("permission denied");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aDirectoryIsRefused() {
        assertThatThrownBy(() -> new WholeFile(directory)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> new WholeFile(directory.resolve("not-there/file")))
                .isInstanceOf(UsageException.class);
    }
}
