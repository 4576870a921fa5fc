package dev.tidemark.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * Where the command prints. The launcher says which of the two streams are terminals: Java can't tell them apart.
 *
 * @param colours whether what goes to {@code out} may be coloured
 * @param interactive whether {@code err} is a terminal, that progress can be shown on
 */
record Terminal(Printer out, PrintStream err, boolean colours, boolean interactive) {

  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String RESET = "\u001b[0m";

  static Terminal ofProcess() {
    boolean plain = System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"));
    return new Terminal(
        new Printer(new FileOutputStream(FileDescriptor.out)),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Boolean.getBoolean("tidemark.stdout.terminal") && !plain,
        Boolean.getBoolean("tidemark.stderr.terminal") && !"dumb".equals(System.getenv("TERM")));
  }

  /** One line that says how far something is, in the place of the last one; on a terminal only. */
  void progress(String text) {
    if (interactive) {
      err.print("\r\u001b[2K" + text);
      err.flush();
    }
  }

  /** One line that says what went wrong. */
  void error(String message) {
    err.println("tidemark: " + clean(message));
  }

  String bold(String text) {
    return colours ? BOLD + text + RESET : text;
  }

  String bad(String text) {
    return colours ? RED + text + RESET : text;
  }

  String doubtful(String text) {
    return colours ? YELLOW + text + RESET : text;
  }

  /** Names in a registry's storage can hold anything: nothing of it may steer a terminal, or break a line. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c));
    return clean.toString();
  }
}
