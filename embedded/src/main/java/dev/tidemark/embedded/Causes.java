package dev.tidemark.embedded;

/** The one line of a stack of causes that a person can use. */
final class Causes {

  private Causes() {
  }

  static String of(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
