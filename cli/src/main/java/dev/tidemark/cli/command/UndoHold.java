package dev.tidemark.cli.command;

import dev.tidemark.cli.client.HoldClient;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Counted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds the manifests that an undo has brought back: the next run would take them again.
 *
 * @param subjects what is held, as {@link Hold#of}
 * @param until ms since the epoch
 */
record UndoHold(RunId run, List<String> subjects, long now, long until) {

    /** All holds go into one record of each run's plan, and each takes about 200 bytes of it. */
    static final int MOST = 10_000;

    /**
     * Of more manifests than {@value #MOST}, their repositories are held: with all that is in them.
     *
     * @param manifests as {@code repository@digest}
     */
    static UndoHold of(RunId run, List<String> manifests, Duration time) {
        long now = System.currentTimeMillis();
        List<String> subjects = manifests.size() <= MOST
                ? manifests
                : manifests.stream()
                        .map(manifest -> manifest.substring(0, manifest.indexOf('@')))
                        .distinct()
                        .toList();
        return new UndoHold(run, subjects, now, now + time.toMillis());
    }

    /** What is held, in words. */
    String words() {
        return Counted.of(subjects.size(), subjects.getFirst().contains("@") ? "manifest" : "whole repository")
                + " held until " + Instant.ofEpochMilli(until) + ": 'tidemark hold list'.";
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
            client.add(subjects.stream()
                    .filter(of -> !there.containsKey(of) || there.get(of).over(until))
                    .map(of -> new Hold(of, null, "the undo of run " + run, RunClient.user(), now, until))
                    .toList());
            return null;
        });
    }
}
