package dev.tidemark.schemas;

import dev.tidemark.schemas.Digest.Algorithm;
import java.util.Optional;
import java.util.Set;

/**
 * Names of the tags by which clients find the referrers of a digest: OCI's, which has no more than 64 digits of the
 * digest, and cosign's.
 */
public final class ReferrersTag {

    private static final Set<String> SUFFIXES = Set.of("", ".sig", ".att", ".sbom");

    private ReferrersTag() {}

    /** @param hex of the digest, or its first 64 digits */
    private record Name(Algorithm algorithm, String hex) {}

    /** Whether a tag of this name is one. */
    public static boolean is(String tag) {
        return parse(tag).isPresent();
    }

    /** The digest whose referrers the tag has; empty if it is no such tag, or has not all of the digest. */
    public static Optional<Digest> subject(String tag) {
        return parse(tag).flatMap(name -> name.algorithm().ofHex(name.hex()));
    }

    private static Optional<Name> parse(String tag) {
        int dash = tag.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        int dot = tag.indexOf('.', dash);
        int end = dot < 0 ? tag.length() : dot;
        String hex = tag.substring(dash + 1, end);
        return SUFFIXES.contains(tag.substring(end))
                ? Algorithm.named(tag.substring(0, dash))
                        .filter(named -> named.ofHex(hex)
                                .or(() -> Algorithm.SHA256.ofHex(hex))
                                .isPresent())
                        .map(named -> new Name(named, hex))
                : Optional.empty();
    }
}
