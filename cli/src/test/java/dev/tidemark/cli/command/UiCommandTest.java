package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.cli.ui.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The start of {@code tidemark ui}: where it listens, and who may ask. */
class UiCommandTest {

    @TempDir
    private Path directory;

    private final Screen screen = Screen.wide();

    private UiCommand command(String... options) {
        var command = new UiCommand(
                screen.terminal(), new KafkaOptions(), words -> new Outcome(0, "[]", "", Optional.empty()));
        List<String> words = new ArrayList<>(List.of("--port", "0", "--data-dir", directory.toString()));
        words.addAll(List.of(options));
        new CommandLine(command).setOverwrittenOptionsAllowed(true).parseArgs(words.toArray(String[]::new));
        return command;
    }

    private Path token(String text) throws IOException {
        return Files.writeString(directory.resolve("token"), text);
    }

    @Test
    void itPrintsOneLineWithATokenThatIsAnotherOneEachTime() {
        command().start().close();
        command().start().close();

        assertThat(screen.err()).isEmpty();
        assertThat(screen.out().lines())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(line -> line.matches("The page is at http://127\\.0\\.0\\.1:\\d+/#[\\w-]{43} until Ctrl-C"));
    }

    @Test
    void aTokenOfAFileIsNotPrinted() throws IOException {
        command("--token-file", token("0123456789abcdef\n").toString()).start().close();

        assertThat(screen.out())
                .matches("The page is at http://127\\.0\\.0\\.1:\\d+/ until Ctrl-C\n")
                .doesNotContain("0123456789abcdef");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "a token with spaces in it", "0123456789abcdef\n0123456789abcdef"})
    void aFileWithoutATokenIsRefused(String text) throws IOException {
        Path file = token(text);

        assertThatThrownBy(() -> command("--token-file", file.toString()).start())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> command("--token-file", file + ".no").start())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[::1]"})
    void anAddressThatIsNoneIsRefused(String address) {
        assertThatThrownBy(() -> command("--listen", address).start())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--listen");
    }

    @Test
    void otherMachinesMayAskOnlyWithATokenThatSomebodyHasChosen() throws IOException {
        assertThatThrownBy(() -> command("--listen", "0.0.0.0").start())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--token-file");

        command("--listen", "0.0.0.0", "--token-file", token("0123456789abcdef").toString())
                .start()
                .close();
        assertThat(screen.err()).contains("not encrypted").hasLineCount(1);
    }

    @Test
    void aPortInUseIsSaidInOneLine() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> command("--port", Integer.toString(taken.getLocalPort()))
                            .start())
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()))
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() {
        assertThatThrownBy(() -> command("--data-dir", directory.resolve("none").toString())
                        .start())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is no directory");
    }
}
