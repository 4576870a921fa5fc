package dev.tidemark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The command {@code tidemark warm-up}: collects a registry that it makes up, large enough for the JVM to learn what is hot. The
 * launcher runs it once after a build, and keeps what the JVM has learnt for the runs to come.
 */
@Command(name = "warm-up", hidden = true, description = "Collects a made-up registry. The launcher runs it to make its start-up cache.")
final class WarmUpCommand implements Callable<Integer> {

  private static final int IMAGES = 2_000;

  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "an empty directory")
  private Path directory;

  WarmUpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path registry = directory.resolve("registry");
    try {
      new SampleRegistry(registry).write(IMAGES);
    } catch (IOException e) {
      throw new UncheckedIOException("the made-up registry cannot be written to " + registry, e);
    }
    return Main.run(
        new String[] {
          "collect", "--min-age", "0", "--delete-untagged", "--max-delete", "100", "--data-dir", directory.resolve("data").toString(),
          registry.toString()
        },
        terminal);
  }
}
