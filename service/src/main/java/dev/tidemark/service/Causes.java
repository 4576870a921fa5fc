package dev.tidemark.service;

/** All that a stack of causes says, in one line: what is wrong Kafka's clients often say last. */
public final class Causes {

  private Causes() {}

  public static String of(Throwable failure) {
    var line = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      if (line.indexOf(message) < 0) {
        line.append(line.isEmpty() ? "" : ": ").append(message);
      }
    }
    return line.toString();
  }
}
