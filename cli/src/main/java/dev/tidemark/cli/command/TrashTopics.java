package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.client.WrittenTopic;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.sweeper.trash.DeferredRecords;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a registry's runs, for a command that has changed its trash: those of the cluster that the user names,
 * or of the registry's data directory. There may be none.
 */
final class TrashTopics {

    private static final Logger LOG = LoggerFactory.getLogger(TrashTopics.class);

    private final Terminal terminal;
    private final Output output;
    private final Optional<Connection> cluster;
    private final DataDirectory directory;

    /** @param cluster that the user names, if any */
    TrashTopics(Terminal terminal, Output output, Optional<Connection> cluster, DataDirectory directory) {
        this.terminal = terminal;
        this.output = output;
        this.cluster = cluster;
        this.directory = directory;
    }

    /**
     * Writes what was done. It is done in any case: that there is no record of it is said in a line.
     */
    void record(DeferredRecords records) {
        try {
            record(records, Optional.empty());
        } catch (CollectionException e) {
            LOG.warn("the topics can't be reached, as is said", e);
        }
    }

    /**
     * The same, and does more with the topics.
     *
     * @param more what else is to be written, once the records are
     * @return false if there are no topics
     * @throws CollectionException if the topics can't be reached, or the rest can't be written
     */
    boolean record(DeferredRecords records, Optional<Consumer<Evidence>> more) {
        if (cluster.isEmpty() && !directory.hasTopics()) {
            if (!records.isEmpty() && !output.quiet()) {
                terminal.error("no record was made but in " + directory.log()
                        + ": no run was made with that data directory, and no cluster is named");
            }
            return false;
        }
        if (!records.isEmpty() || more.isPresent()) {
            try (Evidence evidence = open(records)) {
                write(records, evidence);
                more.ifPresent(rest -> rest.accept(evidence));
            }
        }
        return true;
    }

    private Evidence open(DeferredRecords records) {
        try {
            return cluster.map(named -> Evidence.of(named, System.getenv(), terminal, output))
                    .orElseGet(() -> Evidence.of(directory, terminal, output));
        } catch (CollectionException e) {
            unrecorded(records, e);
            throw e;
        }
    }

    private void write(DeferredRecords records, Evidence evidence) {
        if (records.isEmpty()) {
            return;
        }
        try {
            evidence.read(() -> {
                WrittenTopic.require(
                        evidence.cluster(),
                        evidence.local(),
                        evidence.cluster().topics().trash());
                records.write(evidence.cluster());
                return null;
            });
        } catch (CollectionException e) {
            unrecorded(records, e);
        }
    }

    private void unrecorded(DeferredRecords records, CollectionException why) {
        if (!records.isEmpty()) {
            terminal.error("no record was made but in " + directory.log() + ": " + why.getMessage());
        }
    }
}
