package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Screen;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PrintedListTest {

    private static final PrintedList<String> WORDS = new PrintedList<>(
            "There are no words.",
            1,
            List.of("WORD", "LETTERS"),
            word -> List.of(word, String.valueOf(word.length())),
            word -> word.equals("bad"));

    private final Screen screen = Screen.coloured(80);

    @Command
    private static final class Options {
        @Mixin
        private Output output;
    }

    @Test
    void aListIsATableWithAHeadAndABadLineIsRed() {
        assertThat(printed(List.of("word", "bad")).lines())
                .containsExactly(
                        "\u001b[1mWORD  LETTERS\u001b[0m", "word        4", "\u001b[31mbad         3\u001b[0m");
    }

    @Test
    void anEmptyListIsASentence() {
        assertThat(printed(List.of())).isEqualTo("There are no words.\n");
    }

    @Test
    void aListIsOneDocumentForScripts() {
        assertThat(printed(List.of("word"), "--format", "json").replaceAll("\\s", ""))
                .isEqualTo("[\"word\"]");
        assertThat(printed(List.of("word"), "--format", "json", "--quiet")).contains("word");
    }

    @Test
    void aQuietCommandListsNothing() {
        assertThat(printed(List.of("word"), "--quiet")).isEmpty();
        assertThat(printed(List.of(), "--quiet")).isEmpty();
    }

    private String printed(List<String> words, String... options) {
        var parsed = new Options();
        new CommandLine(parsed).parseArgs(options);
        String before = screen.out();

        assertThat(WORDS.print(words, parsed.output, screen.terminal())).isEqualTo(ExitCode.DONE);

        return screen.out().substring(before.length());
    }
}
