package dev.tidemark.cli.command;

import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.client.HoldClient;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.sweeper.undo.Undo;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds the manifests and tags that an undo brings back: the next run would take them again.
 *
 * @param subjects the manifests and tags that are held, as {@link Hold#of}
 * @param until ms since the epoch
 */
record UndoHold(RunId run, List<String> subjects, long now, long until) {

    /** All holds go into one record of each run's plan, and each takes about 200 bytes of it. */
    static final int MOST = 10_000;

    /** The manifests and tags that come back, as holds name them. */
    static List<String> subjects(Undo.Outcome outcome) {
        return Stream.concat(outcome.manifests().stream(), outcome.tags().stream())
                .toList();
    }

    /**
     * Of more than {@value #MOST} manifests and tags, their repositories are held: with all that is in them.
     *
     * @param subjects as {@code repository@digest} and {@code repository:tag}
     */
    static UndoHold of(RunId run, List<String> subjects, Duration time) {
        long now = System.currentTimeMillis();
        List<String> held = subjects.size() <= MOST
                ? subjects
                : subjects.stream()
                        .map(subject -> subject.split("[@:]", 2)[0])
                        .distinct()
                        .toList();
        return new UndoHold(run, held, now, now + time.toMillis());
    }

    /** The things that are held, in words. */
    String words() {
        String held = subjects.stream()
                .collect(Collectors.groupingBy(UndoHold::noun, LinkedHashMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(of -> Counted.of(of.getValue(), of.getKey()))
                .collect(Collectors.joining(" and "));
        return held + " held until " + Instant.ofEpochMilli(until) + ": 'tidemark hold list'.";
    }

    private static String noun(String of) {
        return of.contains("@") ? "manifest" : of.contains(":") ? "tag" : "whole repository";
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
                    .map(of -> new Hold(of, null, "the undo of run " + run, CurrentUser.name(), now, until))
                    .toList());
            return null;
        });
    }
}
