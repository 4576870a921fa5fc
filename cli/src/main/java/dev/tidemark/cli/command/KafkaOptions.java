package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Topics;
import dev.tidemark.service.settings.KafkaProperties;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.Option;

/** The options that name the Kafka of a command. An option that isn't given is looked for in the environment. */
public final class KafkaOptions {

    private static final String PREFIX = "TIDEMARK_PREFIX";

    @Option(
            names = "--bootstrap-servers",
            order = 40,
            paramLabel = "HOST:PORT",
            description = "a Kafka cluster (also TIDEMARK_KAFKA_BOOTSTRAP_SERVERS, but not where --registry or "
                    + "--data-dir is named; collect"
                    + " wants it as an option)")
    private String bootstrapServers;

    @Option(
            names = "--command-config",
            order = 41,
            paramLabel = "FILE",
            description = "properties for the Kafka clients: TLS, SASL")
    private Path commandConfig;

    @Option(
            names = "--prefix",
            order = 42,
            paramLabel = "PREFIX",
            description = "of the topics (also TIDEMARK_PREFIX; default: " + Topics.DEFAULT_PREFIX + ")")
    private String prefix;

    /** These options, and where they say nothing, those. */
    private KafkaOptions or(KafkaOptions others) {
        var both = new KafkaOptions();
        both.bootstrapServers = bootstrapServers != null ? bootstrapServers : others.bootstrapServers;
        both.commandConfig = commandConfig != null ? commandConfig : others.commandConfig;
        both.prefix = prefix != null ? prefix : others.prefix;
        return both;
    }

    /** The cluster that is named, if any is by an option. */
    Optional<Connection> named(KafkaOptions ofParent, Map<String, String> environment) {
        KafkaOptions all = or(ofParent);
        return all.bootstrapServers == null && all.commandConfig == null
                ? Optional.empty()
                : Optional.of(all.connection(environment));
    }

    /** The cluster that is named, by an option or in the environment, if any is. */
    Optional<Connection> namedAnywhere(KafkaOptions ofParent, Map<String, String> environment) {
        boolean inEnvironment =
                KafkaProperties.in(environment).containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        return inEnvironment ? Optional.of(required(ofParent, environment)) : named(ofParent, environment);
    }

    /**
     * The cluster that is named, by an option or in the environment.
     *
     * @throws UsageException if there is none
     */
    Connection required(KafkaOptions ofParent, Map<String, String> environment) {
        return or(ofParent).connection(environment);
    }

    /**
     * Does something with the cluster that is named. The terminal shows which one is asked, and how long it has been
     * silent.
     *
     * @param patience how long its topics are waited for
     * @throws UsageException if none is named
     * @throws dev.tidemark.cli.exit.CollectionException if it can't be reached, or has no topics by then
     */
    <T> T with(KafkaOptions ofParent, Duration patience, Terminal terminal, Output output, Function<Cluster, T> work) {
        Connection connection = required(ofParent, System.getenv());
        output.progress(terminal).accept("asking " + connection.name());
        return connection.with(patience, output.silence(terminal, connection.name()), work);
    }

    /** The options that were typed, as words of a command line. */
    List<String> words(KafkaOptions ofParent) {
        KafkaOptions all = or(ofParent);
        List<String> words = new ArrayList<>();
        if (all.bootstrapServers != null) {
            words.addAll(List.of("--bootstrap-servers", all.bootstrapServers));
        }
        if (all.commandConfig != null) {
            words.addAll(List.of("--command-config", all.commandConfig.toString()));
        }
        if (all.prefix != null) {
            words.addAll(List.of("--prefix", all.prefix));
        }
        return words;
    }

    private Connection connection(Map<String, String> environment) {
        Map<String, Object> kafka = KafkaProperties.in(environment);
        if (commandConfig != null) {
            kafka.putAll(read(commandConfig));
        }
        if (bootstrapServers != null) {
            kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        }
        if (!kafka.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new UsageException(
                    "which Kafka? Name it with --bootstrap-servers, or in TIDEMARK_KAFKA_BOOTSTRAP_SERVERS");
        }
        return new Connection(
                kafka,
                Optional.ofNullable(prefix)
                        .or(() -> Optional.ofNullable(environment.get(PREFIX)))
                        .orElse(Topics.DEFAULT_PREFIX));
    }

    private static Map<String, String> read(Path file) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new UsageException("--command-config " + file + ": there is no such file", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "--command-config " + file + " cannot be read as properties: " + e.getMessage(), e);
        }
        var map = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }
}
