package dev.tidemark.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "bench/run", mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
