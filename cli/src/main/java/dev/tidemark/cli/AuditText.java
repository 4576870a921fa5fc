package dev.tidemark.cli;

import dev.tidemark.audit.Audit;
import dev.tidemark.audit.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An audit for people: it fits a screen. */
final class AuditText {

  /** How many of the reasons why it can't be proved are printed. */
  private static final int REASONS = 8;

  private final Audit audit;
  private final Terminal terminal;
  private final List<String> lines = new ArrayList<>();

  private AuditText(Audit audit, Terminal terminal) {
    this.audit = audit;
    this.terminal = terminal;
  }

  /** @param exceptions how many are listed */
  static List<String> of(Audit audit, int exceptions, Terminal terminal) {
    var text = new AuditText(audit, terminal);
    text.head();
    text.parts();
    text.reasons();
    text.exceptions(exceptions);
    text.notes();
    return text.lines;
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
    lines.add(terminal.bold("run " + audit.run()) + "  " + coloured(audit.verdict(), words(audit.verdict())));
    audit.state().ifPresent(run -> lines.add(
        (run.enumerated() == null ? "" : Terminal.clean(run.enumerated().registry()) + ", ")
            + (run.requested().options().dryRun() ? "a dry run, " : "") + RunClient.words(run.state())
            + ", asked for by " + Terminal.clean(String.valueOf(run.requested().by()))
            + (run.approved() ? ", approved by " + Terminal.clean(String.valueOf(run.approval().by())) : "")
            + (run.requested().approves() == null ? "" : ", on the strength of the dry run " + run.requested().approves())));
    lines.add("");
  }

  private void parts() {
    for (Audit.Part part : audit.parts()) {
      String verdict = String.format(Locale.ROOT, "%16s", words(part.verdict()));
      lines.add(coloured(part.verdict(), verdict) + "  " + part.what());
      lines.add(" ".repeat(18) + part.checked());
    }
  }

  private void reasons() {
    List<String> gaps = audit.gaps();
    if (gaps.isEmpty()) {
      return;
    }
    section("Cannot be proved, because");
    gaps.stream().limit(REASONS).forEach(gap -> lines.add("  " + Terminal.clean(gap)));
    if (gaps.size() > REASONS) {
      lines.add("  and " + Units.number(gaps.size() - REASONS) + " more reasons (--format json lists them)");
    }
  }

  private void exceptions(int limit) {
    long all = audit.findings();
    if (all == 0) {
      return;
    }
    String kinds =
        audit.findingsByKind().entrySet().stream()
            .map(kind -> Units.number(kind.getValue()) + " " + kind.getKey().words())
            .collect(Collectors.joining(", "));
    section(terminal.bad(Units.number(all) + (all == 1 ? " exception: " : " exceptions: ") + kinds));
    audit.eachFinding(limit, finding -> lines.add(
        "  " + Terminal.clean(finding.topic()) + "-" + finding.partition() + (finding.offset() < 0 ? "" : "@" + finding.offset()) + "  "
            + Terminal.clean(finding.what())));
    if (all > limit) {
      lines.add("  and " + Units.number(all - limit) + " more (--format json lists them)");
    }
  }

  private void notes() {
    audit.notes().forEach(note -> {
      lines.add("");
      lines.add(terminal.doubtful("Note: ") + Terminal.clean(note));
    });
  }

  private void section(String title) {
    lines.add("");
    lines.add(title);
  }
}
