package dev.tidemark.cli;

import dev.tidemark.schemas.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where one registry's topics and the marker's state are kept between runs. Held by one process at a time. */
final class DataDirectory implements AutoCloseable {

  /** Less is not enough for Kafka to start and for a run of a small registry. */
  private static final long LEAST_FREE = 200L << 20;

  private final Path path;
  private final List<FileChannel> locks = new ArrayList<>();

  private DataDirectory(Path path) {
    this.path = path;
  }

  /**
   * Opens the directory and locks it, and the registry with it: two runs of one registry with different directories would
   * not see each other otherwise.
   *
   * @param named by the user, if any; else one a registry under the user's state directory
   * @param registry the real path of the storage root
   * @throws UsageException if the directory lies in the registry's own storage
   * @throws CollectionException if a run is under way, or the directory can't be used
   */
  static DataDirectory open(Optional<Path> named, String registry, Map<String, String> environment) {
    Path state = stateDirectory(environment);
    String id = id(registry);
    var directory = new DataDirectory(named.orElse(state.resolve(id)).toAbsolutePath().normalize());
    if (directory.path.startsWith(registry)) {
      throw new UsageException(
          "the data directory " + directory.path + " lies in the registry's own storage: name another with --data-dir");
    }
    try {
      directory.lock(state.resolve("locks"), id + ".lock", registry);
      directory.lock(directory.path, "lock", registry);
      directory.requireSpace();
      return directory;
    } catch (IOException e) {
      directory.close();
      throw new CollectionException(
          directory.path + " cannot be used as the data directory (" + e + "): name another with --data-dir", e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Opens a directory that runs were made with, whatever registry they were of: its topics are read, no run is made.
   *
   * @throws UsageException if it is none
   * @throws CollectionException if a run is under way, or the directory can't be used
   */
  static DataDirectory openExisting(Path named) {
    var directory = new DataDirectory(named.toAbsolutePath().normalize());
    directory.requireTopics();
    try {
      directory.lock(directory.path, "lock", directory.path.toString());
      directory.requireSpace();
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
  void requireTopics() {
    if (!Files.isDirectory(kafka())) {
      close();
      throw new UsageException(path + " is no data directory, it has no topics: name the one that the runs were made with, with --data-dir");
    }
  }

  /** Those of the user's registries, by name. */
  static List<Path> all(Map<String, String> environment) {
    Path state = stateDirectory(environment);
    if (!Files.isDirectory(state)) {
      return List.of();
    }
    try (Stream<Path> directories = Files.list(state)) {
      return directories.filter(directory -> Files.isDirectory(directory.resolve("kafka"))).sorted().toList();
    } catch (IOException e) {
      throw new CollectionException(state + " cannot be listed: " + e.getMessage(), e);
    }
  }

  private static Path stateDirectory(Map<String, String> environment) {
    return userDirectory(environment, "XDG_STATE_HOME", Path.of(".local", "state"));
  }

  /**
   * Tidemark's own among a user's directories of a kind (XDG Base Directory Specification).
   *
   * @param standard where they are under the home directory if the variable says nothing
   */
  static Path userDirectory(Map<String, String> environment, String variable, Path standard) {
    return Optional.ofNullable(environment.get(variable))
        .filter(home -> !home.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElseGet(() -> Path.of(System.getProperty("user.home")).resolve(standard))
        .resolve("tidemark");
  }

  /** A short name of a registry, or of a cluster, that a directory can have. */
  static String id(String registry) {
    String hash = Digest.Algorithm.SHA256.of(registry.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8);
    String words = registry.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
    return words.substring(Math.max(0, words.length() - 60)) + "-" + hash;
  }

  private void lock(Path directory, String name, String registry) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    locks.add(channel);
    if (!locked(channel)) {
      throw new CollectionException(
          "a run on " + registry + " is under way, or its topics are being served (" + directory.resolve(name)
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

  private void requireSpace() throws IOException {
    long free = Files.getFileStore(path).getUsableSpace();
    if (free < LEAST_FREE) {
      throw new CollectionException(
          path + " has only " + Units.bytes(free) + " free, and a run needs " + Units.bytes(LEAST_FREE)
              + " at least: name a directory on another disk with --data-dir");
    }
  }

  Path path() {
    return path;
  }

  Path kafka() {
    return path.resolve("kafka");
  }

  Path state() {
    return path.resolve("state");
  }

  /** The indexes of its runs. */
  Path index() {
    return path.resolve("index");
  }

  Path log() {
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
