package dev.tidemark.schemas;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that every run keeps, with all that it leads to, because somebody wants it kept: the record of the topic
 * {@code holds}, whose key is {@link #of}.
 *
 * @param of a digest, {@code repository:tag}, {@code repository@digest}, or a pattern of repositories
 * @param digest that the tag named when the hold was made; null where that is not known, and where no tag is held
 * @param reason why, in words; null where nobody has said
 * @param by the user who holds it, in words
 * @param at when the hold was made, in ms since the epoch
 * @param until when it ends, in ms since the epoch; null for never
 */
public record Hold(String of, Digest digest, String reason, String by, long at, Long until) {

    /** The beginning of {@link #words}, by which a pin is known to come from a hold. */
    public static final String HELD = "held by ";

    public Hold {
        Fields.require(of, by);
        Subject.parse(of);
    }

    /** The subject of a hold: the digest, the tag or the repositories that it keeps. */
    public sealed interface Subject {

        /** A manifest or blob, wherever it is. */
        record OfDigest(Digest digest) implements Subject {}

        /** A manifest, or a layer link, of one repository. */
        record OfManifest(String repository, Digest digest) implements Subject {}

        /** The manifest that a tag names. */
        record OfTag(String repository, String tag) implements Subject {}

        /** Everything in some repositories. */
        record OfRepositories(RepositoryGlob glob) implements Subject {}

        /**
         * Reads what a hold is of.
         *
         * @throws IllegalArgumentException if it can't be told; the message says why
         */
        static Subject parse(String text) {
            Optional<Digest> digest = Digest.tryParse(text);
            if (digest.isPresent()) {
                return new OfDigest(digest.get());
            }
            int at = text.indexOf('@');
            if (at >= 0) {
                return new OfManifest(
                        named(text.substring(0, at)),
                        Digest.tryParse(text.substring(at + 1))
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "after the @ is no digest: write all of it, as sha256:9f86d0…")));
            }
            int colon = text.indexOf(':', text.lastIndexOf('/') + 1);
            if (colon < 0) {
                return new OfRepositories(RepositoryGlob.of(text));
            }
            String repository = named(text.substring(0, colon));
            String tag = text.substring(colon + 1);
            if (Digest.Algorithm.named(repository).isPresent()) {
                throw new IllegalArgumentException("it is no whole digest: write all of it, as sha256:9f86d0…");
            }
            if (tag.isEmpty()) {
                throw new IllegalArgumentException("after the colon is no tag");
            }
            return new OfTag(repository, tag);
        }

        private static String named(String repository) {
            if (repository.isEmpty() || repository.indexOf(':') >= 0) {
                throw new IllegalArgumentException("it names no repository, or a host before it: write team/app:v1");
            }
            return repository;
        }
    }

    /** Of holds, as they are written. */
    static Checksum checksum(List<Hold> holds) {
        try (var serde = new JsonSerde<>(Hold.class)) {
            return holds.stream()
                    .map(hold -> Checksum.of(serde.serializer().serialize(null, hold)))
                    .reduce(Checksum.NONE, Checksum::plus);
        }
    }

    public Subject subject() {
        return Subject.parse(of);
    }

    /** Whether it has ended. */
    public boolean over(long now) {
        return until != null && until <= now;
    }

    /** Whether the reason for which something is pinned is that somebody holds it. */
    public static boolean isHold(String pinned) {
        return pinned != null && pinned.startsWith(HELD);
    }

    /** Why what it is of is kept, in words. */
    public String words() {
        return HELD
                + by
                + (until == null ? "" : " until " + Instant.ofEpochMilli(until))
                + (reason == null || reason.isEmpty() ? "" : ": " + reason);
    }
}
