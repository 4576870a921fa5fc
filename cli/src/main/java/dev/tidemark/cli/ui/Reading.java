package dev.tidemark.cli.ui;

import dev.tidemark.cli.local.TopicSegments;
import dev.tidemark.service.http.HttpAnswer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The commands that read. Of a data directory an answer is kept until something there has changed: to read it takes a
 * Kafka, and the lock of the directory, which a collection may want at any moment.
 */
final class Reading {

    /** When the answer was read. */
    static final String READ = "Tidemark-Read";

    /** The reason that the answer may be out of date, if it may. */
    static final String STALE = "Tidemark-Stale";

    private static final int KEPT = 16;

    /** On a cluster these bring an index up to date, which is a file. */
    private static final Set<String> WITH_INDEX = Set.of("explain", "report");

    private final Optional<Path> directory;
    private final Commands commands;
    private final Turns turns;
    private final InstantSource clock;

    private final Map<List<String>, Snapshot> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Snapshot> eldest) {
            return size() > KEPT;
        }
    };

    /** An answer, and what there was when it was asked for: it may know more. */
    private record Snapshot(Map<Path, Long> segments, HttpAnswer answer) {}

    Reading(Place place, Commands commands, Turns turns, InstantSource clock) {
        directory = place.directory();
        this.commands = commands;
        this.turns = turns;
        this.clock = clock;
    }

    /**
     * The answer of a command that reads the topics.
     *
     * @param form the answer, of a command that is done
     */
    HttpAnswer topics(List<String> words, Function<Outcome, HttpAnswer> form) {
        if (directory.isEmpty()) {
            return WITH_INDEX.contains(words.getFirst())
                    ? turns.alone(() -> storage(words, form))
                    : storage(words, form);
        }
        return fresh(words)
                .orElseGet(() -> turns.acting()
                        ? busy(words, "an action of this page is under way: wait for it to end")
                        : turns.alone(() -> fresh(words).orElseGet(() -> read(words, form))));
    }

    /** The answer of a command that reads the registry's storage, and no topics. */
    HttpAnswer storage(List<String> words, Function<Outcome, HttpAnswer> form) {
        Instant at = clock.instant();
        Outcome outcome = commands.run(words);
        return outcome.done() ? form.apply(outcome).with(READ, at.toString()) : Answers.failed(outcome);
    }

    private HttpAnswer read(List<String> words, Function<Outcome, HttpAnswer> form) {
        // Asked for before the reading: a change meanwhile is read again, and none is missed.
        Map<Path, Long> before = segments();
        Instant at = clock.instant();
        Outcome outcome = commands.run(words);
        if (outcome.done()) {
            HttpAnswer answer = form.apply(outcome).with(READ, at.toString());
            synchronized (kept) {
                kept.put(words, new Snapshot(before, answer));
            }
            return answer;
        }
        return outcome.busy() ? busy(words, outcome.complaint()) : Answers.failed(outcome);
    }

    /** The answer that was read before, if one was, with the reason that it is not read now. */
    private HttpAnswer busy(List<String> words, String why) {
        return snapshot(words)
                .map(snapshot -> snapshot.answer().with(STALE, why.replaceAll("[^ -~]", "?")))
                .orElseGet(() -> Answers.refused(Answers.BUSY, why));
    }

    private Optional<HttpAnswer> fresh(List<String> words) {
        return snapshot(words)
                .filter(snapshot -> snapshot.segments().equals(segments()))
                .map(Snapshot::answer);
    }

    private Map<Path, Long> segments() {
        return TopicSegments.sizes(directory.orElseThrow());
    }

    private Optional<Snapshot> snapshot(List<String> words) {
        synchronized (kept) {
            return Optional.ofNullable(kept.get(words));
        }
    }
}
