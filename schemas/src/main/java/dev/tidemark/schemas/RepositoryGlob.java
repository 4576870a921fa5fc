package dev.tidemark.schemas;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of repository names, such as {@code team/*}: a star stands for any characters of one path component, two
 * stars for any number of components, also for none at the beginning. A question mark is one character, and
 * {@code {a,b}} is either.
 */
public final class RepositoryGlob {

    private final String text;
    private final PathMatcher matcher;

    private RepositoryGlob(String text) {
        this.text = text;
        // A library's glob wants a slash before what follows two stars.
        matcher = FileSystems.getDefault().getPathMatcher("glob:" + text.replace("**/", "{**/,}"));
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
        try {
            return new RepositoryGlob(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
    }

    /** Whether a repository of that name is meant. */
    public boolean matches(String repository) {
        try {
            return matcher.matches(Path.of(repository));
        } catch (InvalidPathException e) {
            return repository.equals(text);
        }
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
