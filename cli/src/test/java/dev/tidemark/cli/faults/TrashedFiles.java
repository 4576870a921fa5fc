package dev.tidemark.cli.faults;

import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a registry on a disk with their contents' digests: those in their places, and those in its trash. */
final class TrashedFiles {

    static final String BASE = "docker/registry/v2/";

    private TrashedFiles() {}

    /** Those that are where the registry has them. */
    static Map<String, String> inPlace(RegistryOnDisk registry) {
        Map<String, String> files = of(registry.snapshot());
        // Some test's bucket keeps its old versions beside them.
        files.keySet().removeIf(path -> !path.startsWith(BASE));
        return files;
    }

    /** Those of a snapshot, without its empty directories. */
    static Map<String, String> of(Map<String, String> snapshot) {
        Map<String, String> files = new TreeMap<>(snapshot);
        files.keySet().removeIf(path -> path.endsWith("/"));
        return files;
    }

    /** Those in the trash of all runs, by where they were. */
    static Map<String, String> inTrash(RegistryOnDisk registry) {
        Map<String, String> files = new TreeMap<>();
        runs(registry).forEach(run -> files.putAll(inTrash(registry, run)));
        return files;
    }

    /** Those in the trash of a run. */
    static Map<String, String> inTrash(RegistryOnDisk registry, String run) {
        Map<String, String> files = new TreeMap<>();
        Path trash = trash(registry).resolve(run);
        try (Stream<Path> all = Files.walk(trash)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String path = trash.relativize(file).toString();
                if (path.matches("(blobs|repositories)/.*")) {
                    files.put(
                            BASE + path.replaceFirst("\\.(data|link)$", "/$1"),
                            RegistryOnDisk.sha256(Files.readAllBytes(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The runs that have a trash, the first one first. */
    static List<String> runs(RegistryOnDisk registry) {
        if (!Files.exists(trash(registry))) {
            return List.of();
        }
        try (Stream<Path> runs = Files.list(trash(registry))) {
            return runs.filter(Files::isDirectory)
                    .map(run -> run.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those in either place. */
    static Map<String, String> everywhere(RegistryOnDisk registry) {
        Map<String, String> files = inTrash(registry);
        files.putAll(inPlace(registry));
        return files;
    }

    private static Path trash(RegistryOnDisk registry) {
        return registry.root().resolve("tidemark/trash");
    }
}
