package dev.tidemark.bench;

import dev.tidemark.bench.collector.Collection;
import dev.tidemark.bench.collector.Measurement;
import dev.tidemark.bench.collector.TidemarkLauncher;
import dev.tidemark.bench.collector.TimedProcess;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.result.Spread;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what the trash costs on the filesystem. */
@Command(
        name = "trash",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Measures sweeps on the filesystem, with a trash and without one, in turn: each with --delete-untagged, on",
            "a tree of its own that is the same. With a trash all that was swept is looked for once more, and purged.",
            ""
        })
final class TrashCostCommand implements Callable<Integer> {

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "25k",
            description = "25k, 260k, 1m, or any number of blobs")
    private String size;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often each is measured, after one warm-up")
    private int runs;

    @Option(names = "--tidemark", paramLabel = "PATH", description = "another Tidemark's launcher")
    private Path launcher = Path.of(System.getProperty("bench.home", "."), "tidemark");

    @Mixin
    private WorkDirectory directory;

    private enum Sweep {
        WITHOUT("without a trash", List.of("--keep-trash", "off")),
        WITH("with a trash", List.of());

        private final String words;
        private final List<String> options;

        Sweep(String words, List<String> options) {
            this.words = words;
            this.options = options;
        }
    }

    @Override
    public Integer call() {
        TidemarkLauncher tidemark = TidemarkLauncher.of(launcher);
        Map<Sweep, List<Measurement>> all = new EnumMap<>(Sweep.class);
        directory.during("trash-cache", work -> {
            tidemark.awaitStartupCache(new TimedProcess(work));
            return null;
        });
        for (int run = 0; run <= Math.max(1, runs); run++) {
            for (Sweep sweep : Sweep.values()) {
                Measurement measurement = directory.during("trash", work -> measure(tidemark, sweep, work));
                if (run > 0) {
                    all.computeIfAbsent(sweep, each -> new ArrayList<>()).add(measurement);
                }
            }
        }
        System.out.printf("%n%-16s %-24s %-24s%n", size, "wall", "CPU");
        all.forEach((sweep, measurements) -> System.out.printf(
                "%-16s %-24s %-24s%n",
                sweep.words,
                text(Spread.of(measurements, Measurement::wallSeconds)),
                text(Spread.of(measurements, Measurement::cpuSeconds))));
        System.out.printf(
                "%-16s %-24.2f %-24.2f%n",
                "ratio", ratio(all, Measurement::wallSeconds), ratio(all, Measurement::cpuSeconds));
        return 0;
    }

    private static double ratio(Map<Sweep, List<Measurement>> all, ToDoubleFunction<Measurement> figure) {
        double with = Spread.of(all.get(Sweep.WITH), figure).median();
        double without = Spread.of(all.get(Sweep.WITHOUT), figure).median();
        return with / without;
    }

    private static String text(Spread seconds) {
        return "%.1f s (%.1f–%.1f)".formatted(seconds.median(), seconds.min(), seconds.max());
    }

    private Measurement measure(TidemarkLauncher tidemark, Sweep sweep, Path work) {
        TreeOnDisk tree =
                TreeOnDisk.in(work, TreeSize.of(size), Runtime.getRuntime().availableProcessors(), progress -> {});
        var collection = new Collection(new Backend.Filesystem(tree).config(work), true, true, Map.of());
        Measurement measurement = tidemark.run(collection, work.resolve("data"), sweep.options, new TimedProcess(work));
        System.err.printf(
                "%s: %.1f s, %.1f s of CPU%n", sweep.words, measurement.wallSeconds(), measurement.cpuSeconds());
        requireSwept(tree);
        return measurement;
    }

    /** The blobs that are left have to be the live ones, and nothing may be left in the trash. */
    private static void requireSwept(TreeOnDisk tree) {
        long left = 0;
        try (DirectoryStream<Path> shards =
                Files.newDirectoryStream(tree.root().resolve("docker/registry/v2/blobs/sha256"))) {
            for (Path shard : shards) {
                try (DirectoryStream<Path> blobs = Files.newDirectoryStream(shard)) {
                    for (Path ignored : blobs) {
                        left++;
                    }
                }
            }
        } catch (IOException e) {
            throw new BenchException("cannot list " + tree.root() + ": " + e.getMessage(), e);
        }
        long live = tree.facts().blobs() - tree.facts().eligible(true).count();
        if (left != live) {
            throw new BenchException("%,d blobs are left, and %,d are live".formatted(left, live));
        }
        if (Files.exists(tree.root().resolve("tidemark"))) {
            throw new BenchException("something is left in the trash of " + tree.root());
        }
    }
}
