package dev.tidemark.policy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A version by Semantic Versioning 2.0.0, with numbers of any length, and a "v" before it or not. Tags have no build
 * metadata, as no tag has a plus sign.
 *
 * @param numbers major, minor and patch
 * @param preRelease the identifiers after the hyphen; none if it is a release
 */
record SemanticVersion(List<BigInteger> numbers, List<String> preRelease) implements Comparable<SemanticVersion> {

    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final String IDENTIFIER = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern SHAPE =
            Pattern.compile("v?%1$s\\.%1$s\\.%1$s(?:-(%2$s(?:\\.%2$s)*))?".formatted(NUMBER, IDENTIFIER));

    private static final Comparator<String> BY_IDENTIFIER = (a, b) -> {
        boolean number = isNumber(a);
        return number != isNumber(b)
                ? Boolean.compare(isNumber(b), number)
                : number ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
    };

    /** Reads a name; empty if it is no such version. */
    static Optional<SemanticVersion> of(String name) {
        Matcher matcher = SHAPE.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SemanticVersion(
                List.of(
                        new BigInteger(matcher.group(1)),
                        new BigInteger(matcher.group(2)),
                        new BigInteger(matcher.group(3))),
                matcher.group(4) == null ? List.of() : List.of(matcher.group(4).split("\\."))));
    }

    @Override
    public int compareTo(SemanticVersion other) {
        int byNumbers = Arrays.compare(numbers.toArray(BigInteger[]::new), other.numbers.toArray(BigInteger[]::new));
        if (byNumbers != 0) {
            return byNumbers;
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
        }
        return Arrays.compare(
                preRelease.toArray(String[]::new), other.preRelease.toArray(String[]::new), BY_IDENTIFIER);
    }

    private static boolean isNumber(String identifier) {
        return identifier.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
