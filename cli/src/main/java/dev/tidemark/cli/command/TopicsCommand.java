package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.local.KafkaInside;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark topics}: opens a registry's data directory to any Kafka tool. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {"Serves the topics of earlier runs to any Kafka tool, until it is interrupted.", ""},
        footer = {
            "",
            "Examples:",
            "  tidemark topics /var/lib/registry &",
            "  kafka-console-consumer.sh --bootstrap-server localhost:9092 \\",
            "    --topic tidemark.runs --from-beginning"
        },
        exitCodeList = {ExitCode.FAILED_HELP, ExitCode.USAGE_HELP, ExitCode.INTERRUPTED_HELP})
public final class TopicsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "REGISTRY", description = "the registry's config.yml, or its storage root directory")
    private Path target;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            converter = Numbers.Port.class,
            description = "on the loopback interface; 0 for any free one")
    private int port;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "as it was named for the runs")
    private Path dataDir;

    public TopicsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        NamedRegistry registry = NamedRegistry.of(target, System.getenv());
        registry.doubt().ifPresent(terminal::error);
        try (Storage storage = registry.open();
                DataDirectory directory =
                        DataDirectory.open(Optional.ofNullable(dataDir), storage.identity(), System.getenv())) {
            terminal.logsTo(directory.log());
            directory.note().ifPresent(terminal::error);
            try (EmbeddedKafka broker = KafkaInside.start(directory.kafka(), port, terminal::progress)) {
                Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
                terminal.out()
                        .println("The topics of " + storage.description() + " are served at "
                                + broker.bootstrapServers() + " until Ctrl-C");
                throw new CollectionException(broker.failure().join().getMessage());
            }
        }
    }
}
