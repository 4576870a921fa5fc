package dev.tidemark.audit;

/** What was to be explained is not known, or could be several things. The message is for the user; only a list has more than one line. */
public final class UnknownSubjectException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnknownSubjectException(String message) {
    super(message);
  }
}
