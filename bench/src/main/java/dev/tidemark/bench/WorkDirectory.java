package dev.tidemark.bench;

import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.tree.TreeOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The directory in which the bench keeps registry trees, and the files of its runs. */
final class WorkDirectory {

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "where trees are kept, and runs leave their files (default: $XDG_CACHE_HOME/tidemark-bench)")
    private Path path;

    Path path() {
        if (path != null) {
            return path.toAbsolutePath().normalize();
        }
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(cache -> !cache.isEmpty())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("tidemark-bench");
    }

    /** Runs with a directory of its own, which is deleted after it. */
    <T> T during(String run, Function<Path, T> of) {
        Path work = path().resolve("runs")
                .resolve(run + "-" + ProcessHandle.current().pid());
        try {
            Files.createDirectories(work);
            try {
                return of.apply(work);
            } finally {
                TreeOnDisk.delete(work);
            }
        } catch (IOException e) {
            throw new BenchException("cannot use " + work + ": " + e, e);
        }
    }
}
