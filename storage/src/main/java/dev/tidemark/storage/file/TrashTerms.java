package dev.tidemark.storage.file;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The file beside a run's trash that says how long it is kept, and by its own time, when it was made. */
final class TrashTerms {

    /** The time for which a run's files are kept if nothing says it any more. */
    private static final Duration IN_DOUBT = Duration.ofDays(1);

    private final TrashDirectory directory;

    TrashTerms(TrashDirectory directory) {
        this.directory = directory;
    }

    /** Writes the time that a run asks for. A longer one that is there stays, and so does the file's own time. */
    void write(RunId run, Duration keep) throws IOException {
        Path file = directory.keep(run);
        Optional<Duration> before = read(file);
        if (before.filter(there -> there.compareTo(keep) >= 0).isEmpty()) {
            write(run, keep, before.isPresent() ? Optional.of(Files.getLastModifiedTime(file)) : Optional.empty());
        }
    }

    /** Writes the terms again that the run had. A longer time that was written since stays. */
    void write(RunId run, Terms terms) throws IOException {
        if (read(directory.keep(run))
                .filter(there -> there.compareTo(terms.keep()) >= 0)
                .isEmpty()) {
            write(run, terms.keep(), Optional.of(FileTime.fromMillis(terms.made())));
        }
    }

    /** @param made empty for now */
    private void write(RunId run, Duration keep, Optional<FileTime> made) throws IOException {
        Path written = directory.newKeep(run);
        // On the disk before it has its name: of a machine that loses its power, an empty file would say less time.
        Files.writeString(
                written,
                keep.toString(),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC);
        if (made.isPresent()) {
            Files.setLastModifiedTime(written, made.get());
        }
        Files.move(written, directory.keep(run), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * The terms of a run.
     *
     * @throws StorageException if the file is there and can't be read
     */
    Terms of(RunId run) {
        Path file = directory.keep(run);
        try {
            Optional<Duration> keep = read(file);
            if (keep.isPresent()) {
                return new Terms(keep.get(), Files.getLastModifiedTime(file).toMillis());
            }
        } catch (NoSuchFileException e) {
            // It has gone with its trash just now.
        } catch (IOException e) {
            throw Directories.failed("read", file, e);
        }
        return new Terms(IN_DOUBT, run.time().minus(IN_DOUBT).toEpochMilli());
    }

    private static Optional<Duration> read(Path keep) throws IOException {
        try {
            return Optional.of(Duration.parse(Files.readString(keep)));
        } catch (NoSuchFileException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
