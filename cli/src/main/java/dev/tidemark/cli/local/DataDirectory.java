package dev.tidemark.cli.local;

import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Units;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory of one registry's topics and the marker's state between runs. One process at a time holds it. */
public final class DataDirectory implements AutoCloseable {

    /** Less is not enough for Kafka to start and for a run of a small registry. */
    private static final long LEAST_FREE = 200L << 20;

    private final Path path;
    private final List<FileChannel> locks = new ArrayList<>();
    private Optional<String> note = Optional.empty();

    private DataDirectory(Path path) {
        this.path = path;
    }

    /**
     * Opens the directory and locks it, and the registry with it: two runs of one registry with different directories
     * would not see each other otherwise.
     *
     * @param named by the user, if any; else one a registry under the user's state directory
     * @param registry its identity: the real path of the storage root, or the bucket and its server
     * @throws UsageException if the directory lies in the registry's own storage, or a newer Tidemark has used it
     * @throws BusyException if a run is under way
     * @throws CollectionException if the directory can't be used
     */
    public static DataDirectory open(Optional<Path> named, String registry, Map<String, String> environment) {
        return open(named, registry, environment, true);
    }

    /** The same for its locks, its log and its topics: no run is made, and a full disk is no obstacle. */
    public static DataDirectory openForLock(Optional<Path> named, String registry, Map<String, String> environment) {
        return open(named, registry, environment, false);
    }

