package dev.tidemark.bench;

import dev.tidemark.bench.MeasureCommand.Mode;
import dev.tidemark.bench.MeasureCommand.StorageKind;
import dev.tidemark.bench.collector.Collection;
import dev.tidemark.bench.collector.MeasuredService;
import dev.tidemark.bench.collector.Measurement;
import dev.tidemark.bench.collector.TidemarkLauncher;
import dev.tidemark.bench.collector.TimedProcess;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.tree.DigestSet;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import dev.tidemark.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a run of the three services, each a process of its own. */
@Command(
        name = "services",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Measures a run of the three services, each a process with a heap of its own, on a Kafka in this "
                    + "process. The result is checked.",
            "On the filesystem it is a dry run; in a bucket all that is eligible is deleted.",
            "resident: the most that the process had in memory. heap: the most in use; live: the most that a full "
                    + "collection of garbage has left.",
            ""
        })
final class ServicesCommand implements Callable<Integer> {

    private static final List<String> SERVICES = List.of("enumerator", "marker", "sweeper");

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "260k",
            description = "25k, 260k, 1m, or any number of blobs")
    private String size;

    @Option(
            names = "--storage",
            paramLabel = "KIND",
            defaultValue = "filesystem",
            description = "filesystem, s3, azure, gcs")
    private StorageKind storage;

    @Option(
            names = "--options",
            paramLabel = "OPTION",
            defaultValue = "plain",
            converter = MeasureCommand.ModeConverter.class,
            description = "plain, delete-untagged")
    private Mode mode;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            defaultValue = "10ms",
            converter = MeasureCommand.MillisecondsConverter.class,
            description = "what is added to every request to a bucket")
    private Duration delay;

    @Option(names = "--partitions", paramLabel = "P", defaultValue = "12", description = "of the topics")
    private int partitions;

    @Option(names = "--heap", paramLabel = "SIZE", defaultValue = "256m", description = "-Xmx of each service")
    private String heap;

    @Mixin
    private WorkDirectory directory;

    @Override
    public Integer call() {
        return directory.during("services", work -> {
            TreeSize of = TreeSize.of(size);
            try (Backend backend = switch (storage) {
                case filesystem ->
                    new Backend.Filesystem(TreeOnDisk.in(
                            directory.path(), of, Runtime.getRuntime().availableProcessors(), System.err::println));
                case s3, azure, gcs -> Backend.Bucket.start(Backend.Service.valueOf(storage.name()), of, delay, work);
            }) {
                measure(backend, work);
            }
            return 0;
        });
    }

    private void measure(Backend backend, Path work) {
        TidemarkLauncher tidemark = TidemarkLauncher.of(Path.of(System.getProperty("bench.home", "."), "tidemark"));
        var process = new TimedProcess(work);
        tidemark.awaitStartupCache(process);
        var collection = new Collection(
                backend.config(work),
                mode == Mode.delete_untagged,
                backend instanceof Backend.Bucket,
                backend.environment());
        DigestSet eligible = backend.facts().eligible(collection.deleteUntagged());
        System.out.printf(
                "%d cores, Java %s; %s, %s, %s, %d partitions, -Xmx%s%n%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                backend.facts().size(),
                backend.name(),
                collection.deleteUntagged() ? "delete-untagged" : "plain",
                partitions,
                heap);
        List<MeasuredService> services = new ArrayList<>();
        row("", "", "CPU", "resident", "heap", "live", "collecting");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            try {
                SERVICES.forEach(name -> services.add(MeasuredService.start(
                        tidemark.launcher(),
                        name,
                        work,
                        environment(name, kafka, collection, work),
                        "-Xmx" + heap + " " + options())));
                // A run waits for a service that has died, for others could go on for it.
                services.forEach(service -> service.process().onExit().thenRun(process::end));
                Measurement run = run(tidemark, collection, kafka, process, services);
                requireRight(tidemark.eligible(process.output()), eligible.count());
                row("run", "%.1f s".formatted(run.wallSeconds()), "", "", "", "", "");
                tidemark.phases(process.output())
                        .forEach(
                                (phase, seconds) -> row("  " + phase, "%.1f s".formatted(seconds), "", "", "", "", ""));
            } finally {
                services.forEach(service -> {
                    Measurement taken = service.stop();
                    MeasuredService.Heap of = service.heap();
                    row(
                            service.name(),
                            "",
                            "%.1f s".formatted(taken.cpuSeconds()),
                            megabytes(taken.peakKilobytes() / 1024),
                            megabytes(of.most()),
                            of.live() == 0 ? "" : megabytes(of.live()),
                            "%.1f s".formatted(of.seconds()));
                });
            }
        }
    }

    private static Measurement run(
            TidemarkLauncher tidemark,
            Collection collection,
            EmbeddedKafka kafka,
            TimedProcess process,
            List<MeasuredService> services) {
        try {
            Measurement run = tidemark.run(collection, kafka.bootstrapServers(), process);
            services.forEach(MeasuredService::requireAlive);
            return run;
        } catch (BenchException e) {
            services.forEach(MeasuredService::requireAlive);
            throw e;
        }
    }

    private static String options() {
        return Optional.ofNullable(System.getenv("TIDEMARK_JAVA_OPTS")).orElse("");
    }

    private Map<String, String> environment(String name, EmbeddedKafka kafka, Collection collection, Path work) {
        Map<String, String> environment = new HashMap<>(collection.environment());
        environment.putAll(Map.of(
                "TIDEMARK_KAFKA_BOOTSTRAP_SERVERS",
                kafka.bootstrapServers(),
                "TIDEMARK_PARTITIONS",
                Integer.toString(partitions),
                "TIDEMARK_REGISTRY",
                collection.config().toString(),
                "TIDEMARK_STATE_DIR",
                work.resolve(name + "-state").toString(),
                "TIDEMARK_HTTP_PORT",
                "off"));
        return environment;
    }

    private static void requireRight(long found, long expected) {
        if (found != expected) {
            throw new BenchException(
                    "the services find %,d blobs eligible, and not the %,d that are: what it takes is of no interest"
                            .formatted(found, expected));
        }
    }

    private static String megabytes(long megabytes) {
        return "%,d MB".formatted(megabytes);
    }

    private static void row(String what, Object... figures) {
        System.out.printf(
                "%-14s%10s%10s%12s%10s%10s%12s%n",
                Stream.concat(Stream.of(what), Stream.of(figures)).toArray());
    }
}
