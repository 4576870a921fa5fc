package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Tally;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSizesTest {

    @TempDir
    private Path directory;

    @Test
    void filesBelowAreAddedUpAndEachIsHeardOf() throws IOException {
        Files.writeString(directory.resolve("one"), "12345");
        Files.writeString(Files.createDirectory(directory.resolve("below")).resolve("two"), "67");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("one"));
        var heard = new AtomicInteger();

        assertThat(FileSizes.at(directory, heard::incrementAndGet)).isEqualTo(new Tally(2, 7));
        assertThat(heard).hasValue(5);
        assertThat(FileSizes.at(directory.resolve("one"), () -> {})).isEqualTo(new Tally(1, 5));
    }

    @Test
    void thatWhichCannotBeLookedAtFailsNothing() {
        var sizes = new FileSizes(() -> {});

        assertThat(FileSizes.at(directory.resolve("gone"), () -> {})).isEqualTo(Tally.NONE);
        assertThat(sizes.visitFileFailed(directory, new IOException("Input/output error")))
                .isEqualTo(FileVisitResult.CONTINUE);
        assertThat(sizes.postVisitDirectory(directory, new IOException("Stale file handle")))
                .isEqualTo(FileVisitResult.CONTINUE);
    }
}
