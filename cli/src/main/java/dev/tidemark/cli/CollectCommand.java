package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The command {@code tidemark collect}. */
@Command(
    name = "collect",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = {
      "Collects a registry's garbage: finds what no image needs any more, and deletes it.",
      "",
      "Look first with --dry-run: it changes nothing.",
      ""
    },
    footer = {
      "",
      "Kept, whatever else: every manifest (with --delete-untagged: every tagged",
      "one), all that it references, and whatever is younger than --min-age. What",
      "can't be understood is kept, and reported.",
      "",
      "Examples:",
      "  tidemark collect --dry-run --delete-untagged /etc/docker/registry/config.yml",
      "  tidemark collect --delete-untagged --min-age 7d /var/lib/registry",
      "",
      "Exit codes: 0 done, 1 failed, 2 usage, 3 waiting for approval (more than",
      "--max-delete is eligible)"
    })
final class CollectCommand implements Callable<Integer> {

  /** How the summary is printed. */
  enum Format {
    text,
    json
  }

  private final Terminal terminal;

  @Parameters(paramLabel = "REGISTRY", description = "the registry's config.yml, or its storage root directory")
  private Path target;

  @Option(names = {"-d", "--dry-run"}, description = "say what would be deleted, and delete nothing", showDefaultValue = Visibility.NEVER)
  private boolean dryRun;

  @Option(names = {"-m", "--delete-untagged"}, description = "delete manifests that no tag names, too", showDefaultValue = Visibility.NEVER)
  private boolean deleteUntagged;

  @Option(names = {"-q", "--quiet"}, description = "print nothing but errors", showDefaultValue = Visibility.NEVER)
  private boolean quiet;

  @Option(names = "--min-age", paramLabel = "DURATION", defaultValue = "24h", converter = DurationConverter.class,
      description = "keep whatever is younger: 24h, 7d, 1h30m; 0 only for a registry that is stopped or read-only")
  private Duration minAge;

  @Option(names = "--max-delete", paramLabel = "PERCENT", defaultValue = "75",
      description = "wait for approval if more of the blobs is eligible, by number or by bytes")
  private int maxDelete;

  @Option(names = "--plan", paramLabel = "FILE", description = "write what is eligible to a file, as JSON Lines")
  private Path planFile;

  @Option(names = "--format", paramLabel = "text|json", defaultValue = "text", description = "how to print the summary")
  private Format format;

  @Option(names = "--data-dir", paramLabel = "DIR",
      description = "where the topics and the state are kept (default: one a registry, under the user's state directory)")
  private Path dataDir;

  CollectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Reads {@link Units#duration}. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Units.duration(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() {
    var phases = new Phases(ProcessHandle.current().info().startInstant().orElseGet(Instant::now));
    if (maxDelete < 0 || maxDelete > 100) {
      throw new UsageException("--max-delete " + maxDelete + " is no percentage: write 0 to 100");
    }
    Storage storage = Target.open(target, System.getenv());
    Optional<Plan> plan = Optional.ofNullable(planFile).map(Plan::new);
    try (DataDirectory directory = DataDirectory.open(Optional.ofNullable(dataDir), storage.description(), System.getenv())) {
      System.setProperty(LogConfiguration.FILE_PROPERTY, directory.log().toString());
      if (showsProgress()) {
        ProgressLine.starting(terminal.err());
      }
      try (var pipeline = new LocalPipeline(storage, directory)) {
        return collect(storage, pipeline, phases, plan);
      }
    }
  }

  private int collect(Storage storage, LocalPipeline pipeline, Phases phases, Optional<Plan> plan) {
    Instant now = Instant.now();
    var options = new Options(now.minus(minAge).toEpochMilli(), deleteUntagged, dryRun);
    var interruption = new Interruption(pipeline);
    Runtime.getRuntime().addShutdownHook(interruption);
    Run run;
    try {
      Run requested = pipeline.request(now, options, maxDelete);
      interruption.run = requested.id();
      phases.requested(Instant.now());
      run = follow(pipeline, requested, phases);
      plan.filter(p -> run.allDecided()).ifPresent(p -> p.write(
          pipeline.kafka(),
          dryRun ? pipeline.topics().eligibleDryRun() : pipeline.topics().eligible(),
          pipeline.topics().partitions(),
          run.id()));
    } catch (RuntimeException e) {
      if (interruption.begun) {
        return ExitCode.FAILED;
      }
      throw e;
    } finally {
      interruption.forget();
    }
    return interruption.begun ? ExitCode.FAILED : report(run, storage, phases);
  }

