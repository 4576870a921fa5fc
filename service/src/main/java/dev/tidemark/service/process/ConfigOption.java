package dev.tidemark.service.process;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names a service's file of settings. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "settings that the environment doesn't have (also TIDEMARK_CONFIG)")
    private Path file;

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
