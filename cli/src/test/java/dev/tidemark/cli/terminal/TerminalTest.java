package dev.tidemark.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {

    @TempDir
    private Path directory;

    @Test
    void anErrorTakesThePlaceOfTheProgressBeforeIt() {
        Screen screen = Screen.of(80);

        screen.terminal().progress("starting");
        screen.terminal().error("Kafka cannot start");

        assertThat(screen.seen()).containsExactly("tidemark: Kafka cannot start");
    }

    @Test
    void aLineTakesThePlaceOfTheProgressBeforeIt() {
        Screen screen = Screen.of(80);

        screen.terminal().progress("starting");
        screen.terminal().err().println("a line");
        screen.terminal().progress("sweeping");
        screen.terminal().lastLine("the run goes on");
        screen.terminal().progress("sweeping still");

        assertThat(screen.seen()).containsExactly("a line", "the run goes on");
    }

    @Test
    void whereThereIsNoTerminalNothingIsShownAndNothingCleared() {
        Screen screen = Screen.none();

        screen.terminal().progress("starting");
        screen.terminal().error("no");
        screen.terminal().clearProgress();

        assertThat(screen.err()).isEqualTo("tidemark: no\n");
    }

    /** A line that has wrapped stays on the terminal for ever. */
    @Test
    void progressIsCutOffWhereTheTerminalEnds() {
        Screen screen = Screen.of(20);

        screen.terminal().progress("marking: 1,000,000 of 2,000,000 records");
        screen.terminal().progress("marking: 0123456789");

        assertThat(screen.err().split("\r\u001b\\[2K"))
                .containsExactly("", "marking: 1,000,000…", "marking: 0123456789");
    }

    @Test
    void aFailureIsInTheLogAndTheLineSaysWhere() {
        Screen screen = Screen.none();
        Path log = directory.resolve("tidemark.log");

        screen.terminal().failure("before there is a log");
        screen.terminal().logsTo(log);
        screen.terminal().failure("it failed", new IllegalStateException("because"));

        assertThat(screen.seen())
                .containsExactly("tidemark: before there is a log", "tidemark: it failed (more in " + log + ")");
        assertThat(log).content().contains("ERROR Terminal it failed", "IllegalStateException: because", "\tat ");
    }

    @Test
    void theWidthIsThatOfColumnsOrOfTheTerminal() {
        assertThat(TerminalWidth.of("24 132")).contains(132);
        assertThat(TerminalWidth.of("24 132\n")).contains(132);
        assertThat(TerminalWidth.of("0 0")).isEmpty();
        assertThat(TerminalWidth.of("0 wide")).isEmpty();
        assertThat(TerminalWidth.of("")).isEmpty();
        assertThat(TerminalWidth.of(Map.of("COLUMNS", "132"), false)).isEqualTo(132);
        assertThat(TerminalWidth.of(Map.of("COLUMNS", "wide"), false)).isEqualTo(80);
        assertThat(TerminalWidth.of(Map.of(), false)).isEqualTo(80);
        assertThat(Screen.of(40).terminal().width()).isEqualTo(80);
        assertThat(Screen.of(132).terminal().width()).isEqualTo(132);
    }
}
