package dev.tidemark.cli.ui;

import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.ExitCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A command that has ended.
 *
 * @param exit its exit code
 * @param out all that it has printed on standard output
 * @param err the same on standard error
 * @param why it could not do what it was asked to, where it did not say so itself
 */
public record Outcome(int exit, String out, String err, Optional<Exception> why) {

    private static final String OF_PROGRAM = "tidemark: ";

    boolean done() {
        return exit == ExitCode.DONE;
    }

    List<String> lines() {
        return lines(out);
    }

    /** Whether another process works on the registry. */
    boolean busy() {
        return why.filter(BusyException.class::isInstance).isPresent();
    }

    /** The line that says what went wrong. */
    String complaint() {
        return complaints().getFirst();
    }

    /** The same, and all that there is to say: the faults of a policy, or what could be meant. */
    List<String> complaints() {
        return Stream.of(why.map(Outcome::message).map(Outcome::lines).orElse(List.of()), notes(), lines())
                .filter(said -> !said.isEmpty())
                .findFirst()
                .orElseGet(() -> List.of("the command ended with exit code " + exit));
    }

    /** The lines on standard error, without the name of the program. */
    List<String> notes() {
        return lines(err).stream()
                .map(line -> line.startsWith(OF_PROGRAM) ? line.substring(OF_PROGRAM.length()) : line.strip())
                .toList();
    }

    private static String message(Exception why) {
        return why.getMessage() == null ? why.toString() : why.getMessage();
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }
}
