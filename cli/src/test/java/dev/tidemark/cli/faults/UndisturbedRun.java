package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A collection of a {@link FaultRegistry} that nothing disturbs: what it leaves of the registry, and its plan. One such
 * run is enough for all tests of a JVM at a registry of that size.
 */
record UndisturbedRun(Map<String, String> leaves, List<JsonNode> plan, Duration took) {

    private static final Map<Integer, UndisturbedRun> DONE = new ConcurrentHashMap<>();

    static UndisturbedRun get() {
        return of(FaultRegistry.IMAGES);
    }

    static UndisturbedRun of(int images) {
        return DONE.computeIfAbsent(images, UndisturbedRun::run);
    }

    private static UndisturbedRun run(int images) {
        try {
            Path directory = Files.createTempDirectory("undisturbed");
            RegistryOnDisk registry = FaultRegistry.make(directory.resolve("registry"), images);
            long began = System.nanoTime();
            Tidemark.Result result = new Tidemark(directory.resolve("home"))
                    .collect(
                            "-m",
                            "--min-age",
                            "0",
                            "--max-delete",
                            "100",
                            registry.root().toString());
            var took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(result.exitCode()).as(result.err()).isZero();
            var run = new UndisturbedRun(registry.snapshot(), result.plan(), took);
            RegistryOnDisk.remove(directory);
            return run;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
