package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.FishCompletion;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark completion}: prints the script with which a shell completes commands and options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {"Prints the completion script for a shell.", ""},
        footer = {
            "",
            "Examples:",
            "  tidemark completion bash > /etc/bash_completion.d/tidemark",
            "  tidemark completion fish > ~/.config/fish/completions/tidemark.fish",
            "  tidemark completion zsh > ~/.tidemark-completion",
            "    and in ~/.zshrc: autoload -U compinit; compinit; source ~/.tidemark-completion"
        })
public final class CompletionCommand implements Callable<Integer> {

    private enum Shell {
        BASH,
        ZSH,
        FISH
    }

    private final Terminal terminal;
    private final Supplier<CommandLine> tidemark;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    /** @param tidemark makes the command with all of its own */
    public CompletionCommand(Terminal terminal, Supplier<CommandLine> tidemark) {
        this.terminal = terminal;
        this.tidemark = tidemark;
    }

    @Override
    public Integer call() {
        CommandLine all = tidemark.get();
        terminal.out()
                .print(
                        switch (shell) {
                            // A zsh takes it as it is: it loads its own emulation of bash's completion.
                            case BASH, ZSH -> AutoComplete.bash(all.getCommandName(), all);
                            case FISH -> FishCompletion.of(all);
                        });
        return ExitCode.DONE;
    }
}
