package dev.tidemark.bench;

import dev.tidemark.bench.part.MarkerScale;
import dev.tidemark.bench.part.MarkerScale.Marked;
import dev.tidemark.bench.result.Spread;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how the marker scales with its threads and the topics' partitions. */
@Command(
        name = "scaling",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Measures the marker alone: an enumerator writes a tree into the topics, then the marker starts, and "
                    + "is timed from its first record",
            "to the decision of its last partition.",
            ""
        })
final class ScalingCommand implements Callable<Integer> {

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "260k",
            description = "25k, 260k, 1m, or any number of blobs")
    private String size;

    @Option(
            names = "--partitions",
            split = ",",
            paramLabel = "P",
            defaultValue = "1,2,4,8,12",
            description = "of the topics")
    private List<Integer> partitions;

    @Option(names = "--threads", split = ",", paramLabel = "N", defaultValue = "1,2,4", description = "of the marker")
    private List<Integer> threads;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often each is measured, after one warm-up")
    private int runs;

    @Mixin
    private WorkDirectory directory;

    @Override
    public Integer call() {
        TreeOnDisk tree = TreeOnDisk.in(
                directory.path(), TreeSize.of(size), Runtime.getRuntime().availableProcessors(), System.err::println);
        System.out.printf(
                "%d cores, Java %s; %s, with Kafka in the same process%n%n",
                Runtime.getRuntime().availableProcessors(), Runtime.version(), size);
        System.out.printf(
                "%10s %7s  %-24s%14s%14s%n", "partitions", "threads", "marking and deciding", "digests in", "a second");
        mark(tree, partitions.getFirst(), threads.getLast());
        for (int p : partitions) {
            for (int n : threads) {
                // A task has one thread: more than there are partitions have nothing to do, and are measured only if
                // nothing else is.
                if (n <= p || n == threads.getFirst()) {
                    measure(tree, p, n);
                }
            }
        }
        return 0;
    }

    private void measure(TreeOnDisk tree, int partitions, int threads) {
        List<Marked> all = Stream.generate(() -> mark(tree, partitions, threads))
                .limit(Math.max(1, runs))
                .toList();
        Spread seconds = Spread.of(all.stream().mapToDouble(Marked::seconds));
        long digests = all.getFirst().entries() + all.getFirst().marks();
        System.out.printf(
                "%10d %7d  %-24s%,14d%,14.0f%n",
                partitions,
                threads,
                "%.2f s (%.2f–%.2f)".formatted(seconds.median(), seconds.min(), seconds.max()),
                digests,
                digests / seconds.median());
    }

    /** Each on a broker of its own, so that none finds what another has left. */
    private Marked mark(TreeOnDisk tree, int partitions, int threads) {
        return directory.during("scaling", work -> {
            try (var scale = new MarkerScale(work, partitions)) {
                scale.enumerate(tree.root());
                return scale.mark(threads);
            }
        });
    }
}