  /** What happens on Ctrl-C, or when the process is told to end: the run is cancelled, everything is closed, the user is told. */
  private final class Interruption extends Thread {

    private final LocalPipeline pipeline;
    /** Null until it is requested. */
    private volatile RunId run;
    private volatile boolean begun;

    Interruption(LocalPipeline pipeline) {
      super("interruption");
      this.pipeline = pipeline;
    }

    @Override
    public void run() {
      begun = true;
      if (run != null) {
        pipeline.cancel(run, "interrupted");
      }
      pipeline.close();
      if (showsProgress()) {
        terminal.err().println();
      }
      terminal.error("interrupted: the run is cancelled, and nothing " + (dryRun ? "was" : "more is") + " deleted");
    }

    void forget() {
      if (!begun) {
        try {
          Runtime.getRuntime().removeShutdownHook(this);
        } catch (IllegalStateException e) {
          // The process has just been told to end, and this is about to run.
          begun = true;
        }
      }
    }
  }

  private boolean showsProgress() {
    return terminal.interactive() && !quiet;
  }

  private static void forget(Thread interruption) {
    try {
      Runtime.getRuntime().removeShutdownHook(interruption);
    } catch (IllegalStateException e) {
      // The process is being ended, and the hook is at work already.
      return;
    }
  }

  private Run follow(LocalPipeline pipeline, Run requested, Phases phases) {
    Consumer<Run> note = run -> phases.at(run.state(), Instant.now());
    if (!showsProgress()) {
      return pipeline.follow(requested, note);
    }
    var progress = new ProgressLine(terminal.err(), pipeline);
    try {
      return pipeline.follow(requested, note.andThen(run -> progress.show(run, phases.current(), Instant.now())));
    } finally {
      progress.clear();
    }
  }

  private int report(Run run, Storage storage, Phases phases) {
    if (run.end() != null) {
      String why =
          switch (run.end()) {
            case RunRecord.Failed failed -> "failed in the " + failed.service() + ": " + failed.why();
            case RunRecord.Cancelled cancelled -> "was cancelled: " + cancelled.why();
            default -> throw new IllegalStateException("no end of a run: " + run.end());
          };
      throw new CollectionException(
          "the run " + run.id() + " " + why + (!run.mayHaveSwept() ? "; nothing was deleted" : "; nothing more is deleted"));
    }
    run.contradiction().ifPresent(why -> {
      throw new CollectionException("the run " + run.id() + " does not add up: " + why + "; nothing was deleted");
    });
    print(Summary.of(run, storage.description(), minAge, phases));
    if (run.state() == Run.State.WAITING) {
      terminal.error(run.waiting().why() + ". Nothing was deleted. If that is right, let it pass: " + again(run));
      return ExitCode.WAITING;
    }
    long failures = run.sweep().failures();
    if (failures > 0) {
      terminal.error(failures + " deletions failed, the next run tries them again");
      return ExitCode.FAILED;
    }
    return ExitCode.DONE;
  }

  private void print(Summary summary) {
    if (format == Format.json) {
      try {
        terminal.out().println(JsonSerde.MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(summary));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a summary is plain data", e);
      }
    } else if (!quiet) {
      SummaryText.of(summary, terminal).forEach(terminal.out()::println);
    }
  }

  /** The command that lets the run pass which the circuit breaker holds. */
  private String again(Run run) {
    List<String> words = new ArrayList<>(List.of("tidemark", "collect"));
    if (deleteUntagged) {
      words.add("--delete-untagged");
    }
    words.add("--min-age");
    words.add(Units.text(minAge));
    if (dataDir != null) {
      words.add("--data-dir");
      words.add(dataDir.toString());
    }
    words.add("--max-delete");
    words.add(Integer.toString((int) Math.ceil(run.totals().percentEligible())));
    words.add(target.toString());
    return String.join(" ", words);
  }
}
