package dev.tidemark.policy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.tidemark.schemas.RepositoryGlob;
import dev.tidemark.schemas.text.Glob;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** A pattern of names, of which a whole one has to match: a glob, or a regex between slashes. */
final class NamePattern {

    private static final String SLASH = "/";
    private static final Set<String> ANY_REPOSITORY = Set.of("**");
    private static final Set<String> ANY_TAG = Set.of("*", "**", "/.*/", "/.+/");
    private static final Pattern TAG_GLOB = Pattern.compile("(?:[\\w.*?\\[\\]{},!\\\\-]|\\[\\^)+");

    private final String text;
    private final Pattern regex;
    private final Predicate<String> matches;
    private final boolean anything;

    private NamePattern(String text, Pattern regex, Predicate<String> matches, Set<String> anything) {
        this.text = text;
        this.regex = regex;
        this.matches = matches;
        this.anything = anything.contains(text);
    }

    /**
     * Reads a pattern of repositories.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static NamePattern ofRepositories(String text) {
        RepositoryGlob glob = RepositoryGlob.of(text);
        return new NamePattern(text, null, glob::matches, ANY_REPOSITORY);
    }

    /**
     * Reads a pattern of tags.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static NamePattern ofTags(String text) {
        if (text.startsWith(SLASH)) {
            if (text.length() < 3 || !text.endsWith(SLASH)) {
                throw new IllegalArgumentException("a regex ends with a slash, as it begins");
            }
            Pattern regex = Regexes.compile(text.substring(1, text.length() - 1));
            return new NamePattern(text, regex, regex::matches, ANY_TAG);
        }
        if (!TAG_GLOB.matches(text)) {
            throw new IllegalArgumentException("no tag has such a name: letters, digits, '_', '.' and '-' are in one");
        }
        Pattern glob = Glob.regex(text);
        // Most names are told apart by their beginning, much faster than by a regex.
        String start = text.split("[*?\\[{\\\\]", 2)[0];
        return new NamePattern(text, null, name -> name.startsWith(start) && glob.matches(name), ANY_TAG);
    }

    /**
     * Reads a pattern of either.
     *
     * @throws InvalidPolicyException if it is none
     */
    static NamePattern read(String text, Function<String, NamePattern> how) {
        try {
            return how.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidPolicyException(List.of("'%s' is no pattern: %s".formatted(text, e.getMessage())));
        }
    }

    String text() {
        return text;
    }

    boolean matches(String name) {
        return matches.test(name);
    }

    /** How many capture groups it has. */
    int groups() {
        return regex == null ? 0 : regex.groupCount();
    }

    /** The text of a capture group in a name that matches; empty if the group has no part in the match. */
    Optional<String> group(String name, int group) {
        Matcher matcher = regex.matcher(name);
        return matcher.matches() ? Optional.ofNullable(matcher.group(group)) : Optional.empty();
    }

    /** Whether it can be seen that every name of another pattern matches this one. */
    boolean covers(NamePattern other) {
        if (anything || text.equals(other.text)) {
            return true;
        }
        if (!isPlain() || !other.isPlain()) {
            return false;
        }
        // A star's text is matched by a star only. Two stand for one component, or for several.
        return matches(other.text.replace("**", "*")) && matches(other.text.replace("**", "*/*"));
    }

    /** Whether it is of letters and stars alone. */
    private boolean isPlain() {
        return regex == null && text.chars().noneMatch(c -> "?[]{}\\".indexOf(c) >= 0);
    }
}