    private static DataDirectory open(
            Optional<Path> named, String registry, Map<String, String> environment, boolean forRun) {
        Path state = stateDirectory(environment);
        var directory = new DataDirectory(
                named.orElse(usual(registry, environment)).toAbsolutePath().normalize());
        try {
            if (liesIn(directory.path, registry)) {
                throw new UsageException("the data directory " + directory.path
                        + " lies in the registry's own storage: name another with --data-dir");
            }
            directory.lockRegistry(state, registry);
            directory.lock(directory.path.resolve("lock"), registry);
            directory.claim(forRun);
            return directory;
        } catch (IOException e) {
            directory.close();
            throw new CollectionException(
                    directory.path + " cannot be used as the data directory (" + e + "): name another with --data-dir",
                    e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /**
     * Opens a directory that runs were made with, whatever registry they were of: its topics are read, no run is made.
     *
     * @throws UsageException if it is none, or a newer Tidemark has used it
     * @throws BusyException if a run is under way
     * @throws CollectionException if the directory can't be used
     */
    public static DataDirectory openExisting(Path named) {
        var directory = new DataDirectory(named.toAbsolutePath().normalize());
        directory.requireTopics();
        try {
            directory.lock(directory.path.resolve("lock"), directory.path.toString());
            directory.claim(true);
            return directory;
        } catch (IOException e) {
            directory.close();
            throw new CollectionException(directory.path + " cannot be used as the data directory (" + e + ")", e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /**
     * @throws UsageException if no run was ever made with it
     */
    public void requireTopics() {
        if (!hasTopics()) {
            close();
            throw new UsageException(path
                    + " is no data directory, it has no topics: name the one that the runs were made with, "
                    + "with --data-dir");
        }
    }

    /** Whether a run was ever made with it. */
    public boolean hasTopics() {
        return Files.isDirectory(kafka());
    }

    /** Those of the user's registries, by name. */
    public static List<Path> all(Map<String, String> environment) {
        Path state = stateDirectory(environment);
        if (!Files.isDirectory(state)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(state)) {
            return directories
                    .filter(directory -> Files.isDirectory(directory.resolve("kafka")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CollectionException(state + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** The directory of a registry's runs, where none is named. */
    public static Path usual(String registry, Map<String, String> environment) {
        return stateDirectory(environment).resolve(id(registry));
    }

    private static Path stateDirectory(Map<String, String> environment) {
        return userDirectory(environment, "XDG_STATE_HOME", Path.of(".local", "state"));
    }

    /**
     * Tidemark's own among a user's directories of a kind (XDG Base Directory Specification).
     *
     * @param standard where they are under the home directory if the variable says nothing
     */
    public static Path userDirectory(Map<String, String> environment, String variable, Path standard) {
        return Optional.ofNullable(environment.get(variable))
                .filter(home -> !home.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home")).resolve(standard))
                .resolve("tidemark");
    }

    /** A short name of a registry, or of a cluster, that a directory can have. */
    public static String id(String registry) {
        byte[] name = registry.getBytes(StandardCharsets.UTF_8);
        String hash = Digest.Algorithm.SHA256.of(name).hex().substring(0, 8);
        String words = registry.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
        return words.substring(Math.max(0, words.length() - 60)) + "-" + hash;
    }

    /**
     * Locks the registry, whatever its data directory: under the user's state directory or, where there is no place for
     * a file (a full disk, a home directory that is not there or is the registry's storage), in the directory for
     * temporary files, which all of the user's processes have. A lock file that is there and can't be opened is
     * somebody else's: it is not passed by.
     */
    private void lockRegistry(Path state, String registry) {
        Path usual = state.resolve("locks")
                .resolve(id(registry) + ".lock")
                .toAbsolutePath()
                .normalize();
        Path other = Path.of(
                System.getProperty("java.io.tmpdir"), "tidemark-" + id(CurrentUser.name() + " " + registry) + ".lock");
        String why;
        try {
            if (!liesIn(usual, registry)) {
                lock(usual, registry);
                return;
            }
            why = "it lies in the registry's own storage";
        } catch (IOException e) {
            why = e.toString();
            if (Files.exists(usual)) {
                throw new CollectionException(
                        "the registry cannot be locked with " + usual + " (" + why
                                + "): name another state directory with XDG_STATE_HOME",
                        e);
            }
        }
        try {
            lock(other, registry);
            note = Optional.of("the registry is locked with " + other + ", not with " + usual + " (" + why
                    + "): XDG_STATE_HOME names another state directory");
        } catch (IOException e) {
            throw new CollectionException(
                    "the registry can be locked neither with " + usual + " (" + why + ") nor with " + other + " (" + e
                            + "): name another state directory with XDG_STATE_HOME",
                    e);
        }
    }

    /** Whether a path that need not be there yet lies in a registry's storage, whatever symbolic links lead to it. */
    private static boolean liesIn(Path path, String registry) throws IOException {
        Path there = path;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return there.toRealPath().resolve(there.relativize(path)).startsWith(registry);
    }

    private void lock(Path file, String registry) throws IOException {
        Files.createDirectories(file.getParent());
        // In a directory for temporary files a name may be there already, and lead anywhere.
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        locks.add(channel);
        if (!locked(channel)) {
            throw new BusyException("a run on " + registry + " is under way, or its topics are being served (" + file
                    + " is locked): wait for it to end");
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** @param forRun whether more than its log is written there */
    private void claim(boolean forRun) throws IOException {
        var format = new DataFormat(path);
        format.check();
        if (forRun) {
            requireSpace();
            format.mark();
        }
    }

    private void requireSpace() {
        // The file store of a path is not known in a chroot whose root is no mount point.
        long free = path.toFile().getUsableSpace();
        if (free < LEAST_FREE) {
            throw new CollectionException(path + " has only " + Units.bytes(free) + " free, and a run needs "
                    + Units.bytes(LEAST_FREE) + " at least: name a directory on another disk with --data-dir");
        }
    }

    Path path() {
        return path;
    }

    /** A note for the user, if the registry is locked in another place than the usual one. */
    public Optional<String> note() {
        return note;
    }

    public Path kafka() {
        return path.resolve("kafka");
    }

    Path state() {
        return path.resolve("state");
    }

    /** The indexes of its runs. */
    public Path index() {
        return path.resolve("index");
    }

    /** A file that is there once somebody has approved a run: a process that waits for that need not open Kafka. */
    public Path approval() {
        return path.resolve("approved");
    }

    public Path log() {
        return path.resolve("tidemark.log");
    }

    @Override
    public void close() {
        for (FileChannel channel : locks) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new CollectionException("a lock of " + path + " cannot be released: " + e.getMessage(), e);
            }
        }
    }
}
