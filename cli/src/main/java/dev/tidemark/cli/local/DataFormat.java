package dev.tidemark.cli.local;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;

/**
 * The form of a data directory, as a number in a file of it. Without it an older Kafka would only find out as it starts
 * that a newer one has written there.
 */
final class DataFormat {

    /** Raised with whatever keeps an older Tidemark from using a directory: a Kafka that formats it in another way. */
    static final int CURRENT = 1;

    private final Path file;

    DataFormat(Path directory) {
        file = directory.resolve("format");
    }

    /**
     * Reads it, and touches nothing.
     *
     * @throws UsageException if a newer Tidemark has used the directory
     * @throws CollectionException if it is no number
     */
    void check() throws IOException {
        int written = written().orElse(CURRENT);
        if (written > CURRENT) {
            throw new UsageException(
                    ("a newer Tidemark has used the data directory %s (its format is %d, and this one knows %d): use "
                                    + "that one, or name another directory with --data-dir")
                            .formatted(file.getParent(), written, CURRENT));
        }
    }

    /** Writes it, if it is older or not there. */
    void mark() throws IOException {
        if (written().orElse(0) < CURRENT) {
            Path fresh = file.resolveSibling("format.new");
            Files.writeString(fresh, CURRENT + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Empty if nobody has made a run there. */
    private OptionalInt written() throws IOException {
        if (!Files.exists(file)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(file).strip()));
        } catch (NumberFormatException | MalformedInputException e) {
            throw new CollectionException(
                    file + " is damaged, and which Tidemark has used the directory can't be told: move the directory "
                            + "away, and the next run starts afresh",
                    e);
        }
    }
}
