package dev.tidemark.cli;

import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A summary for people: it fits a screen. */
final class SummaryText {

  private static final int BROKEN_LISTED = 3;

  private final Summary summary;
  private final Terminal terminal;
  private final List<String> lines = new ArrayList<>();

  private SummaryText(Summary summary, Terminal terminal) {
    this.summary = summary;
    this.terminal = terminal;
  }

  static List<String> of(Summary summary, Terminal terminal) {
    return new SummaryText(summary, terminal).build();
  }

  private List<String> build() {
    head();
    table();
    frees();
    kept();
    problems();
    broken();
    swept();
    took();
    return lines;
  }

  private void head() {
    lines.add(terminal.bold(Terminal.clean(summary.registry())) + "  run " + summary.run());
    List<String> options = new ArrayList<>();
    options.add(summary.dryRun() ? "dry run: nothing is deleted" : outcome());
    if (summary.deleteUntagged()) {
      options.add("--delete-untagged");
    }
    options.add("--min-age " + summary.minAge() + " (what was written since " + summary.cutoff() + " is kept)");
    lines.add(String.join(", ", options));
    lines.add("");
  }

  private String outcome() {
    return summary.state().equals("waiting") ? "waiting for approval: nothing is deleted" : "swept";
  }

  private void table() {
    row("", "repositories", "tags", "manifests", "layer links", "blobs", "bytes");
    row(
        "found", Units.number(summary.repositories()), Units.number(summary.tags()),
        Units.number(summary.manifests().found()), Units.number(summary.layerLinks().found()),
        Units.number(summary.blobs().found().count()), Units.bytes(summary.blobs().found().bytes()));
    row(
        "live", "", "", Units.number(summary.manifests().live()), Units.number(summary.layerLinks().live()),
        Units.number(summary.blobs().live().count()), Units.bytes(summary.blobs().live().bytes()));
    row(
        "eligible", "", "", Units.number(summary.manifests().eligible()), Units.number(summary.layerLinks().eligible()),
        Units.number(summary.blobs().eligible().count()), Units.bytes(summary.blobs().eligible().bytes()));
  }

  private void row(String name, String... cells) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "  %-9s", name));
    for (String cell : cells) {
      row.append(String.format(Locale.ROOT, "%13s", cell));
    }
    String text = row.toString().stripTrailing();
    lines.add(name.equals("eligible") || name.isEmpty() ? terminal.bold(text) : text);
  }

  private void frees() {
    if (!summary.frees().isEmpty()) {
      section("Frees the most");
      summary.frees().forEach(freed ->
          entry(Units.bytes(freed.bytes()), freed.repository().isEmpty() ? "(linked by no repository)" : freed.repository()));
    }
  }

  private void kept() {
    if (!summary.kept().isEmpty()) {
      section("Kept for this alone");
      summary.kept().forEach((why, tally) -> entry(Units.bytes(tally.bytes()), blobs(tally.count()) + ": " + why));
    }
  }

  private void problems() {
    if (!summary.problems().isEmpty()) {
      section("Not as it should be, and no obstacle");
      summary.problems().forEach((title, count) -> entry(Units.number(count), title + example(title)));
    }
  }

  private String example(String title) {
    return summary.examples().stream()
        .filter(problem -> problem.kind().title().equals(title))
        .findFirst()
        .map(problem -> ", as " + shortened(problem))
        .orElse("");
  }

  /** Digests are long, and their beginning tells them apart. */
  private static String shortened(Problem problem) {
    return (problem.where() + " (" + problem.why() + ")").replaceAll("([0-9a-f]{12})[0-9a-f]{52,}", "$1…");
  }

  private void broken() {
    if (summary.broken().missing() > 0) {
      section(terminal.bad("Broken already: live, and a blob that they name is not there"));
      summary.broken().images().stream().limit(BROKEN_LISTED).forEach(image -> entry("", named(image)));
      if (summary.broken().missing() > BROKEN_LISTED) {
        entry("", "and " + Units.number(summary.broken().missing() - BROKEN_LISTED) + " more (--format json lists them)");
      }
    }
  }

  private static String named(Totals.Missing image) {
    return image.repository() + "@" + image.manifest() + " lacks " + image.blob();
  }

  private void swept() {
    if (summary.swept() == null) {
      return;
    }
    section("Swept");
    if (summary.blobs().eligible().count() + summary.manifests().eligible() + summary.layerLinks().eligible() == 0) {
      entry("", "nothing: nothing was eligible");
    }
    summary.swept().deleted().forEach((kind, tally) -> entry(Units.bytes(tally.bytes()), plural(tally, kind) + " deleted"));
    if (summary.swept().alreadyGone() > 0) {
      entry("", Units.number(summary.swept().alreadyGone()) + " were gone already");
    }
    summary.swept().spared().forEach((why, count) -> entry("", Units.number(count) + " spared: " + why));
    summary.swept().failed().forEach((why, count) -> entry("", terminal.bad(Units.number(count) + " failed: " + why)));
  }

  private static String plural(Tally tally, Kind kind) {
    String name = kind == Kind.LAYER ? "layer link" : kind.name().toLowerCase(Locale.ROOT);
    return Units.number(tally.count()) + " " + name + (tally.count() == 1 ? "" : "s");
  }

  private void took() {
    List<String> phases = new ArrayList<>();
    for (Phases.Phase phase : Phases.Phase.values()) {
      String name = phase.name().toLowerCase(Locale.ROOT);
      Double seconds = summary.seconds().get(name);
      if (seconds != null) {
        phases.add(name + " " + Units.elapsed(Duration.ofMillis(Math.round(seconds * 1000))));
      }
    }
    double total = summary.seconds().values().stream().mapToDouble(Double::doubleValue).sum();
    lines.add("");
    lines.add("Took " + Units.elapsed(Duration.ofMillis(Math.round(total * 1000))) + ": " + String.join(", ", phases));
  }

  private void section(String title) {
    lines.add("");
    lines.add(title);
  }

  private void entry(String amount, String text) {
    lines.add(String.format(Locale.ROOT, "%11s  %s", amount, Terminal.clean(text)));
  }

  private static String blobs(long count) {
    return Units.number(count) + (count == 1 ? " blob" : " blobs");
  }
}
