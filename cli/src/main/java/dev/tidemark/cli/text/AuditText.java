package dev.tidemark.cli.text;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.audit.Audit;
import dev.tidemark.evidence.audit.Verdict;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An audit for people: it fits a screen. */
public final class AuditText {

    /** How many of the reasons why it can't be proved are printed. */
    private static final int REASONS = 8;

    private final Audit audit;
    private final Terminal terminal;
    private final WrappedText page;

    private AuditText(Audit audit, Terminal terminal) {
        this.audit = audit;
        this.terminal = terminal;
        page = new WrappedText(terminal);
    }

    /** @param exceptions how many are listed */
    public static List<String> of(Audit audit, int exceptions, Terminal terminal) {
        var text = new AuditText(audit, terminal);
        text.head();
        text.parts();
        text.reasons();
        text.exceptions(exceptions);
        text.notes();
        return text.page.lines();
    }

    static String words(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proved proved -> "proved";
            case Verdict.Disproved disproved -> "disproved";
            case Verdict.Unprovable unprovable -> "cannot be proved";
        };
    }

    private String coloured(Verdict verdict, String text) {
        return switch (verdict) {
            case Verdict.Proved proved -> terminal.bold(text);
            case Verdict.Disproved disproved -> terminal.bad(text);
            case Verdict.Unprovable unprovable -> terminal.doubtful(text);
        };
    }

    private void head() {
        page.line(terminal.bold("run " + audit.run()) + "  " + coloured(audit.verdict(), words(audit.verdict())));
        audit.state()
                .ifPresent(run -> page.line((run.enumerated() == null
                                ? ""
                                : Terminal.clean(run.enumerated().registry()) + ", ")
                        + (run.requested().options().dryRun() ? "a dry run, " : "")
                        + run.state().word()
                        + ", asked for by "
                        + Terminal.clean(String.valueOf(run.requested().by()))
                        + (run.approved()
                                ? ", approved by "
                                        + Terminal.clean(
                                                String.valueOf(run.approval().by()))
                                : "")
                        + (run.requested().approves() == null
                                ? ""
                                : ", on the strength of the dry run "
                                        + run.requested().approves())));
        page.gap();
    }

    private void parts() {
        for (Audit.Part part : audit.parts()) {
            String verdict = String.format(Locale.ROOT, "%16s", words(part.verdict()));
            page.line(coloured(part.verdict(), verdict) + "  ", part.what());
            page.line(" ".repeat(18), part.checked());
        }
    }

    private void reasons() {
        List<String> gaps = audit.gaps();
        if (gaps.isEmpty()) {
            return;
        }
        page.section("Cannot be proved, because");
        gaps.stream().limit(REASONS).forEach(gap -> page.line("  " + Terminal.clean(gap)));
        if (gaps.size() > REASONS) {
            page.line("  and " + Counted.of(gaps.size() - REASONS, "more reason") + " (--format json lists them)");
        }
    }

    private void exceptions(int limit) {
        long all = audit.findings();
        if (all == 0) {
            return;
        }
        String kinds = audit.findingsByKind().entrySet().stream()
                .map(kind -> Units.number(kind.getValue()) + " " + kind.getKey().words())
                .collect(Collectors.joining(", "));
        page.section(terminal.bad(Counted.of(all, "exception") + ": " + kinds));
        audit.eachFinding(
                limit,
                finding -> page.line("  " + Terminal.clean(finding.topic()) + "-" + finding.partition()
                        + (finding.offset() < 0 ? "" : "@" + finding.offset()) + "  "
                        + Terminal.clean(finding.what())));
        if (all > limit) {
            page.line("  and " + Units.number(all - limit) + " more (--format json lists them)");
        }
    }

    private void notes() {
        audit.notes().forEach(note -> {
            page.gap();
            page.line(terminal.doubtful("Note: ") + Terminal.clean(note));
        });
    }
}
