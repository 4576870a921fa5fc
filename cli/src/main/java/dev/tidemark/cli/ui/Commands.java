package dev.tidemark.cli.ui;

import java.util.List;

/** The commands of {@code tidemark}, for a program in the same process. */
public interface Commands {

    /**
     * Does what is typed after {@code tidemark}.
     *
     * @param words one argument each. None of them stands for others, as {@code @file} does for a shell's user
     */
    Outcome run(List<String> words);
}
