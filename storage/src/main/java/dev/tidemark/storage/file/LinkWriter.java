package dev.tidemark.storage.file;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.layout.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/** Writes a link file beside its place first, and gives it its name once its content is on the disk. */
final class LinkWriter {

    /** A link that is being written. The registry reads no file of such a name. */
    private static final Pattern UNFINISHED =
            Pattern.compile(Layout.LINK + "\\.\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private static final Duration GIVEN_UP = Duration.ofHours(1);

    private LinkWriter() {}

    /**
     * Writes a link where none is.
     *
     * @return false if there is a file by now
     * @throws ForbiddenException if it may not be written there
     */
    static boolean write(Path file, Digest target) {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            Path directory = file.getParent();
            OwnedDirectories.make(directory);
            if (!directory.toRealPath().equals(directory)) {
                throw new ForbiddenException(file + " is behind a symbolic link, and nothing is written there");
            }
            removeUnfinished(directory);
            Path written = directory.resolve(file.getFileName() + "." + UUID.randomUUID());
            try {
                try (FileChannel channel =
                        FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(target.text()));
                    channel.force(true);
                }
                OwnedDirectories.own(written);
                return name(written, file);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (AccessDeniedException e) {
            throw new ForbiddenException(file + " may not be written: permission denied");
        } catch (IOException e) {
            throw Directories.failed("write", file, e);
        }
    }

    /** Removes what a process has left in a link's directory that was killed as it wrote the link. */
    static void removeUnfinished(Path directory) throws IOException {
        Instant givenUp = Instant.now().minus(GIVEN_UP);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory,
                file -> UNFINISHED.matcher(file.getFileName().toString()).matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(givenUp))) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** A hard link replaces nothing, and a rename would: the registry may write the file at the same moment. */
    private static boolean name(Path written, Path file) throws IOException {
        try {
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No hard links here. Any other process that writes the file writes the same into it.
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return true;
    }
}
