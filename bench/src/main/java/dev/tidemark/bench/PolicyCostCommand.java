package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.bench.collector.Collection;
import dev.tidemark.bench.collector.Measurement;
import dev.tidemark.bench.collector.TidemarkLauncher;
import dev.tidemark.bench.collector.TimedProcess;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.output.Json;
import dev.tidemark.bench.result.Spread;
import dev.tidemark.bench.tree.RegistryTree;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what a policy costs. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Measures dry runs on the filesystem, in turn on the same tree: without a policy; with one that decides on",
            "every tag, and keeps it; and with one that lets most tags go, so that there is more to delete.",
            "How many tags go is checked.",
            ""
        })
final class PolicyCostCommand implements Callable<Integer> {

    private static final String POLICY = """
        policies:
          - name: bench
            repositories: ["**"]
            tags:
              - match: ["latest"]
                keep: all
              - match: ["v*"]
                keepAny: { newest: %d, by: semver, pushedWithin: 7d }
              - match: ['/stable-(\\d+)/']
                keepAny: { newest: %d, pushedWithin: 7d }
        """;

    private static final int ALL = 1_000_000;
    private static final int VERSIONS = 10;
    private static final int STABLE = 2;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "260k",
            description = "25k, 260k, 1m, or any number of blobs")
    private String size;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "how often each is measured, after one warm-up")
    private int runs;

    @Option(names = "--delete-untagged", description = "all of them with this option")
    private boolean deleteUntagged;

    @Option(names = "--tidemark", paramLabel = "PATH", description = "another Tidemark's launcher")
    private Path launcher = Path.of(System.getProperty("bench.home", "."), "tidemark");

    @Mixin
    private WorkDirectory directory;

    /**
     * A run that is measured.
     *
     * @param going how many tags it has to let go
     */
    private record Variant(String words, List<String> options, long going, List<Measurement> measurements) {

        private Variant(String words, List<String> options, long going) {
            this(words, options, going, new ArrayList<>());
        }
    }

    @Override
    public Integer call() {
        return directory.during("policy", work -> {
            measure(work);
            return 0;
        });
    }

    private void measure(Path work) {
        TidemarkLauncher tidemark = TidemarkLauncher.of(launcher);
        var process = new TimedProcess(work);
        tidemark.awaitStartupCache(process);
        TreeSize of = TreeSize.of(size);
        TreeOnDisk tree = TreeOnDisk.in(
                directory.path(), of, Runtime.getRuntime().availableProcessors(), line -> System.err.println(line));
        var collection = new Collection(new Backend.Filesystem(tree).config(work), deleteUntagged, false, Map.of());
        List<Variant> variants = List.of(
                new Variant("no policy", List.of(), 0),
                new Variant("keeps all", policy(work.resolve("keeps.yml"), ALL, ALL), 0),
                new Variant(
                        "lets most go",
                        policy(work.resolve("lets-go.yml"), VERSIONS, STABLE),
                        RegistryTree.of(of).tagsBeyond(VERSIONS, STABLE)));
        for (int run = 0; run <= Math.max(1, runs); run++) {
            for (Variant variant : variants) {
                Measurement measurement = run(tidemark, collection, variant, process);
                if (run > 0) {
                    variant.measurements().add(measurement);
                }
            }
        }
        System.out.printf("%n%-14s %-22s %-22s %-22s %s%n", size, "wall", "CPU", "peak memory", "CPU, ratio");
        double least = cpu(variants.getFirst()).median();
        for (Variant variant : variants) {
            System.out.printf(
                    "%-14s %-22s %-22s %-22s %.3f%n",
                    variant.words(),
                    text("%.1f s (%.1f–%.1f)", Spread.of(variant.measurements(), Measurement::wallSeconds)),
                    text("%.1f s (%.1f–%.1f)", cpu(variant)),
                    text(
                            "%.0f MB (%.0f–%.0f)",
                            Spread.of(variant.measurements(), each -> each.peakKilobytes() / 1000.0)),
                    cpu(variant).median() / least);
        }
    }

    private static Spread cpu(Variant variant) {
        return Spread.of(variant.measurements(), Measurement::cpuSeconds);
    }

    private static String text(String format, Spread spread) {
        return format.formatted(spread.median(), spread.min(), spread.max());
    }

    private static Measurement run(
            TidemarkLauncher tidemark, Collection collection, Variant variant, TimedProcess process) {
        Path data = collection.config().resolveSibling("data");
        Measurement measurement = tidemark.run(collection, data, variant.options(), process);
        long going =
                Json.read(process.output(), JsonNode.class).at("/policy/going").asLong();
        if (going != variant.going()) {
            throw new BenchException("%,d tags go, and it should be %,d".formatted(going, variant.going()));
        }
        System.err.printf(
                "%s: %.1f s, %.1f s of CPU, %,d MB%n",
                variant.words(),
                measurement.wallSeconds(),
                measurement.cpuSeconds(),
                measurement.peakKilobytes() / 1000);
        try {
            TreeOnDisk.delete(data);
        } catch (IOException e) {
            throw new BenchException("cannot delete " + data + ": " + e.getMessage(), e);
        }
        return measurement;
    }

    /** The options of a run with a policy that keeps so many versions and stable tags of each repository. */
    private static List<String> policy(Path file, int versions, int stable) {
        try {
            Files.writeString(file, POLICY.formatted(versions, stable));
        } catch (IOException e) {
            throw new BenchException("cannot write " + file + ": " + e.getMessage(), e);
        }
        return List.of("--policy", file.toString());
    }
}
