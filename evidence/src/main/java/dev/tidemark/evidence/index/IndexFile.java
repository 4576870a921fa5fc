package dev.tidemark.evidence.index;

import dev.tidemark.schemas.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The SQLite file of a run's index. A file under its own name is whole: until then it has another. */
record IndexFile(Path directory, RunId run, Path path) {

    /** Grows when the tables stay as they are and what is in them means something else. */
    private static final int FORMAT = 2;

    private static final Duration OLDEST_LEFTOVER = Duration.ofDays(1);
    private static final String BUILDING = ".building";
    private static final String TABLES = "index.sql";

    static IndexFile of(Path directory, RunId run) {
        return new IndexFile(directory, run, directory.resolve(run + ".sqlite"));
    }

    /** The statements that make the tables. */
    static List<String> tables() {
        return Sql.script(IndexFile.class, TABLES);
    }

    /** A number that is another for other tables. */
    static int version() {
        var crc = new CRC32();
        crc.update(Sql.text(IndexFile.class, TABLES).getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() + FORMAT) & Integer.MAX_VALUE;
    }

    boolean isThere() {
        return Files.isRegularFile(path);
    }

    Connection open() {
        return connect(path);
    }

    /** Opens the index if it is there, is whole, and has these tables. */
    Optional<Connection> openWhole() {
        if (!isThere()) {
            return Optional.empty();
        }
        Connection connection = null;
        try {
            connection = open();
            boolean whole = Sql.number(connection, "PRAGMA page_count") * Sql.number(connection, "PRAGMA page_size")
                    == Files.size(path);
            if (whole && Sql.number(connection, "PRAGMA user_version") == version()) {
                return Optional.of(connection);
            }
        } catch (IndexException | IOException e) {
            // The file is no index that can be read: it is built anew.
        }
        if (connection != null) {
            close(connection);
        }
        return Optional.empty();
    }

    /**
     * Makes the file anew.
     *
     * @param fill writes the tables
     */
    void build(Consumer<Connection> fill) {
        try {
            Files.createDirectories(directory);
            removeLeftovers(directory);
            Path building = Files.createTempFile(directory, run + ".", BUILDING);
            try {
                Connection connection = connect(building);
                try {
                    fill.accept(connection);
                } finally {
                    close(connection);
                }
                Files.move(building, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(building);
            }
        } catch (IOException e) {
            throw new IndexException(directory + " can't be used for an index: " + e, e);
        }
    }

    /** Copies an index into a file beside it, which is a leftover for whoever finds it a day later. */
    static Path copy(Path index) {
        Path directory = index.toAbsolutePath().getParent();
        try {
            removeLeftovers(directory);
            Path copy = Files.createTempFile(directory, index.getFileName() + ".", BUILDING);
            try {
                return Files.copy(index, copy, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                Files.deleteIfExists(copy);
                throw e;
            }
        } catch (IOException e) {
            throw new IndexException(directory + " can't be used for a copy of an index: " + e, e);
        }
    }

    /** Removes what a process left that was killed while it was building. */
    private static void removeLeftovers(Path directory) throws IOException {
        Instant old = Instant.now().minus(OLDEST_LEFTOVER);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(BUILDING)).toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    static Connection connect(Path file) {
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try {
                Sql.runAll(connection, List.of("PRAGMA cache_size = -64000"));
            } catch (IndexException e) {
                connection.close();
                throw e;
            }
            return connection;
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }
}
