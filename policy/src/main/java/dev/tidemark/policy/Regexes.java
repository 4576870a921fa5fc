package dev.tidemark.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;

/** Regexes that are matched in linear time (RE2), and whose size is bounded: one can't stop a run. */
final class Regexes {

    /** Instructions of a compiled regex. A name has 128 letters, and nobody means more than some for each. */
    private static final int MAX_SIZE = 5_000;

    private static final java.util.regex.Pattern COUNT =
            java.util.regex.Pattern.compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?}");

    private Regexes() {}

    /**
     * Compiles a regex.
     *
     * @throws IllegalArgumentException if it is none, or too large; the message says why
     */
    static Pattern compile(String regex) {
        require(!regex.contains("\\Q"), "\\Q is not supported: escape each letter");
        require(size(regex) <= MAX_SIZE, "it repeats too much to be matched fast");
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    e.getPattern() == null ? e.getDescription() : e.getDescription() + ": " + e.getPattern(), e);
        }
    }

    private static void require(boolean so, String otherwise) {
        if (!so) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** About how large a regex gets when it is compiled, known before it takes that much memory. */
    private static double size(String regex) {
        Deque<Double> outer = new ArrayDeque<>();
        double size = 0;
        double last = 0;
        Matcher count = COUNT.matcher(regex);
        for (int at = 0; at < regex.length(); at++) {
            char c = regex.charAt(at);
            if (c == '(') {
                outer.push(size);
                size = 0;
            } else if (c == ')' && !outer.isEmpty()) {
                last = size + 2;
                size = outer.pop() + last;
            } else if (c == '{' && count.region(at, regex.length()).lookingAt()) {
                String most = count.group(2) == null || count.group(2).isEmpty() ? count.group(1) : count.group(2);
                size += last * Integer.parseInt(most);
                at = count.end() - 1;
            } else {
                at = c == '\\' ? at + 1 : c == '[' ? endOfClass(regex, at) : at;
                last = 1;
                size++;
            }
        }
        return outer.stream().mapToDouble(Double::doubleValue).sum() + size;
    }

    private static int endOfClass(String regex, int start) {
        int at = start + (regex.startsWith("[^", start) ? 2 : 1);
        at = regex.startsWith("]", at) ? at + 1 : at;
        while (at < regex.length() && regex.charAt(at) != ']') {
            at += regex.charAt(at) == '\\'
                    ? 2
                    : regex.startsWith("[:", at) ? Math.max(1, regex.indexOf(":]", at) + 2 - at) : 1;
        }
        return at;
    }
}
