package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData;
import dev.tidemark.report.data.ReportData.Phase;
import dev.tidemark.report.data.ReportData.Tense;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.text.Units;
import java.time.Duration;
import java.util.stream.Stream;

/** The page of a report: the data and all else that the template {@code report.jte} needs. */
record Page(ReportData data, RepositoryTiles map, String css, String script) {

    private static final String WAITING = "waiting for approval";

    Tense tense() {
        return data.effect().tense();
    }

    /** Whether it is known what the run frees. */
    boolean decided() {
        return tense() != Tense.UNKNOWN;
    }

    /** Allows what is in the page, by its hash, and nothing else. */
    String policy() {
        return ContentPolicy.withScript(script, css, map.places());
    }

    String state() {
        var run = data.run();
        return switch (run.state()) {
            case "decided" -> run.dryRun() ? "dry run, decided" : "decided";
            case "waiting" -> WAITING;
            case "swept" -> data.effect().failed() > 0 ? "swept, with failures" : "swept";
            default -> run.state();
        };
    }

    /** How the stylesheet calls the colours of the state. */
    String stateLook() {
        return switch (data.run().state()) {
            case "swept" -> data.effect().failed() > 0 ? "bad" : "good";
            case "waiting" -> "warn";
            case "failed", "cancelled" -> "bad";
            default -> "info";
        };
    }

    /** How many of a kind the run freed, or would free. */
    String removed(Kind kind) {
        return Units.number(
                data.effect().removed().getOrDefault(kind, Tally.NONE).count());
    }

    /** How long the run has taken, without the time in which it waited for people. */
    Duration worked() {
        return Duration.ofMillis(work().mapToLong(Phase::millis).sum());
    }

    boolean working() {
        return work().anyMatch(Phase::running);
    }

    private Stream<Phase> work() {
        return data.phases().stream().filter(phase -> !phase.name().equals(WAITING));
    }

    /** The table's rows, for the script. */
    String rows() {
        return Rows.json(data.listing().rows());
    }
}
