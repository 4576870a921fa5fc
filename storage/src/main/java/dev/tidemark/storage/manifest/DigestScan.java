package dev.tidemark.storage.manifest;

import dev.tidemark.schemas.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds every digest in a stream of bytes that is fed to it piece by piece. */
final class DigestScan {

    private static final Pattern DIGEST = Pattern.compile(Stream.of(Digest.Algorithm.values())
            .map(algorithm -> algorithm.prefix() + ":[0-9a-fA-F]{" + algorithm.hexLength() + "}")
            .collect(Collectors.joining("|")));

    /** No digest is longer. */
    private static final int OVERLAP = 160;

    private final Set<Digest> found = new TreeSet<>();
    private byte[] rest = {};

    /** Takes the next piece. */
    void feed(byte[] bytes, int length) {
        byte[] piece = Arrays.copyOf(rest, rest.length + length);
        System.arraycopy(bytes, 0, piece, rest.length, length);
        Matcher matcher = DIGEST.matcher(new String(piece, StandardCharsets.ISO_8859_1));
        for (int from = 0; matcher.find(from); from = matcher.start() + 1) {
            Digest.tryParse(matcher.group().toLowerCase(java.util.Locale.ROOT)).ifPresent(found::add);
        }
        rest = Arrays.copyOfRange(piece, Math.max(0, piece.length - OVERLAP), piece.length);
    }

    Set<Digest> found() {
        return found;
    }
}
