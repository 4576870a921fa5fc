package dev.tidemark.cli.warmup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code tidemark warm-up}: collects a registry that it makes up, on a filesystem, large enough for the JVM
 * to learn what is hot. The launcher runs it once after a build, and keeps what the JVM has learnt for the runs to
 * come: of what is on its class path, and so of no driver with libraries of its own.
 */
@Command(
        name = "warm-up",
        hidden = true,
        description = "Collects a made-up registry. The launcher runs it to make its start-up cache.")
public final class WarmUpCommand implements Callable<Integer> {

    private final ToIntFunction<String[]> tidemark;

    @Option(names = "--images", defaultValue = "2000", description = "so many are in the registry")
    private int images;

    @Parameters(paramLabel = "DIR", description = "an empty directory")
    private Path directory;

    /** @param tidemark does what is typed as the arguments of {@code tidemark}, and returns the exit code */
    public WarmUpCommand(ToIntFunction<String[]> tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public Integer call() {
        Path registry = directory.resolve("registry");
        try {
            new SampleRegistry(registry).write(images);
        } catch (IOException e) {
            throw new UncheckedIOException("the made-up registry cannot be written to " + directory, e);
        }
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
            directory.resolve("data").toString(),
            registry.toString()
        });
    }
}
