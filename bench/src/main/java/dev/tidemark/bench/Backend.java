package dev.tidemark.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the registry's storage is. */
sealed interface Backend extends AutoCloseable {

  String name();

  TreeFacts facts();

  /** The storage section of config.yml, in the flow style of YAML. */
  String storageSection();

  /** Requests since it began, by operation. */
  Map<String, Long> requests();

  @Override
  void close();

  /** Writes the config.yml that both collectors get. */
  default Path config(Path directory) {
    Path file = directory.resolve("config.yml");
    try {
      return Files.writeString(file, """
          version: 0.1
          log: {level: error}
          storage:
            %s
            delete: {enabled: true}
          http: {addr: "127.0.0.1:0"}
          """.formatted(storageSection()));
    } catch (IOException e) {
      throw new BenchException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** A directory. */
  record Filesystem(TreeOnDisk tree) implements Backend {

    @Override
    public String name() {
      return "filesystem";
    }

    @Override
    public TreeFacts facts() {
      return tree.facts();
    }

    @Override
    public String storageSection() {
      return "filesystem: {rootdirectory: \"%s\"}".formatted(tree.root());
    }

    @Override
    public Map<String, Long> requests() {
      return Map.of();
    }

    @Override
    public void close() {
      // It stays.
    }
  }
}
