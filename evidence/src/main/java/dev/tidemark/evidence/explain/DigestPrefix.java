package dev.tidemark.evidence.explain;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Digest.Algorithm;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The beginning of a digest, or the whole of it.
 *
 * @param algorithm empty if it wasn't said
 * @param hex lower-case, {@value #LEAST} digits or more
 */
record DigestPrefix(Optional<Algorithm> algorithm, String hex) {

    /** Less is more likely a word than a digest. */
    static final int LEAST = 6;

    private static final Pattern SHAPE =
            Pattern.compile("(?:(sha256|sha384|sha512):)?([0-9a-fA-F]{" + LEAST + ",128})");

    /** Reads {@code sha256:0123ab…}, or the hex digits alone. */
    static Optional<DigestPrefix> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var prefix = new DigestPrefix(
                Optional.ofNullable(matcher.group(1)).flatMap(Algorithm::named),
                matcher.group(2).toLowerCase(Locale.ROOT));
        return prefix.algorithms().findAny().map(any -> prefix);
    }

    /** Whether nothing is missing. */
    boolean whole() {
        return algorithm.filter(known -> known.hexLength() == hex.length()).isPresent();
    }

    boolean matches(Digest digest) {
        return digest.hex().startsWith(hex)
                && algorithm.filter(known -> known != digest.algorithm()).isEmpty();
    }

    /** The beginnings, with an algorithm each, that the text of a digest may have. */
    List<String> beginnings() {
        return algorithms().map(known -> known.prefix() + ":" + hex).toList();
    }

    private Stream<Algorithm> algorithms() {
        return algorithm
                .map(Stream::of)
                .orElseGet(() -> Stream.of(Algorithm.values()))
                .filter(known -> hex.length() <= known.hexLength());
    }

    @Override
    public String toString() {
        return algorithm.map(known -> known.prefix() + ":").orElse("") + hex;
    }
}
