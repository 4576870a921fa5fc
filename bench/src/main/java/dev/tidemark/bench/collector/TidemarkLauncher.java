package dev.tidemark.bench.collector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.output.Json;
import dev.tidemark.bench.tree.DigestSet;
import dev.tidemark.bench.tree.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Tidemark, through its launcher, as users run it. */
public record TidemarkLauncher(Path launcher) {

    private static final Duration CACHE = Duration.ofMinutes(2);

    public static TidemarkLauncher of(Path launcher) {
        if (!Files.isExecutable(launcher)) {
            throw new BenchException(launcher + " is missing, and should be Tidemark's launcher");
        }
        return new TidemarkLauncher(launcher.toAbsolutePath().normalize());
    }

    public Measurement run(Collection collection, Path dataDirectory, TimedProcess process) {
        return run(collection, dataDirectory, List.of(), process);
    }

    public Measurement run(Collection collection, Path dataDirectory, List<String> options, TimedProcess process) {
        return process.run(command(collection, dataDirectory, options), collection.environment());
    }

    /** Collects without being measured or deleting anything, and reads from the plan which blobs are eligible. */
    public DigestSet plan(Collection collection, Path dataDirectory, TimedProcess process) {
        Path plan = process.output().resolveSibling("plan");
        process.run(
                command(collection.dry(), dataDirectory, List.of("--plan", plan.toString())), collection.environment());
        DigestSet eligible = DigestSet.EMPTY;
        try (BufferedReader lines = Files.newBufferedReader(plan)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = Json.MAPPER.readTree(line);
                if (row.path("kind").asText().equals("blob")) {
                    eligible = eligible.plus(Sha256.parse(row.path("digest").asText()));
                }
            }
            return eligible;
        } catch (IOException e) {
            throw new BenchException("cannot read Tidemark's plan: " + e.getMessage(), e);
        }
    }

    /** How many blobs its summary calls eligible. */
    public long eligible(Path output) {
        return Json.read(output, JsonNode.class).at("/blobs/eligible/count").asLong(-1);
    }

    /** Where its summary says that the time went. */
    public Map<String, Double> phases(Path output) {
        Map<String, Double> phases = new TreeMap<>();
        Json.read(output, JsonNode.class)
                .path("seconds")
                .properties()
                .forEach(phase -> phases.put(phase.getKey(), phase.getValue().asDouble()));
        return phases;
    }

    /** Asks the services on a Kafka for a run. */
    public Measurement run(Collection collection, String bootstrapServers, TimedProcess process) {
        return process.run(command(collection, List.of("run", "--bootstrap-servers", bootstrapServers)), Map.of());
    }

    private List<String> command(Collection collection, Path dataDirectory, List<String> more) {
        List<String> command =
                command(collection, List.of("collect", "--settle", "0", "--data-dir", dataDirectory.toString()));
        command.addAll(more);
        command.add(collection.config().toString());
        return command;
    }

    private List<String> command(Collection collection, List<String> words) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(words);
        command.addAll(List.of("--min-age", "0", "--format", "json"));
        command.addAll(collection.sweep() ? List.of("--max-delete", "100") : List.of("--dry-run"));
        if (collection.deleteUntagged()) {
            command.add("--delete-untagged");
        }
        return command;
    }

    /**
     * The first start after a build makes a start-up cache in the background, which must not run beside what is
     * measured.
     */
    public void awaitStartupCache(TimedProcess process) {
        process.run(List.of(launcher.toString(), "--version"), Map.of());
        Path cache = launcher.resolveSibling("cli/target/tidemark/cache");
        long deadline = System.nanoTime() + CACHE.toNanos();
        try {
            while (Files.isWritable(cache) && !isMade(cache) && System.nanoTime() < deadline) {
                Thread.sleep(200);
            }
        } catch (IOException e) {
            throw new BenchException("cannot read " + cache + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        }
    }

    private static boolean isMade(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            return names.stream().noneMatch(name -> name.endsWith(".lock"))
                    && names.stream()
                            .anyMatch(
                                    name -> name.endsWith(".aot") || name.endsWith(".jsa") || name.endsWith(".failed"));
        }
    }
}
