package dev.tidemark.sweeper.cache;

/** A registry's cache does not do what it is asked. The message is one line: which, why, and what to do. */
public final class CacheException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CacheException(String message, Throwable cause) {
        super(message.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?"), cause);
    }
}
