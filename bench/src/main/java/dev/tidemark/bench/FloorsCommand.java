package dev.tidemark.bench;

import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.part.KafkaFloor;
import dev.tidemark.bench.part.WalkFloor;
import dev.tidemark.bench.result.Spread;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the lower limits of every collector's time on this machine. */
@Command(
        name = "floors",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Measures the times that no collector can go below here: a bare walk of the tree, a",
            "bare producer, Kafka Streams that passes records through.",
            ""
        })
final class FloorsCommand implements Callable<Integer> {

    enum Floor {
        walk,
        kafka
    }

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "260k",
            description = "25k, 260k, 1m, or any number of blobs")
    private String size;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "FLOOR",
            defaultValue = "walk,kafka",
            description = "walk, kafka")
    private List<Floor> floors;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often each is measured, after a warm-up")
    private int runs;

    @Option(names = "--records", paramLabel = "N", defaultValue = "1000000", description = "how many go through Kafka")
    private long records;

    @Option(names = "--partitions", paramLabel = "P", defaultValue = "4", description = "of the topics")
    private int partitions;

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,2",
            description = "of the walk and of Kafka Streams")
    private List<Integer> threads;

    @Mixin
    private WorkDirectory directory;

    @Override
    public Integer call() {
        System.out.printf("%d cores, Java %s%n%n", Runtime.getRuntime().availableProcessors(), Runtime.version());
        if (floors.contains(Floor.walk)) {
            walks();
        }
        if (floors.contains(Floor.kafka)) {
            kafka();
        }
        return 0;
    }

    private void walks() {
        TreeOnDisk tree = TreeOnDisk.in(
                directory.path(), TreeSize.of(size), Runtime.getRuntime().availableProcessors(), System.err::println);
        System.out.printf(
                "walk of %s, %,d files, warm cache%n",
                tree.facts().size(), tree.facts().files());
        for (int n : threads) {
            seconds("by known paths, " + n + " thread(s)", tree.facts().files(), () -> walk(tree, n, false));
            seconds("every directory read, " + n + " thread(s)", tree.facts().files(), () -> walk(tree, n, true));
        }
        Path find = Path.of("/usr/bin/find");
        if (Files.isExecutable(find)) {
            seconds("find -type f -printf %s", tree.facts().files(), () -> find(find, tree.root()));
        }
        System.out.println();
    }

    private static double walk(TreeOnDisk tree, int threads, boolean everyDirectory) {
        long start = System.nanoTime();
        long leaves = new WalkFloor(tree.root(), threads, everyDirectory).walk();
        if (leaves != tree.facts().files()) {
            throw new BenchException("the walk finds %,d files, and not the %,d that were made"
                    .formatted(leaves, tree.facts().files()));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double find(Path find, Path root) {
        long start = System.nanoTime();
        try {
            int status = new ProcessBuilder(
                            find.toString(), root.resolve("docker").toString(), "-type", "f", "-printf", "%s")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new BenchException("find ended with " + status);
            }
        } catch (IOException e) {
            throw new BenchException("cannot run find: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Each on a broker of its own, so that none finds what another has left. */
    private void kafka() {
        System.out.printf("Kafka in this process, %,d records, %d partitions%n", records, partitions);
        seconds("producer", records, () -> onBroker(KafkaFloor::produce));
        for (int n : threads) {
            seconds("streams, " + n + " thread(s)", records, () -> passed(false, n));
            seconds("streams with a store, " + n + " thread(s)", records, () -> passed(true, n));
        }
    }

    private double passed(boolean store, int threads) {
        return onBroker(kafka -> {
            kafka.produce();
            return kafka.pass(store, threads);
        });
    }

    private double onBroker(ToDoubleFunction<KafkaFloor> measured) {
        return directory.during("floors", work -> {
            try (var kafka = new KafkaFloor(work, partitions, records)) {
                return measured.applyAsDouble(kafka);
            }
        });
    }

    private void seconds(String what, long things, DoubleSupplier run) {
        run.getAsDouble();
        Spread seconds = Spread.of(DoubleStream.generate(run).limit(Math.max(1, runs)));
        System.out.printf(
                "  %-34s%8.2f s (%.2f–%.2f)%,14.0f a second%n",
                what, seconds.median(), seconds.min(), seconds.max(), things / seconds.median());
    }
}
