package dev.tidemark.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.terminal.Screen;
import java.util.List;
import org.junit.jupiter.api.Test;

class WrappedTextTest {

    private static final String WORDS = "word ".repeat(40).strip();

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (int columns : new int[] {80, 100}) {
            WrappedText page = new WrappedText(Screen.of(columns).terminal());
            page.line(WORDS);
            page.line("  " + WORDS);
            page.line("  head  ", WORDS);
            page.entry("1.0 kB", WORDS);

            assertThat(page.lines())
                    .allMatch(line -> line.length() <= columns)
                    .anyMatch(line -> line.length() > columns - 5);
            assertThat(String.join(" ", page.lines())
                            .replaceAll("head|1.0 kB", "")
                            .replaceAll(" +", " ")
                            .strip())
                    .isEqualTo(String.join(" ", WORDS, WORDS, WORDS, WORDS));
        }
    }

    @Test
    void continuationLinesAreIndented() {
        WrappedText page = new WrappedText(Screen.of(80).terminal());
        page.line("  " + WORDS);
        page.line("  head  ", WORDS);

        assertThat(page.lines())
                .filteredOn(line -> !line.startsWith("  head"))
                .element(1)
                .asString()
                .startsWith("    word");
        assertThat(page.lines()).last().asString().startsWith("        word");
    }

    @Test
    void aWordThatIsWiderIsLeftWhole() {
        String path = "/" + "x".repeat(90);
        WrappedText page = new WrappedText(Screen.of(80).terminal());
        page.line(path);
        page.line("in " + path + " there is");
        page.entry("", path);

        assertThat(page.lines()).containsExactly(path, "in", "  " + path, "  there is", " ".repeat(13) + path);
    }

    @Test
    void coloursTakeNoRoom() {
        String line = "w".repeat(70) + " xxxxxxxxx";
        WrappedText page = new WrappedText(Screen.coloured(80).terminal());
        page.line(Screen.coloured(80).terminal().bad(line));

        assertThat(page.lines()).hasSize(1);
    }

    @Test
    void columnsOfATableAreCloserTogetherWhereTheyWouldNotFit() {
        var table = new Table(2, 1);
        table.row("", "repositories", "bytes");
        table.row("found", "1", "1.0 kB");

        assertThat(table.lines(30))
                .isEqualTo(List.of("         repositories   bytes", "  found             1  1.0 kB"));
        assertThat(table.lines(28)).isEqualTo(List.of("        repositories  bytes", "  found            1 1.0 kB"));
    }
}
