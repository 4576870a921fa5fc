package dev.tidemark.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of a command: its results go to {@code out}, errors and progress to {@code err}. The launcher says which
 * of the two are terminals: Java can't tell them apart.
 */
public final class Terminal {

    /** Printed text fits this width, and no narrower one. */
    static final int LEAST_WIDTH = 80;

    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String RESET = "\u001b[0m";
    private static final String REWRITE = "\r\u001b[2K";

    private final Printer out;
    private final PrintStream err;
    private final boolean colours;
    private final boolean interactive;
    private final IntSupplier columns;
    private int columnsOfProgress;
    private volatile Optional<Path> log = Optional.empty();
    private boolean progressShown;
    private boolean ended;

    /**
     * @param colours whether what goes to {@code out} may be coloured
     * @param interactive whether {@code err} is a terminal, that progress can be shown on
     * @param columns how wide the terminal is
     */
    public Terminal(Printer out, PrintStream err, boolean colours, boolean interactive, IntSupplier columns) {
        this.out = out;
        this.err = err;
        this.colours = colours;
        this.interactive = interactive;
        this.columns = columns;
    }

    public static Terminal ofProcess() {
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        boolean outIsTerminal = Boolean.getBoolean("tidemark.stdout.terminal");
        boolean errIsTerminal = Boolean.getBoolean("tidemark.stderr.terminal");
        return new Terminal(
                new Printer(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                outIsTerminal && !dumb && System.getenv("NO_COLOR") == null,
                errIsTerminal && !dumb,
                () -> TerminalWidth.of(System.getenv(), outIsTerminal || errIsTerminal));
    }

    /** For what was found; progress is out of its way. */
    public synchronized Printer out() {
        clearProgress();
        return out;
    }

    /** For lines that are no errors; progress is out of their way. */
    public synchronized PrintStream err() {
        clearProgress();
        return err;
    }

    public boolean colours() {
        return colours;
    }

    boolean interactive() {
        return interactive;
    }

    /** How wide a line may be. */
    public int width() {
        return Math.max(LEAST_WIDTH, columns.getAsInt());
    }

    /** One line that says what went wrong. */
    public synchronized void error(String message) {
        err().println("tidemark: " + clean(message));
    }

    /** From now on what fails is in this log, too. */
    public void logsTo(Path file) {
        LogConfiguration.to(file);
        log = Optional.of(file);
    }

    /** One line that says what failed, and where there is more of it. */
    public void failure(String message) {
        failure(message, null);
    }

    /**
     * The same.
     *
     * @param why it did; null if the line says all
     */
    public void failure(String message, Throwable why) {
        LOG.error(message, why);
        error(message + log.map(file -> " (more in " + file + ")").orElse(""));
    }

    /** One line after which nothing is said of how far anything is: the process was told to end. */
    public synchronized void lastLine(String line) {
        err().println(clean(line));
        ended = true;
    }

    /** One line that says how far something is, in the place of the last one; on a terminal only. */
    public synchronized void progress(String text) {
        if (!interactive || ended) {
            return;
        }
        if (columnsOfProgress == 0) {
            columnsOfProgress = columns.getAsInt();
        }
        // A line that has wrapped could not be taken back.
        String line = clean(text);
        err.print(
                REWRITE + (line.length() < columnsOfProgress ? line : line.substring(0, columnsOfProgress - 2) + "…"));
        err.flush();
        progressShown = true;
    }

    /** Takes back the line of progress that is shown. */
    public synchronized void clearProgress() {
        if (progressShown) {
            err.print(REWRITE);
            err.flush();
            progressShown = false;
        }
    }

    public String bold(String text) {
        return colours ? BOLD + text + RESET : text;
    }

    public String bad(String text) {
        return colours ? RED + text + RESET : text;
    }

    public String doubtful(String text) {
        return colours ? YELLOW + text + RESET : text;
    }

    /** Names in a registry's storage can hold anything: nothing of it may steer a terminal, or break a line. */
    public static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> clean.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c));
        return clean.toString();
    }
}
