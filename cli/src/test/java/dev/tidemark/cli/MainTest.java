package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Printer;
import dev.tidemark.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MainTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    @EnabledOnOs(OS.LINUX)
    void aCommandWhoseOutputCannotBeWrittenFails() throws IOException {
        try (var full = new FileOutputStream("/dev/full")) {
            assertThat(help(full)).isEqualTo(ExitCode.FAILED);
        }

        assertThat(err())
                .hasLineCount(1)
                .startsWith("tidemark: the output could not be written: No space left on device");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aReaderThatWantsNoMoreIsLeftInPeace() throws IOException {
        Process reader = new ProcessBuilder("sh", "-c", "exec 0<&-; echo closed; exec sleep 600").start();
        try {
            assertThat(reader.inputReader().readLine()).isEqualTo("closed");

            assertThat(help(reader.getOutputStream())).isZero();

            assertThat(err()).isEmpty();
        } finally {
            reader.destroyForcibly();
        }
    }

    private int help(OutputStream out) {
        var terminal = new Terminal(
                new Printer(out), new PrintStream(err, true, StandardCharsets.UTF_8), false, false, () -> 80);
        return Main.run(new String[] {"--help"}, terminal);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
