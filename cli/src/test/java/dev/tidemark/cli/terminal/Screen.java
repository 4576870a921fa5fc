package dev.tidemark.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A terminal that a test looks at. */
public final class Screen {

    private static final String REWRITE = "\r\u001b[2K";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    private Screen(int columns, boolean colours, boolean interactive) {
        terminal = new Terminal(
                new Printer(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                colours,
                interactive,
                () -> columns);
    }

    /** No terminal at all: what is printed goes to files. */
    public static Screen none() {
        return new Screen(Terminal.LEAST_WIDTH, false, false);
    }

    /** No terminal, and so wide that nothing goes on below. */
    public static Screen wide() {
        return new Screen(1000, false, false);
    }

    public static Screen of(int columns) {
        return new Screen(columns, false, true);
    }

    public static Screen coloured(int columns) {
        return new Screen(columns, true, true);
    }

    public Terminal terminal() {
        return terminal;
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** All that was ever written to it, with what rewrites it. */
    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** The text of {@code err} that is left to be seen, line by line. */
    public List<String> seen() {
        return Arrays.stream(err().split("\n"))
                .map(line -> line.substring(line.lastIndexOf(REWRITE) + 1).replaceFirst("^\u001b\\[2K", ""))
                .toList();
    }
}
