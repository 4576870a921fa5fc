package dev.tidemark.cli;

import java.io.PrintWriter;
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
    },
    subcommands = {CollectCommand.class, TopicsCommand.class})
public final class Main implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(run(arguments, Terminal.ofProcess()));
  }

  static int run(String[] arguments, Terminal terminal) {
    return new CommandLine(new Main(), new Commands(terminal))
        .setOut(new PrintWriter(terminal.out(), true))
        .setErr(new PrintWriter(terminal.err(), true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (exception, unparsed) -> {
              terminal.error(exception.getMessage() + " (" + exception.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
              return ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              terminal.error(exception.getMessage() == null ? exception.toString() : exception.getMessage());
              return exception instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILED;
            })
        .execute(arguments);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private record Commands(Terminal terminal) implements CommandLine.IFactory {

    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == CollectCommand.class) {
        return type.cast(new CollectCommand(terminal));
      }
      if (type == TopicsCommand.class) {
        return type.cast(new TopicsCommand(terminal));
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
