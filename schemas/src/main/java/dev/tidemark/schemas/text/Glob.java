package dev.tidemark.schemas.text;

import com.google.re2j.Pattern;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pattern of names as shells have it: a star stands for any characters but a slash, two stars for any characters, a
 * question mark for one that is no slash, {@code [a-z]} for one of some, {@code [!a-z]} and {@code [^a-z]} for one of
 * all others, {@code {a,b}} for either. A backslash takes the meaning from the character after it. A whole name has to
 * match.
 *
 * <p>It is matched in linear time, whatever the pattern: the JDK's own globs backtrack, so that a dozen stars take
 * years.
 */
public final class Glob {

    private static final Set<Character> MEANT_BY_REGEXES = chars("\\^$.|?*+()[]{}");
    private static final Set<Character> MEANT_IN_CLASSES = chars("\\^[]-&~");

    private final String text;
    private final StringBuilder regex = new StringBuilder();
    private int at;

    private Glob(String text) {
        this.text = text;
    }

    /**
     * The regex that matches the same names.
     *
     * @throws IllegalArgumentException if the text is no glob; the message says why
     */
    public static Pattern regex(String glob) {
        return Pattern.compile(new Glob(glob).translated(), Pattern.DOTALL);
    }

    private String translated() {
        boolean either = false;
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '*' -> regex.append(skip('*') ? ".*" : "[^/]*");
                case '?' -> regex.append("[^/]");
                case '[' -> oneOf();
                case '\\' -> literal(next("a backslash at the end"));
                case '{' -> {
                    require(!either, "braces in braces");
                    either = true;
                    regex.append("(?:");
                }
                case '}' -> {
                    regex.append(either ? ")" : "\\}");
                    either = false;
                }
                case ',' -> regex.append(either ? '|' : ',');
                default -> literal(c);
            }
        }
        require(!either, "'{' without '}'");
        return regex.toString();
    }

    private void oneOf() {
        String none = "'[' without ']'";
        regex.append(skip('!') || skip('^') ? "[^/" : "[");
        char c = next(none);
        require(c != ']', "nothing between '[' and ']'");
        for (; c != ']'; c = next(none)) {
            char from = c == '\\' ? next(none) : c;
            char to = from;
            if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                at++;
                to = next(none);
                to = to == '\\' ? next(none) : to;
            }
            require(from <= to, "'%c-%c' is no range".formatted(from, to));
            require(from != '/', "a slash between '[' and ']'");
            withoutSlash(from, to);
        }
        regex.append(']');
    }

    /** A range around a slash, or up to one, has all of it but the slash. */
    private void withoutSlash(char from, char to) {
        if (from < '/' && to >= '/') {
            range(from, '.');
            if (to > '/') {
                range('0', to);
            }
        } else {
            range(from, to);
        }
    }

    private void range(char from, char to) {
        inClass(from);
        regex.append('-');
        inClass(to);
    }

    private void inClass(char c) {
        regex.append(MEANT_IN_CLASSES.contains(c) ? "\\" : "").append(c);
    }

    private void literal(char c) {
        regex.append(MEANT_BY_REGEXES.contains(c) ? "\\" : "").append(c);
    }

    private char next(String otherwise) {
        require(at < text.length(), otherwise);
        return text.charAt(at++);
    }

    private boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private static void require(boolean so, String otherwise) {
        if (!so) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static Set<Character> chars(String text) {
        return text.chars().mapToObj(c -> (char) c).collect(Collectors.toUnmodifiableSet());
    }
}
