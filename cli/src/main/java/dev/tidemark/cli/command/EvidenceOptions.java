package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.ui.Place;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the topics a command reads: those of a registry's data directory, or of a cluster. */
final class EvidenceOptions {

    @Option(
            names = "--registry",
            order = 30,
            paramLabel = "REGISTRY",
            description = "the registry whose runs are meant: its config.yml, or its storage root directory")
    private Path registry;

    @Option(
            names = "--data-dir",
            order = 31,
            paramLabel = "DIR",
            description =
                    "as it was named for the runs (default: the one that there is under the user's state directory)")
    private Path dataDir;

    @Mixin
    private KafkaOptions kafka;

    /**
     * Opens what is named. The registry's storage is opened only where it names the data directory.
     *
     * @throws UsageException if nothing is named and it isn't plain what is meant
     * @throws CollectionException if it can't be opened
     */
    Evidence open(KafkaOptions ofParent, Terminal terminal, Output output) {
        Map<String, String> environment = System.getenv();
        Optional<Connection> cluster = cluster(ofParent, environment);
        return cluster.isPresent()
                ? Evidence.of(cluster.get(), environment, terminal, output)
                : Evidence.of(directory(environment), terminal, output);
    }

    private Optional<Connection> cluster(KafkaOptions ofParent, Map<String, String> environment) {
        boolean local = registry != null || dataDir != null;
        Optional<Connection> cluster =
                local ? kafka.named(ofParent, environment) : kafka.namedAnywhere(ofParent, environment);
        if (cluster.isPresent() && dataDir != null) {
            throw new UsageException("--data-dir and a Kafka cluster are both named: the topics are in one of them");
        }
        return cluster;
    }

    /**
     * Finds what is named, for commands that open it later. Runs need not have been made yet.
     *
     * @throws UsageException if nothing is named and it isn't plain what is meant, or it is no directory
     */
    Place place(KafkaOptions ofParent) {
        Map<String, String> environment = System.getenv();
        return cluster(ofParent, environment)
                .map(connection -> Place.cluster(connection.title(), kafka.words(ofParent), registry()))
                .orElseGet(() -> Place.directory(path(environment), registry()));
    }

    private Path path(Map<String, String> environment) {
        if (dataDir != null) {
            if (!Files.isDirectory(dataDir)) {
                throw new UsageException(dataDir + " is no directory: name the one that the runs were made with");
            }
            return dataDir.toAbsolutePath().normalize();
        }
        if (registry == null) {
            return only(DataDirectory.all(environment));
        }
        try (Storage storage = NamedRegistry.of(registry, environment).open()) {
            return DataDirectory.usual(storage.identity(), environment);
        }
    }

    private DataDirectory directory(Map<String, String> environment) {
        if (dataDir != null) {
            return DataDirectory.openExisting(dataDir);
        }
        if (registry == null) {
            return DataDirectory.openExisting(only(DataDirectory.all(environment)));
        }
        try (Storage storage = NamedRegistry.of(registry, environment).open()) {
            DataDirectory directory = DataDirectory.open(Optional.empty(), storage.identity(), environment);
            directory.requireTopics();
            return directory;
        }
    }

    private static Path only(List<Path> directories) {
        if (directories.isEmpty()) {
            throw new UsageException(
                    "there are no runs under the user's state directory: name a registry with --registry, or a "
                            + "cluster with --bootstrap-servers");
        }
        if (directories.size() > 1) {
            throw new UsageException(
                    "there are several data directories: name one with --data-dir, or its registry with --registry: "
                            + directories.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
        return directories.getFirst();
    }

    /** The registry that is named, if any is. */
    Optional<Path> registry() {
        return Optional.ofNullable(registry);
    }
}
