package dev.tidemark.cli.command;

import picocli.CommandLine.Parameters;

/** The argument of a command that reads one run. */
final class RunArgument {

    @Parameters(
            paramLabel = "RUN",
            arity = "0..1",
            defaultValue = "latest",
            description = "its id, as tidemark runs lists it")
    private String id;

    /** As it was typed. */
    String id() {
        return id;
    }
}
