package dev.tidemark.bench.collector;

import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.tree.DigestSet;
import dev.tidemark.bench.tree.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The registry's own collector.
 *
 * @param version as the binary says it
 */
public record Reference(String binary, String version) {

    private static final String ELIGIBLE = "blob eligible for deletion: ";
    /** Registry 3 would look for a collector of traces. */
    private static final Map<String, String> ENVIRONMENT = Map.of("OTEL_TRACES_EXPORTER", "none");

    public static Reference of(String binary) {
        String path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> binary.contains("/") ? Path.of(binary) : Path.of(directory, binary))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new BenchException(binary
                        + " is missing. Install the registry (Debian's package is called "
                        + "docker-registry), or name one with --registry."));
        try {
            Process asked = new ProcessBuilder(path, "--version")
                    .redirectErrorStream(true)
                    .start();
            String[] answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .trim()
                    .split("\\s+");
            if (!asked.waitFor(10, TimeUnit.SECONDS) || asked.exitValue() != 0) {
                throw new BenchException(path + " --version fails: is it the registry?");
            }
            return new Reference(path, answer[answer.length - 1]);
        } catch (IOException e) {
            throw new BenchException("cannot run " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        }
    }

    public String name() {
        return "registry " + version;
    }

    public Measurement run(Collection collection, TimedProcess process) {
        List<String> command = new ArrayList<>(List.of(binary, "garbage-collect"));
        if (!collection.sweep()) {
            command.add("--dry-run");
        }
        if (collection.deleteUntagged()) {
            command.add("--delete-untagged");
        }
        command.add(collection.config().toString());
        return process.run(command, ENVIRONMENT);
    }

    /** The blobs that it has called eligible. */
    public DigestSet eligible(Path output) {
        DigestSet eligible = DigestSet.EMPTY;
        try (BufferedReader lines = Files.newBufferedReader(output)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ELIGIBLE)) {
                    eligible = eligible.plus(
                            Sha256.parse(line.substring(ELIGIBLE.length()).trim()));
                }
            }
            return eligible;
        } catch (IOException e) {
            throw new BenchException("cannot read " + output + ": " + e.getMessage(), e);
        }
    }
}
