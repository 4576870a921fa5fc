package dev.tidemark.schemas;

import com.google.re2j.Pattern;
import dev.tidemark.schemas.text.Glob;

/**
 * A pattern of repository names, such as {@code team/*}: a star stands for any characters of one path component, two
 * stars for any number of components, also for none at the beginning. A question mark is one character, and
 * {@code {a,b}} is either.
 */
public final class RepositoryGlob {

    private final String text;
    private final Pattern pattern;

    private RepositoryGlob(String text) {
        this.text = text;
        // Two stars are any number of components, also none, and so no slash after them.
        pattern = Glob.regex(text.replace("**/", "{**/,}"));
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    public static RepositoryGlob of(String text) {
        if (text.isBlank() || text.startsWith("/") || text.endsWith("/")) {
            throw new IllegalArgumentException("a repository has no slash at its beginning or end, and some name");
        }
        return new RepositoryGlob(text);
    }

    /** Whether a repository of that name is meant. */
    public boolean matches(String repository) {
        return pattern.matches(repository);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RepositoryGlob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
