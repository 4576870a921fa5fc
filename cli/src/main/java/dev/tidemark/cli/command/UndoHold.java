package dev.tidemark.cli.command;

import dev.tidemark.cli.client.HoldClient;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds the manifests that an undo has brought back: the next run would take them again.
 *
 * @param manifests as {@code repository@digest}
 * @param until ms since the epoch
 */
record UndoHold(RunId run, List<String> manifests, long now, long until) {

    UndoHold(RunId run, List<String> manifests, Duration time) {
        this(run, manifests, System.currentTimeMillis(), System.currentTimeMillis() + time.toMillis());
    }

    /**
     * Holds them. A hold that lasts longer stays as it is.
     *
     * @throws dev.tidemark.cli.exit.CollectionException if they can't be held
     */
    void write(Evidence evidence) {
        evidence.read(() -> {
            var client = new HoldClient(evidence.cluster(), evidence.local());
            Map<String, Hold> there = client.all().stream().collect(Collectors.toMap(Hold::of, Function.identity()));
            client.add(manifests.stream()
                    .filter(of -> !there.containsKey(of) || there.get(of).over(until))
                    .map(of -> new Hold(of, null, "the undo of run " + run, RunClient.user(), now, until))
                    .toList());
            return null;
        });
    }
}
