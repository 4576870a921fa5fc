package dev.tidemark.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The width of a terminal, in columns. */
final class TerminalWidth {

    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,4})");
    private static final long LONGEST_ANSWER_SECONDS = 5;

    private TerminalWidth() {}

    /**
     * As {@code COLUMNS} says, else as the terminal does; 80 where nothing is known.
     *
     * @param terminal whether there is one
     */
    static int of(Map<String, String> environment, boolean terminal) {
        return Optional.ofNullable(environment.get("COLUMNS"))
                .flatMap(columns -> of("0 " + columns))
                .or(() -> terminal ? ofTerminal() : Optional.empty())
                .orElse(Terminal.LEAST_WIDTH);
    }

    /** Of rows and columns; some terminals say 0 for what they don't know. */
    static Optional<Integer> of(String size) {
        Matcher matcher = SIZE.matcher(size.strip());
        return matcher.matches()
                ? Optional.of(Integer.parseInt(matcher.group(1))).filter(columns -> columns > 0)
                : Optional.empty();
    }

    /** POSIX has a command for it, and Java nothing. */
    private static Optional<Integer> ofTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return Optional.empty();
            }
            return of(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // There is no such command, or no terminal: the width is then anybody's guess.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
