package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.client.HoldClient;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Counted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds the manifests that an undo has brought back: the next run would take them again. */
final class UndoHold {

    private final Terminal terminal;
    private final Output output;
    private final Optional<Connection> cluster;
    private final DataDirectory directory;

    /**
     * @param cluster that the user names, if any; else the holds are those of the data directory
     */
    UndoHold(Terminal terminal, Output output, Optional<Connection> cluster, DataDirectory directory) {
        this.terminal = terminal;
        this.output = output;
        this.cluster = cluster;
        this.directory = directory;
    }

    /**
     * Holds manifests. A hold that lasts longer stays as it is.
     *
     * @param manifests as {@code repository@digest}
     * @throws dev.tidemark.cli.exit.CollectionException if they can't be held
     */
    void hold(RunId run, List<String> manifests, Duration time) {
        if (manifests.isEmpty()) {
            return;
        }
        if (cluster.isEmpty() && !directory.hasTopics()) {
            say("Not held: no run was made with the registry's usual data directory, and no cluster is named. "
                    + "What is back is young, so that the next run's --min-age keeps it; "
                    + "'tidemark hold add' keeps it longer.");
            return;
        }
        long now = System.currentTimeMillis();
        long until = now + time.toMillis();
        try (Evidence evidence = cluster.map(named -> Evidence.of(named, System.getenv(), terminal, output))
                .orElseGet(() -> Evidence.of(directory, terminal, output))) {
            evidence.read(() -> {
                var client = new HoldClient(evidence.cluster(), evidence.local());
                Map<String, Hold> there =
                        client.all().stream().collect(Collectors.toMap(Hold::of, Function.identity()));
                client.add(manifests.stream()
                        .filter(of -> !there.containsKey(of) || there.get(of).over(until))
                        .map(of -> new Hold(of, null, "the undo of run " + run, RunClient.user(), now, until))
                        .toList());
                return null;
            });
        }
        say(Counted.of(manifests.size(), "manifest") + " held until " + Instant.ofEpochMilli(until)
                + ": 'tidemark hold list'.");
    }

    private void say(String text) {
        if (!output.json() && !output.quiet()) {
            terminal.out().println(text);
        }
    }
}
