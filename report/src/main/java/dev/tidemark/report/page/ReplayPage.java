package dev.tidemark.report.page;

import dev.tidemark.evidence.policy.Replayed;
import gg.jte.output.StringOutput;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Replays of runs as one HTML file, in the look of a report: the bytes kept by policy and run, and what each policy says
 * of the last run. It has no script.
 *
 * @param results of each run first what it has decided itself, the earliest run first
 * @param made when the page is made
 */
public record ReplayPage(List<Replayed> results, Instant made, String css) {

    public ReplayPage {
        results = List.copyOf(results);
    }

    /** The page of some replays. */
    public static String of(List<Replayed> results, Instant made) {
        var html = new StringOutput();
        ReportPage.TEMPLATES.render(
                "replay.jte",
                new ReplayPage(results, made, ReportPage.resource("report.css")),
                new VisibleOutput(html));
        return html.toString();
    }

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
        return last().stream().map(ReplayPage::name).collect(Collectors.joining(", "));
    }
}
