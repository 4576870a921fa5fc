package dev.tidemark.evidence.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** A run's index in a file of its own, to be changed. The file is removed when the copy is closed. */
public final class IndexCopy implements AutoCloseable {

    private final Path file;
    private final Connection connection;

    private IndexCopy(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Copies an index.
     *
     * @param index that nothing is being written to
     * @param change the change to make in the copy; if it fails, there is none
     * @throws IndexException if there is no room for it
     */
    public static IndexCopy of(Connection index, Consumer<Connection> change) {
        Path file = IndexFile.copy(Path.of(Sql.file(index)));
        IndexCopy copy = null;
        try {
            copy = new IndexCopy(file, IndexFile.connect(file));
            // Where the change fails, the file is of no use.
            Sql.runAll(copy.connection, List.of("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "BEGIN"));
            change.accept(copy.connection);
            Sql.runAll(copy.connection, List.of("COMMIT"));
            return copy;
        } catch (RuntimeException e) {
            if (copy == null) {
                remove(file);
            } else {
                copy.close();
            }
            throw e;
        }
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw IndexException.because(e);
        } finally {
            remove(file);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new IndexException(file + " can't be removed: " + e, e);
        }
    }
}
