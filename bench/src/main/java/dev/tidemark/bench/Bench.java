package dev.tidemark.bench;

import dev.tidemark.bench.output.BenchException;
import picocli.CommandLine;

/** The command {@code bench/run}. */
public final class Bench {

    private Bench() {}

    public static void main(String[] arguments) {
        var commands = new CommandLine(new MeasureCommand())
                .addSubcommand(new TreeCommand())
                .addSubcommand(new ServeCommand())
                .addSubcommand(new FloorsCommand())
                .addSubcommand(new ScalingCommand())
                .addSubcommand(new ServicesCommand())
                .addSubcommand(new TrashCostCommand())
                .addSubcommand(new PolicyCostCommand())
                .setParameterExceptionHandler((exception, unparsed) -> {
                    System.err.println("bench: " + exception.getMessage() + " (bench/run --help)");
                    return 2;
                })
                .setExecutionExceptionHandler((exception, commandLine, parsed) -> {
                    if (!(exception instanceof BenchException)) {
                        throw exception;
                    }
                    System.err.println("bench: " + exception.getMessage());
                    return 1;
                });
        System.exit(commands.execute(arguments));
    }
}
