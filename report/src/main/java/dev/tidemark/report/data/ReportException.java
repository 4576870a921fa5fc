package dev.tidemark.report.data;

/** A report can't be made. The message is one line. */
public final class ReportException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ReportException(String message, Throwable cause) {
        super(message, cause);
    }
}
