package dev.tidemark.bench;

import dev.tidemark.bench.collector.Reference;
import dev.tidemark.bench.collector.TidemarkLauncher;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.output.Json;
import dev.tidemark.bench.result.Result;
import dev.tidemark.bench.result.ResultText;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Measures Tidemark and the registry's own collector in turn. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Measures Tidemark and the registry's own garbage-collect in turn, on the same",
            "storage, as dry runs (see --sweep), and prints what each takes. The result of each is checked.",
            ""
        })
final class MeasureCommand implements Callable<Integer> {

    enum StorageKind {
        filesystem,
        s3,
        azure,
        gcs
    }

    enum Mode {
        plain,
        delete_untagged;

        static Mode of(String text) {
            return valueOf(text.replace('-', '_'));
        }
    }

    enum Format {
        text,
        json
    }

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "SIZE",
            defaultValue = "260k",
            description = "25k, 260k, 1m, or any number of blobs")
    private List<String> sizes;

    @Option(
            names = "--storage",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "filesystem",
            description = "filesystem, s3, azure, gcs; of the last two only Tidemark is measured")
    private List<StorageKind> storages;

    @Option(
            names = "--options",
            split = ",",
            paramLabel = "OPTION",
            defaultValue = "plain,delete-untagged",
            converter = ModeConverter.class,
            description = "plain, delete-untagged")
    private List<Mode> modes;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often each is measured, after a warm-up")
    private int runs;

    @Option(
            names = "--reference-runs",
            paramLabel = "N",
            description = "how often the reference is, if not as often; 0 for Tidemark alone")
    private Integer referenceRuns;

    @Option(
            names = "--tidemark-runs",
            paramLabel = "N",
            description = "how often Tidemark is, if not as often; 0 for the reference alone")
    private Integer tidemarkRuns;

    @Option(
            names = "--second",
            description = "measure Tidemark's second run, too: nothing is new, and the data directory is there")
    private boolean second;

    @Option(
            names = "--sweep",
            description =
                    "real runs instead of dry runs; what they delete is brought back after each (in a bucket only)")
    private boolean sweep;

    @Option(
            names = "--registry",
            paramLabel = "PATH",
            defaultValue = "docker-registry",
            description = "the registry's binary")
    private String registry;

    @Option(
            names = "--tidemark",
            paramLabel = "PATH",
            description = "another Tidemark's launcher (default: this clone's)")
    private Path tidemark;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            defaultValue = "10ms",
            converter = MillisecondsConverter.class,
            description = "what is added to every request to a bucket")
    private Duration delay;

    @Mixin
    private WorkDirectory directory;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "a table, or a JSON document")
    private Format format;

    @Override
    public Integer call() {
        return directory.during("compare", work -> {
            measure(work);
            return 0;
        });
    }

    private void measure(Path work) {
        int ofReference = referenceRuns == null ? runs : referenceRuns;
        int ofTidemark = tidemarkRuns == null ? runs : tidemarkRuns;
        if (Math.max(ofReference, ofTidemark) < 1) {
            throw new BenchException("nothing to measure: --runs must be at least 1");
        }
        if (ofReference > 0 && (storages.contains(StorageKind.azure) || storages.contains(StorageKind.gcs))) {
            throw new BenchException("the reference is not measured on azure and gcs: say --reference-runs 0");
        }
        if (sweep && (second || storages.contains(StorageKind.filesystem))) {
            throw new BenchException("--sweep is for buckets (trees on the filesystem are kept), and without --second");
        }
        var benchmark = new Benchmark(
                ofReference == 0 ? null : Reference.of(registry),
                ofReference,
                ofTidemark == 0 ? null : TidemarkLauncher.of(launcher()),
                ofTidemark,
                second,
                sweep,
                work,
                line -> System.err.println(line));
        List<Result> results = new ArrayList<>();
        if (format == Format.text) {
            System.out.printf(
                    "%d cores, Java %s%s%n%n",
                    Runtime.getRuntime().availableProcessors(), Runtime.version(), javaOptions());
        }
        for (TreeSize size : sizes.stream().map(TreeSize::of).toList()) {
            for (StorageKind kind : storages) {
                try (Backend backend = backend(kind, size, work)) {
                    for (Mode mode : modes) {
                        Result result = benchmark.of(backend, mode == Mode.delete_untagged);
                        results.add(result);
                        if (format == Format.text) {
                            System.out.println(ResultText.of(result));
                        }
                    }
                }
            }
        }
        if (format == Format.json) {
            System.out.println(
                    Json.text(Map.of("cores", Runtime.getRuntime().availableProcessors(), "results", results)));
        }
    }

    private Backend backend(StorageKind kind, TreeSize size, Path work) {
        return switch (kind) {
            case filesystem ->
                new Backend.Filesystem(TreeOnDisk.in(
                        directory.path(),
                        size,
                        Runtime.getRuntime().availableProcessors(),
                        line -> System.err.println(line)));
            case s3, azure, gcs -> Backend.Bucket.start(Backend.Service.valueOf(kind.name()), size, delay, work);
        };
    }

    private Path launcher() {
        return tidemark == null ? Path.of(System.getProperty("bench.home", "."), "tidemark") : tidemark;
    }

    private static String javaOptions() {
        String options = System.getenv("TIDEMARK_JAVA_OPTS");
        return options == null || options.isBlank() ? "" : ", TIDEMARK_JAVA_OPTS=" + options;
    }

    /** {@code delete-untagged}, as it is written. */
    static final class ModeConverter implements ITypeConverter<Mode> {

        @Override
        public Mode convert(String value) {
            try {
                return Mode.of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' is neither plain nor delete-untagged");
            }
        }
    }

    /** {@code 10ms}. */
    static final class MillisecondsConverter implements ITypeConverter<Duration> {

        private static final Pattern MILLISECONDS = Pattern.compile("(\\d{1,5})(ms)?");

        @Override
        public Duration convert(String value) {
            Matcher milliseconds = MILLISECONDS.matcher(value);
            if (!milliseconds.matches()) {
                throw new TypeConversionException("'" + value + "' is no delay: 10ms");
            }
            return Duration.ofMillis(Long.parseLong(milliseconds.group(1)));
        }
    }
}
