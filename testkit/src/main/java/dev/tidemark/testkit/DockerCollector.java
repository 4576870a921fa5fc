package dev.tidemark.testkit;

import static dev.tidemark.testkit.DockerRegistry.binary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The real registry's own collector, {@code registry garbage-collect}, in dry runs. */
public final class DockerCollector {

    private static final Pattern ELIGIBLE = Pattern.compile("^blob eligible for deletion: (\\S+)$", Pattern.MULTILINE);

    private DockerCollector() {}

    /** The digests of the blobs that it finds eligible. */
    public static Set<String> eligibleBlobs(Path directory, Path root, boolean deleteUntagged) {
        return eligibleBlobs(directory, RegistryConfigFile.onFilesystem(root), deleteUntagged);
    }

    /** The same, of a storage of which the driver's section of a config.yml is given. */
    public static Set<String> eligibleBlobs(Path directory, String storage, boolean deleteUntagged) {
        return eligibleBlobs(binary().orElseThrow(), Map.of(), directory, storage, deleteUntagged);
    }

    /** The same, by the binary of that name. */
    public static Set<String> eligibleBlobs(String binary, Path directory, String storage, boolean deleteUntagged) {
        return eligibleBlobs(binary, Map.of(), directory, storage, deleteUntagged);
    }

    /** The same, with more in its environment. */
    public static Set<String> eligibleBlobs(
            String binary, Map<String, String> environment, Path directory, String storage, boolean deleteUntagged) {
        Set<String> digests = new TreeSet<>();
        ELIGIBLE.matcher(run(binary, environment, directory, storage, deleteUntagged))
                .results()
                .forEach(match -> digests.add(match.group(1)));
        return digests;
    }

    private static String run(
            String binary, Map<String, String> environment, Path directory, String storage, boolean deleteUntagged) {
        List<String> command = new ArrayList<>(List.of(binary, "garbage-collect", "--dry-run"));
        if (deleteUntagged) {
            command.add("--delete-untagged");
        }
        command.add(RegistryConfigFile.write(directory, storage, 0).toString());
        try {
            ProcessBuilder process = DockerRegistry.process(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            process.environment().putAll(environment);
            Process collector = process.start();
            String output = new String(collector.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (collector.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
