package dev.tidemark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The command {@code tidemark}. */
@Command(
    name = "tidemark",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "The garbage collector for container registries built on CNCF distribution.",
    footer = {
      "",
      "First try, on the example that ships with the project:",
      "  tidemark collect --dry-run --min-age 0 examples/registry",
      "",
      "With the services on a Kafka cluster:",
      "  tidemark --bootstrap-servers kafka:9092 run --dry-run",
    },
    subcommands = {
      CollectCommand.class, TopicsCommand.class, RunCommand.class, RunsCommand.class, ShowCommand.class, ApproveCommand.class,
      CancelCommand.class, AuditCommand.class, ExplainCommand.class, CompareCommand.class, ReportCommand.class, EnumeratorCommand.class,
      MarkerCommand.class, SweeperCommand.class, WarmUpCommand.class, CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Mixin private final KafkaOptions kafka = new KafkaOptions();

  public static void main(String[] arguments) {
    // Kafka names files, and messages write numbers, in the digits of the machine's language: others have to read them.
    Locale.setDefault(Locale.ROOT);
    Terminal terminal = Terminal.ofProcess();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, why) -> terminal.failure("the thread " + thread.getName() + " has ended: " + why, why));
    System.exit(run(arguments, terminal));
  }

  static int run(String[] arguments, Terminal terminal) {
    var main = new Main();
    CommandLine commandLine = new CommandLine(main, new Commands(terminal, main.kafka));
    ExitCode.describe(commandLine.getCommandSpec().usageMessage());
    commandLine.getSubcommands().values().forEach(command -> ExitCode.describe(command.getCommandSpec().usageMessage()));
    int exitCode = commandLine
        .setHelpFactory((spec, colours) -> {
          spec.usageMessage().width(terminal.width());
          return new CommandLine.Help(spec, colours);
        })
        .setOut(new PrintWriter(terminal.out(), true))
        .setErr(new PrintWriter(terminal.err(), true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (exception, unparsed) -> {
              terminal.error(Misuse.of(exception));
              return ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (exception, failed, parsed) -> {
              String message = exception.getMessage() == null ? exception.toString() : exception.getMessage();
              if (exception instanceof UsageException) {
                terminal.error(message);
                return ExitCode.USAGE;
              }
              terminal.failure(message, exception);
              return ExitCode.FAILED;
            })
        .execute(arguments);
    Optional<String> trouble = terminal.out().trouble();
    trouble.ifPresent(why -> terminal.failure("the output could not be written: " + why));
    return trouble.isPresent() && exitCode == ExitCode.DONE ? ExitCode.FAILED : exitCode;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private record Commands(Terminal terminal, KafkaOptions kafka) implements CommandLine.IFactory {

    @Override
    public <K> K create(Class<K> type) throws Exception {
      Object command =
          switch (type.getSimpleName()) {
            case "CollectCommand" -> new CollectCommand(terminal, kafka);
            case "ExplainCommand" -> new ExplainCommand(terminal, kafka);
            case "CompareCommand" -> new CompareCommand(terminal, kafka);
            case "TopicsCommand" -> new TopicsCommand(terminal);
            case "RunCommand" -> new RunCommand(terminal, kafka);
            case "RunsCommand" -> new RunsCommand(terminal, kafka);
            case "ShowCommand" -> new ShowCommand(terminal, kafka);
            case "ApproveCommand" -> new ApproveCommand(terminal, kafka);
            case "CancelCommand" -> new CancelCommand(terminal, kafka);
            case "AuditCommand" -> new AuditCommand(terminal, kafka);
            case "ReportCommand" -> new ReportCommand(terminal, kafka);
            case "WarmUpCommand" -> new WarmUpCommand(terminal);
            case "EnumeratorCommand" -> new EnumeratorCommand();
            case "MarkerCommand" -> new MarkerCommand();
            case "SweeperCommand" -> new SweeperCommand();
            default -> CommandLine.defaultFactory().create(type);
          };
      return type.cast(command);
    }
  }
}
