package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.Main;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.testkit.DockerRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The shells complete by the scripts that are printed. */
class CompletionCommandTest {

    @TempDir
    Path directory;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assumeTrue(DockerRegistry.onPath("bash"), "bash is not installed: skipped");

        assertThat(byBash("col")).containsExactly("collect");
        assertThat(byBash("collect", "--dr")).containsExactly("--dry-run");
        assertThat(byBash("trash", "em")).containsExactly("empty");
    }

    @Test
    void fishCompletesCommandsAndOptions() throws Exception {
        assumeTrue(DockerRegistry.onPath("fish"), "fish is not installed: skipped");

        assertThat(byFish("tidemark col")).containsExactly("collect");
        assertThat(byFish("tidemark collect --dr")).containsExactly("--dry-run");
        assertThat(byFish("tidemark trash em")).containsExactly("empty");
        assertThat(byFish("tidemark collect --format ")).contains("json");
    }

    @Test
    void aHiddenCommandIsNotCompleted() {
        assertThat(script("fish")).contains("--arguments collect ").doesNotContain("warm-up");
    }

    @Test
    void fishTakesEachLineAsACommandOfItsOwn() {
        assertThat(script("fish").lines())
                .hasSizeGreaterThan(100)
                .allMatch(line -> line.matches("complete --command tidemark .* --description '([^'\\\\]|\\\\.)*'"));
    }

    private String script(String shell) {
        Screen screen = Screen.of(80);
        int exitCode = new CommandLine(new CompletionCommand(screen.terminal(), Main::commandLine))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(shell);

        assertThat(exitCode).isZero();
        return screen.out();
    }

    private List<String> byBash(String... words) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("completion"), script("bash"));
        return printed(
                "bash",
                // compopt sets how readline goes on, which is not there.
                "compopt() { :; }; source %s; COMP_WORDS=(tidemark %s); COMP_CWORD=%d; _complete_tidemark; printf '%%s\\n' \"${COMPREPLY[@]}\""
                        .formatted(script, String.join(" ", words), words.length));
    }

    private List<String> byFish(String line) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("completion"), script("fish"));
        return printed("fish", "source %s; complete --do-complete '%s'".formatted(script, line)).stream()
                .map(each -> each.split("\t")[0])
                .toList();
    }

    private List<String> printed(String shell, String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(shell, "-c", script).redirectErrorStream(true);
        builder.environment().put("HOME", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }
}
