package dev.tidemark.bench;

/** Why there is no result: one line, with what to do. */
final class BenchException extends RuntimeException {

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
