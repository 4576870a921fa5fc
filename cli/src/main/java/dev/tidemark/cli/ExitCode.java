package dev.tidemark.cli;

/** What the process's exit code means. */
final class ExitCode {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int WAITING = 3;
  static final int UNPROVABLE = 4;

  private ExitCode() {}
}
