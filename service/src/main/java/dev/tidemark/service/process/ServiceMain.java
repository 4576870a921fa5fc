package dev.tidemark.service.process;

import dev.tidemark.service.settings.InvalidSettingsException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The main class of a process that is one of the services: the first argument names which. It has no broker on its
 * class path.
 */
@Command(
        name = "tidemark",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "SERVICE",
        description = "One of the services, as a process.",
        subcommands = {EnumeratorCommand.class, MarkerCommand.class, SweeperCommand.class})
public final class ServiceMain {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);

    private ServiceMain() {}

    public static void main(String[] arguments) {
        // Kafka names files, and messages write numbers, in the digits of the machine's language: others have to read
        // them.
        Locale.setDefault(Locale.ROOT);
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var commandLine = new CommandLine(new ServiceMain());
        commandLine.getSubcommands().values().forEach(SettingsHelp::addTo);
        return commandLine
                .setParameterExceptionHandler((misuse, arguments) -> {
                    String command = misuse.getCommandLine().getCommandSpec().qualifiedName();
                    return failed(
                            misuse.getCommandLine(),
                            misuse.getMessage() + " (" + command + " --help)",
                            ServiceExit.SETTINGS);
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    LOG.error("failed", failure);
                    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
                    return failed(
                            command,
                            message,
                            failure instanceof InvalidSettingsException ? ServiceExit.SETTINGS : ServiceExit.FAILED);
                });
    }

    private static int failed(CommandLine command, String message, int exitCode) {
        command.getErr().println("tidemark: " + message);
        return exitCode;
    }
}
