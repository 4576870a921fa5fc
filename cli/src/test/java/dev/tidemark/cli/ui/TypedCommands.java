package dev.tidemark.cli.ui;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.Failure;
import dev.tidemark.cli.terminal.Screen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Commands that do nothing but note what was typed, and end as a test says. */
final class TypedCommands implements Commands {

    final List<List<String>> typed = Collections.synchronizedList(new ArrayList<>());
    volatile Function<List<String>, Outcome> end = words -> printed("{\"words\":" + words.size() + "}\n");

    @Override
    public Outcome run(List<String> words) {
        typed.add(words);
        return end.apply(words);
    }

    static Outcome printed(String out) {
        return new Outcome(ExitCode.DONE, out, "", Optional.empty());
    }

    /** Said by the command itself. */
    static Outcome complained(int exit, String err) {
        return new Outcome(exit, "", err, Optional.empty());
    }

    static Outcome failed(Exception why) {
        Screen screen = Screen.wide();
        int exit = Failure.tell(why, screen.terminal());
        return new Outcome(exit, screen.out(), screen.err(), Optional.of(why));
    }
}
