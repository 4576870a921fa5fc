package dev.tidemark.report.page;

import dev.tidemark.evidence.policy.Replayed;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The page of some replays: all that the template {@code replay.jte} needs.
 *
 * @param results of each run first what it has decided itself, the earliest run first
 * @param made when the page is made
 */
record Replays(List<Replayed> results, Instant made, String css) {

    /** A policy, as the page names it. */
    static String name(Replayed result) {
        return result.policy() == null ? "as it ran" : result.policy();
    }

    boolean several() {
        return !results.getFirst().run().equals(results.getLast().run());
    }

    String title() {
        String first = results.getFirst().run();
        return several() ? "Runs " + first + " to " + results.getLast().run() : "Run " + first;
    }

    /** Those of the last run with another policy than its own. */
    List<Replayed> last() {
        String run = results.getLast().run();
        return results.stream()
                .filter(result -> result.run().equals(run) && result.policy() != null)
                .toList();
    }

    String policies() {
        return last().stream().map(Replays::name).collect(Collectors.joining(", "));
    }
}
