package dev.tidemark.report.page;

import dev.tidemark.evidence.policy.Replayed;
import gg.jte.output.StringOutput;
import java.time.Instant;
import java.util.List;

/**
 * Writes replays of runs as one HTML file, in the look of a report: the bytes kept by policy and run, and what each
 * policy says of the last run. It has no script.
 */
public final class ReplayPage {

    private ReplayPage() {}

    /**
     * The page of some replays.
     *
     * @param results of each run first what it has decided itself, the earliest run first
     * @param made when the page is made
     */
    public static String of(List<Replayed> results, Instant made) {
        var html = new StringOutput();
        ReportPage.TEMPLATES.render(
                "replay.jte", new Replays(results, made, ReportPage.resource("report.css")), new VisibleOutput(html));
        return html.toString();
    }
}
