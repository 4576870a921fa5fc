package dev.tidemark.service.settings;

/**
 * A setting, or what it names, can't be used. The message is one line that says which, where it was found, and what to
 * write.
 */
public final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidSettingsException(String message) {
        super(message);
    }

    public InvalidSettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
