package dev.tidemark.policy;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Some globs, and others whose names are taken away. */
record Globs(List<String> some, List<String> none) {

    /** The globs that a glob with {@code {a,b}} stands for, one by one. */
    static List<String> alternatives(String glob) {
        int start = glob.indexOf('{');
        int end = glob.indexOf('}', start);
        if (start < 0 || end < 0) {
            return List.of(glob);
        }
        return Stream.of(glob.substring(start + 1, end).split(",", -1))
                .flatMap(each -> alternatives(glob.substring(0, start) + each + glob.substring(end + 1)).stream())
                .distinct()
                .toList();
    }

    /**
     * A pattern as it is read by those for whom two stars are of several components only where they are one by
     * themselves: {@code a-**} is {@code a-*}.
     */
    static String ofDoublestar(String pattern) {
        return pattern.replaceAll("(?<![/*]|^)\\*{2,}|\\*{2,}(?![/*]|$)", "*");
    }

    /** {@code a/**} as those read it for whom it is {@code a}, too. */
    static Stream<String> withItsRoot(String pattern) {
        return pattern.endsWith("/**") && pattern.length() > 3
                ? Stream.of(pattern, pattern.substring(0, pattern.length() - 3))
                : Stream.of(pattern);
    }

    Globs map(UnaryOperator<String> change) {
        return new Globs(
                some.stream().map(change).toList(), none.stream().map(change).toList());
    }

    List<String> texts() {
        return Stream.concat(some.stream(), none.stream().map("!"::concat)).toList();
    }

    /** Whether it can be seen that it has all names that another one has. */
    boolean covers(Globs other) {
        return patterns().covers(other.patterns());
    }

    /** Whether it can be seen that no name is in both. */
    boolean isApartFrom(Globs other) {
        return some.stream()
                .allMatch(a ->
                        isIn(a, other.none) || other.some.stream().allMatch(b -> isIn(b, none) || areApart(a, b)));
    }

    private static boolean isIn(String glob, List<String> others) {
        return others.stream().anyMatch(other -> pattern(other).covers(pattern(glob)));
    }

    /** Names that begin or end with different letters. */
    private static boolean areApart(String a, String b) {
        String startA = a.split("[*?\\[]", 2)[0];
        String startB = b.split("[*?\\[]", 2)[0];
        String endA = a.substring(lastWildcard(a) + 1);
        String endB = b.substring(lastWildcard(b) + 1);
        return !(startA.startsWith(startB) || startB.startsWith(startA))
                || !(endA.endsWith(endB) || endB.endsWith(endA));
    }

    private static int lastWildcard(String glob) {
        return Math.max(Math.max(glob.lastIndexOf('*'), glob.lastIndexOf('?')), glob.lastIndexOf(']'));
    }

    private NamePatterns patterns() {
        return new NamePatterns(
                some.stream().map(Globs::pattern).toList(),
                none.stream().map(Globs::pattern).toList());
    }

    /** Those with a slash are of repositories. */
    private static NamePattern pattern(String glob) {
        return NamePattern.read(glob, glob.indexOf('/') < 0 ? NamePattern::ofTags : NamePattern::ofRepositories);
    }
}
