package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.terminal.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

    static List<String> commands() {
        List<String> commands = new ArrayList<>();
        for (String command : listed(help(80, "--help"))) {
            commands.add(command);
            listed(help(80, command, "--help")).forEach(below -> commands.add(command + " " + below));
        }
        assertThat(commands)
                .contains(
                        "collect",
                        "topics",
                        "run",
                        "runs",
                        "show",
                        "approve",
                        "cancel",
                        "audit",
                        "explain",
                        "compare",
                        "replay",
                        "report",
                        "ui",
                        "hold add",
                        "trash empty",
                        "enumerator",
                        "marker",
                        "sweeper",
                        "help");
        return commands;
    }

    private static List<String> listed(String help) {
        return Pattern.compile("\nCommands:\n((?:  .*\n)+)")
                .matcher(help)
                .results()
                .flatMap(list -> list.group(1).lines())
                .filter(line -> line.matches("  [a-z]+ {2,}.*"))
                .map(line -> line.strip().split(" ")[0])
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSaysItsExitCodesAndGivesAnExample(String command) {
        String help = help(80, command, "--help");

        assertThat(help).containsPattern("\nExit codes:\n +\\d+ +\\w");
        if (!command.equals("help")) {
            assertThat(help).containsPattern("\nExamples?:\n( +[A-Z_]+=.*\n)?  tidemark .*" + command);
        }
    }

    @Test
    void aCommandThatWaitsForAnApprovalSaysSo() {
        assertThat(help(80, "collect", "--help")).containsPattern("\n  3 +waiting for approval");
        assertThat(help(80, "audit", "--help")).containsPattern("\n  4 +cannot be proved");
    }

    @Test
    void aServiceListsItsSettings() {
        assertThat(help(80, "marker", "--help"))
                .containsPattern("\n  TIDEMARK_THREADS +Threads that mark")
                .contains("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS")
                .doesNotContain("TIDEMARK_SCHEDULE");
        assertThat(help(80, "help", "enumerator")).containsPattern("\n  TIDEMARK_SCHEDULE +When runs");
    }

    @Test
    void theListOfCommandsHasWholeSentences() {
        String list = help(200, "--help").split("Commands:\n")[1].split("\n\n")[0];

        assertThat(list.split("\n")).hasSizeGreaterThan(10).allMatch(line -> line.endsWith("."), "ends a sentence");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 120})
    void helpFitsTheTerminalDownTo80Columns(int columns) {
        int width = Math.max(80, columns);
        for (String command : commands()) {
            String[] lines = help(columns, command, "--help").split("\n");

            assertThat(lines).allMatch(line -> line.length() <= width, "fits " + width + " columns");
        }
        assertThat(help(columns, "collect", "--help").lines().anyMatch(line -> line.length() > 80))
                .isEqualTo(columns > 80);
    }

    @Test
    void helpOfACommandIsWhatItsOptionPrints() {
        assertThat(help(80, "help", "collect")).isEqualTo(help(80, "collect", "--help"));
        assertThat(help(80, "help")).isEqualTo(help(80, "--help"));
    }

    @Test
    void theReferenceHasEveryCommandAndOptionAndNoOthers() throws IOException {
        String reference = reference();
        List<String> commands = commands();
        String table = reference.split("\n## Commands\n")[1].split("\n## ")[0];

        assertThat(all("(?m)^\\| ((?:`[^`]+`(?:, )?)+) \\|", table)
                        .flatMap(names -> all("`([a-z]+(?: [a-z]+)*)", names)))
                .containsExactlyInAnyOrderElementsOf(commands.stream()
                        .filter(command -> commands.stream().noneMatch(other -> other.startsWith(command + " ")))
                        .toList());
        assertThat(all("(?<![\\w-])(--[a-z][a-z-]*)", reference).collect(Collectors.toSet()))
                .isEqualTo(commands.stream().flatMap(HelpTest::options).collect(Collectors.toSet()));
    }

    @Test
    void eachOptionThatTheReferenceHasOfOneCommandIsOneOfIt() throws IOException {
        String table = reference().split("\n### Single commands\n")[1].split("\n#")[0];
        List<MatchResult> rows = Pattern.compile("(?m)^\\| `([a-z ]+)` \\| ([^|]+) \\|")
                .matcher(table)
                .results()
                .toList();

        assertThat(rows)
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(options(row.group(1)))
                        .containsAll(all("(--[a-z-]+)", row.group(2)).toList()));
    }

    private static String reference() throws IOException {
        return Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/reference.md"));
    }

    /** The long names of a command's options. */
    private static Stream<String> options(String command) {
        return all("(?m)^(?:  -\\w, |      )(--[a-z-]+)", help(80, command, "--help"));
    }

    /** What the group of a pattern is, wherever it matches. */
    private static Stream<String> all(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1));
    }

    /**
     * @param words of a command line; one of two words stands for both
     */
    private static String help(int columns, String... words) {
        String[] arguments = String.join(" ", words).split(" ");
        Screen screen = Screen.of(columns);

        assertThat(Main.run(arguments, screen.terminal())).isZero();

        assertThat(screen.err()).isEmpty();
        return screen.out();
    }

    @Test
    void theReadmeIsReadInOneGo() throws IOException {
        Path readme = Path.of("").toAbsolutePath().getParent().resolve("README.md");

        assertThat(Files.size(readme)).isLessThanOrEqualTo(7_000);
    }
}
