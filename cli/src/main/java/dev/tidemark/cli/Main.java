package dev.tidemark.cli;

import dev.tidemark.cli.command.ApproveCommand;
import dev.tidemark.cli.command.AuditCommand;
import dev.tidemark.cli.command.CancelCommand;
import dev.tidemark.cli.command.CollectCommand;
import dev.tidemark.cli.command.CompareCommand;
import dev.tidemark.cli.command.CompletionCommand;
import dev.tidemark.cli.command.ExplainCommand;
import dev.tidemark.cli.command.HoldCommand;
import dev.tidemark.cli.command.KafkaOptions;
import dev.tidemark.cli.command.PolicyCommand;
import dev.tidemark.cli.command.ReplayCommand;
import dev.tidemark.cli.command.ReportCommand;
import dev.tidemark.cli.command.RunCommand;
import dev.tidemark.cli.command.RunsCommand;
import dev.tidemark.cli.command.ShowCommand;
import dev.tidemark.cli.command.TopicsCommand;
import dev.tidemark.cli.command.TrashCommand;
import dev.tidemark.cli.command.UiCommand;
import dev.tidemark.cli.command.UndoCommand;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.Failure;
import dev.tidemark.cli.terminal.Printer;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.ui.Outcome;
import dev.tidemark.cli.warmup.WarmUpCommand;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.service.process.EnumeratorCommand;
import dev.tidemark.service.process.MarkerCommand;
import dev.tidemark.service.process.SettingsHelp;
import dev.tidemark.service.process.SweeperCommand;
import dev.tidemark.service.process.Version;
import dev.tidemark.sweeper.SweeperService;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
        })
public final class Main implements Runnable {

    private static final String HELP = "help";
    private static final List<String> SERVICES =
            List.of(EnumeratorService.NAME, MarkerService.NAME, SweeperService.NAME);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    public static void main(String[] arguments) {
        // Kafka names files, and messages write numbers, in the digits of the machine's language: others have to read
        // them.
        Locale.setDefault(Locale.ROOT);
        Terminal terminal = Terminal.ofProcess();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, why) -> terminal.failure("the thread " + thread.getName() + " has ended: " + why, why));
        System.exit(run(arguments, terminal));
    }

    private static void describeExitCodes(CommandLine command) {
        ExitCode.describe(command.getCommandSpec().usageMessage());
        command.getSubcommands().values().forEach(Main::describeExitCodes);
    }

    static int run(String[] arguments, Terminal terminal) {
        return run(commandLine(arguments, terminal), arguments, terminal, why -> {});
    }

    /** Runs a command for another one: its output is kept, and none of its words stands for those in a file. */
    static Outcome captured(List<String> words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var why = new AtomicReference<Exception>();
        var terminal = new Terminal(
                new Printer(out), new PrintStream(err, true, StandardCharsets.UTF_8), false, false, () -> 80);
        String[] arguments = words.toArray(String[]::new);
        int exit = run(commandLine(arguments, terminal).setExpandAtFiles(false), arguments, terminal, why::set);
        return new Outcome(
                exit,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                Optional.ofNullable(why.get()));
    }

    /** @param failed told the exception that has ended the command, if one has */
    private static int run(CommandLine commandLine, String[] arguments, Terminal terminal, Consumer<Exception> failed) {
        int exitCode = commandLine
                .setHelpFactory((spec, colours) -> {
                    spec.usageMessage().width(terminal.width());
                    return new CommandLine.Help(spec, colours);
                })
                .setOut(new PrintWriter(terminal.out(), true))
                .setErr(new PrintWriter(terminal.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((exception, unparsed) -> {
                    terminal.error(Misuse.of(exception));
                    return ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    failed.accept(exception);
                    return Failure.tell(exception, terminal);
                })
                .execute(arguments);
        Optional<String> trouble = terminal.out().trouble();
        trouble.ifPresent(why -> terminal.failure("the output could not be written: " + why));
        return trouble.isPresent() && exitCode == ExitCode.DONE ? ExitCode.FAILED : exitCode;
    }

    /** The command with all of its own: what completion and manual pages are made of. */
    public static CommandLine commandLine() {
        return commandLine(new String[0], Terminal.ofProcess());
    }

    private static CommandLine commandLine(String[] arguments, Terminal terminal) {
        var main = new Main();
        CommandLine commandLine = new CommandLine(main);
        named(arguments, commands(terminal, main.kafka))
                .forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
        describeExitCodes(commandLine);
        SERVICES.stream()
                .map(commandLine.getSubcommands()::get)
                .filter(Objects::nonNull)
                .forEach(SettingsHelp::addTo);
        return commandLine;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** In the order of the help. */
    private static Map<String, Supplier<Object>> commands(Terminal terminal, KafkaOptions kafka) {
        var commands = new LinkedHashMap<String, Supplier<Object>>();
        commands.put("collect", () -> new CollectCommand(terminal, kafka));
        commands.put("policy", () -> new PolicyCommand(terminal, kafka));
        commands.put("trash", () -> new TrashCommand(terminal, kafka));
        commands.put("undo", () -> new UndoCommand(terminal, kafka));
        commands.put("hold", () -> new HoldCommand(terminal, kafka));
        commands.put("topics", () -> new TopicsCommand(terminal));
        commands.put("run", () -> new RunCommand(terminal, kafka));
        commands.put("runs", () -> new RunsCommand(terminal, kafka));
        commands.put("show", () -> new ShowCommand(terminal, kafka));
        commands.put("approve", () -> new ApproveCommand(terminal, kafka));
        commands.put("cancel", () -> new CancelCommand(terminal, kafka));
        commands.put("audit", () -> new AuditCommand(terminal, kafka));
        commands.put("explain", () -> new ExplainCommand(terminal, kafka));
        commands.put("compare", () -> new CompareCommand(terminal, kafka));
        commands.put("replay", () -> new ReplayCommand(terminal, kafka));
        commands.put("report", () -> new ReportCommand(terminal, kafka));
        commands.put("ui", () -> new UiCommand(terminal, kafka, Main::captured));
        commands.put(EnumeratorService.NAME, EnumeratorCommand::new);
        commands.put(MarkerService.NAME, MarkerCommand::new);
        commands.put(SweeperService.NAME, SweeperCommand::new);
        commands.put("completion", () -> new CompletionCommand(terminal, Main::commandLine));
        commands.put("warm-up", () -> new WarmUpCommand(typed -> run(typed, terminal)));
        commands.put(HELP, CommandLine.HelpCommand::new);
        return commands;
    }

    /**
     * The command that is named, if one is: to read the options of all others takes its time. The help needs all, and
     * so does the message about a misspelt command.
     */
    private static Map<String, Supplier<Object>> named(String[] arguments, Map<String, Supplier<Object>> commands) {
        String first = arguments.length == 0 ? HELP : arguments[0];
        return commands.containsKey(first) && !first.equals(HELP) ? Map.of(first, commands.get(first)) : commands;
    }
}
