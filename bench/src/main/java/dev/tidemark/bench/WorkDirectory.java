package dev.tidemark.bench;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the bench keeps what it makes. */
final class WorkDirectory {

  @Option(names = "--work-dir", paramLabel = "DIR",
      description = "where trees are kept, and runs leave their files (default: $XDG_CACHE_HOME/tidemark-bench)")
  private Path path;

  Path path() {
    if (path != null) {
      return path.toAbsolutePath().normalize();
    }
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(cache -> !cache.isEmpty()).map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("tidemark-bench");
  }
}
