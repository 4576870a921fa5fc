package dev.tidemark.cli;

import dev.tidemark.kafka.RunHistory;
import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code tidemark runs}. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = {"Lists the runs that a registry's topics remember, the latest first.", ""})
final class RunsCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final KafkaOptions ofParent;

  @Option(names = "--limit", order = 1, paramLabel = "N", defaultValue = "20", description = "how many at most; 0 for all")
  private int limit;

  @Mixin private Output output;
  @Mixin private EvidenceOptions options;

  RunsCommand(Terminal terminal, KafkaOptions ofParent) {
    this.terminal = terminal;
    this.ofParent = ofParent;
  }

  /**
   * A run in a list.
   *
   * @param eligible blobs
   * @param eligibleBytes of them
   * @param why it failed or waits; null otherwise
   */
  record Line(
      String run, String state, boolean dryRun, boolean deleteUntagged, String by, String requested, Double seconds, long blobs,
      long eligible, long eligibleBytes, long bytesFreed, long failures, String why) {

    static Line of(RunHistory.Entry entry) {
      Run run = entry.run();
      var requested = run.requested();
      Double seconds =
          run.ended() ? Duration.between(Instant.ofEpochMilli(requested.at()), entry.last()).toMillis() / 1000.0 : null;
      return new Line(
          run.id().toString(), RunClient.words(run.state()), requested.options().dryRun(), requested.options().deleteUntagged(),
          requested.by(), Instant.ofEpochMilli(requested.at()).toString(), seconds,
          run.enumerated() == null ? 0 : run.enumerated().blobs(), run.totals().eligible().count(), run.totals().eligible().bytes(),
          run.sweep().bytesFreed(), run.sweep().failures(),
          RunReport.whyItFailed(run).orElse(run.state() == Run.State.WAITING ? run.waiting().why() : null));
    }
  }

  @Override
  public Integer call() {
    List<RunHistory.Entry> entries;
    try (Evidence evidence = options.open(ofParent, terminal, output)) {
      entries = new ArrayList<>(evidence.history().all());
    }
    Collections.reverse(entries);
    List<Line> lines = entries.stream().limit(limit <= 0 ? Long.MAX_VALUE : limit).map(Line::of).toList();
    if (output.json()) {
      Output.printJson(lines, terminal);
    } else if (!output.quiet()) {
      print(lines);
    }
    return ExitCode.DONE;
  }

  private void print(List<Line> lines) {
    if (lines.isEmpty()) {
      terminal.out().println("no run yet: tidemark collect --dry-run makes one, and tidemark run --dry-run asks the services on a cluster for one");
      return;
    }
    terminal.out().println(terminal.bold(row("RUN", "STATE", "OPTIONS", "BLOBS", "ELIGIBLE", "BYTES", "FREED", "TOOK")));
    for (Line line : lines) {
      String options = (line.dryRun() ? "dry " : "") + (line.deleteUntagged() ? "untagged" : "");
      String state = line.state() + (line.failures() > 0 ? "!" : "");
      String took = line.seconds() == null ? "" : Units.elapsed(Duration.ofMillis(Math.round(line.seconds() * 1000)));
      String text = row(
          line.run(), state, options.strip(), Units.number(line.blobs()), Units.number(line.eligible()),
          Units.bytes(line.eligibleBytes()), Units.bytes(line.bytesFreed()), took);
      terminal.out().println(line.state().equals("failed") || line.failures() > 0 ? terminal.bad(text) : text);
    }
  }

  private static String row(String... cells) {
    return String.format(Locale.ROOT, "%-15s  %-10s  %-12s %11s %11s %9s %9s %9s", (Object[]) cells).stripTrailing();
  }
}
