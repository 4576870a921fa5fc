package dev.tidemark.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * The clock of a file system, which may be another machine's: the time that it gives to a new file.
 *
 * @param top the trash's own directory
 */
record FilesystemClock(Path top) {

    /** The time in ms since the epoch. */
    long now() {
        try {
            OwnedDirectories.make(top);
            Path probe = top.resolve("clock");
            Files.deleteIfExists(probe);
            try {
                Files.createFile(probe);
            } catch (IOException e) {
                // A full disk takes no new file. A change of mode takes no room.
                Files.setPosixFilePermissions(top, Files.getPosixFilePermissions(top));
                return ((FileTime) Files.getAttribute(top, "unix:ctime")).toMillis();
            }
            long now = Files.getLastModifiedTime(probe).toMillis();
            Files.deleteIfExists(probe);
            return now;
        } catch (IOException e) {
            throw Directories.failed("ask for the time at", top, e);
        }
    }
}
