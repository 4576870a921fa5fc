package dev.tidemark.cli.ui;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The topics that a page is about, and the registry that they are of.
 *
 * @param name of them, for people
 * @param directory that they are in; empty if they are on a cluster
 * @param options that name them, for any command that reads them
 * @param registry its {@code config.yml} or its root directory, if it is named
 */
public record Place(String name, Optional<Path> directory, List<String> options, Optional<Path> registry) {

    public static Place cluster(String name, List<String> options, Optional<Path> registry) {
        return new Place(name, Optional.empty(), options, registry);
    }

    public static Place directory(Path directory, Optional<Path> registry) {
        String name = directory.toString();
        return new Place(name, Optional.of(directory), List.of("--data-dir", name), registry);
    }

    boolean local() {
        return directory.isPresent();
    }
}
