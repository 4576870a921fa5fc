package dev.tidemark.cli.warmup;

import dev.tidemark.cli.exit.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code tidemark warm-up}: collects registries that it makes up, on a filesystem and in a bucket, large
 * enough for the JVM to learn what is hot. The launcher runs it once after a build, and keeps what the JVM has learnt
 * for the runs to come.
 */
@Command(
        name = "warm-up",
        hidden = true,
        description = "Collects made-up registries. The launcher runs it to make its start-up cache.")
public final class WarmUpCommand implements Callable<Integer> {

    private final ToIntFunction<String[]> tidemark;

    @Option(
            names = "--images",
            defaultValue = "2000",
            description = "so many in the directory's registry, and a tenth of them in the bucket's")
    private int images;

    @Parameters(paramLabel = "DIR", description = "an empty directory")
    private Path directory;

    /** @param tidemark does what is typed as the arguments of {@code tidemark}, and returns the exit code */
    public WarmUpCommand(ToIntFunction<String[]> tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public Integer call() {
        try {
            int status = collectFromBucket();
            return status == ExitCode.DONE ? collectFromFilesystem() : status;
        } catch (IOException e) {
            throw new UncheckedIOException("the made-up registries cannot be written to " + directory, e);
        }
    }

    private int collectFromBucket() throws IOException {
        Path files = directory.resolve("bucket");
        new SampleRegistry(files).write(images / 10);
        try (var bucket = new SampleBucket(files)) {
            Path configuration = Files.writeString(directory.resolve("config.yml"), bucket.configuration());
            return collect(configuration, "data-of-bucket");
        }
    }

    private int collectFromFilesystem() throws IOException {
        Path registry = directory.resolve("registry");
        new SampleRegistry(registry).write(images);
        return collect(registry, "data");
    }

    private int collect(Path registry, String data) {
        return tidemark.applyAsInt(new String[] {
            "collect",
            "--settle",
            "0",
            "--min-age",
            "0",
            "--delete-untagged",
            "--max-delete",
            "100",
            "--data-dir",
            directory.resolve(data).toString(),
            registry.toString()
        });
    }
}
