package dev.tidemark.bench;

import dev.tidemark.bench.MarkerScale.Marked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how the marker scales with its threads and the topics' partitions. */
@Command(
    name = "scaling", mixinStandardHelpOptions = true, showDefaultValues = true,
    description = {
      "Measures the marker alone: an enumerator writes a tree into the topics, then the marker starts, and is timed from its first record",
      "to the decision of its last partition.",
      ""
    })
final class ScalingCommand implements Callable<Integer> {

  @Option(names = "--size", paramLabel = "SIZE", defaultValue = "260k", description = "25k, 260k, 1m, or any number of blobs")
  private String size;

  @Option(names = "--partitions", split = ",", paramLabel = "P", defaultValue = "1,2,4,8,12", description = "of the topics")
  private List<Integer> partitions;

  @Option(names = "--threads", split = ",", paramLabel = "N", defaultValue = "1,2,4", description = "of the marker")
  private List<Integer> threads;

  @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "how often each is measured, after a warm-up of all")
  private int runs;

  @Mixin private WorkDirectory directory;

  @Override
  public Integer call() {
    TreeOnDisk tree = TreeOnDisk.in(directory.path(), TreeSize.of(size), Runtime.getRuntime().availableProcessors(), System.err::println);
    Path work = directory.path().resolve("runs").resolve("scaling-" + ProcessHandle.current().pid());
    System.out.printf("%d cores, Java %s; %s, with Kafka in the same process%n%n", Runtime.getRuntime().availableProcessors(), Runtime.version(), size);
    System.out.printf("%10s %7s  %-24s%14s%14s%n", "partitions", "threads", "marking and deciding", "digests in", "a second");
    mark(work, tree, partitions.getFirst(), threads.getLast());
    for (int p : partitions) {
      for (int n : threads) {
        if (n > p && n > threads.getFirst()) {
          // A task has one thread: more than there are partitions have nothing to do.
          continue;
        }
        List<Marked> all = new ArrayList<>();
        for (int run = 0; run < Math.max(1, runs); run++) {
          all.add(mark(work, tree, p, n));
        }
        all.sort(Comparator.comparingDouble(Marked::seconds));
        Marked median = all.get(all.size() / 2);
        long digests = median.entries() + median.marks();
        System.out.printf(
            "%10d %7d  %-24s%,14d%,14.0f%n", p, n,
            "%.2f s (%.2f–%.2f)".formatted(median.seconds(), all.getFirst().seconds(), all.getLast().seconds()), digests, digests / median.seconds());
      }
    }
    return 0;
  }

  /** Each on a broker of its own, so that none finds what another has left. */
  private static Marked mark(Path work, TreeOnDisk tree, int partitions, int threads) {
    try {
      Files.createDirectories(work);
      try (var scale = new MarkerScale(work, partitions)) {
        scale.enumerate(tree.root());
        return scale.mark(threads);
      } finally {
        TreeOnDisk.delete(work);
      }
    } catch (IOException e) {
      throw new BenchException("cannot use " + work + ": " + e, e);
    }
  }
}
