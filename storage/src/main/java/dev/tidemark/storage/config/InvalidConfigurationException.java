package dev.tidemark.storage.config;

/**
 * A registry's configuration can't be used. The message is one line: where (file and line, key or environment
 * variable), what is wrong, and what to do.
 */
public final class InvalidConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public InvalidConfigurationException(String message) {
        super(oneLine(message));
    }

    /**
     * Messages quote the configuration, so whatever could break the line or play with a terminal becomes a {@code ?}.
     */
    static String oneLine(String message) {
        return message.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
