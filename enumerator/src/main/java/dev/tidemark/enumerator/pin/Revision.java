package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Sizes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A manifest that a repository holds: its revision link, and what the storage has of the manifest itself.
 *
 * @param digest of the link's path
 * @param modified when the link was last written, in ms since the epoch; 0 if it can't be looked at
 * @param outOfRoot whether the link lies behind a symbolic link out of the storage's root
 */
public record Revision(Digest digest, long modified, boolean outOfRoot, Link link, Content content) {

    /** Whether the link names a manifest that is not there. */
    public boolean dangling() {
        return content instanceof Content.Missing && !(link instanceof Link.Other);
    }

    /** The digests that it names, whatever for. */
    public Stream<Digest> names() {
        return link instanceof Link.Other other
                ? Stream.of(
                                Stream.of(other.digest()),
                                content.names(),
                                other.content().names())
                        .flatMap(some -> some)
                : content.names();
    }

    /** The digest that a revision link names. */
    public sealed interface Link {

        /** That of its path, or none: the link vanished, and something still names the manifest. */
        record Own() implements Link {}

        /**
         * Another one than that of its path.
         *
         * @param content of the manifest that it names: that is the one which the registry serves
         */
        record Other(Digest digest, Content content) implements Link {}

        /** None that can be read. */
        record Unreadable(String why) implements Link {}
    }

    /** A manifest's bytes, as far as they are there and can be read. */
    public sealed interface Content {

        /** Bytes; 0 if they are not there, or may not be looked at. */
        default long size() {
            return 0;
        }

        /** The media type that they say, or null. */
        default String mediaType() {
            return null;
        }

        /** The digests that they name. */
        default Stream<Digest> names() {
            return Stream.empty();
        }

        /**
         * A manifest of a known type, without doubt about what it references.
         *
         * @param references config and layers, or child manifests, each once
         * @param sizes the sizes that it gives for the references
         * @param foreign layers whose blobs need not be there
         * @param subject the manifest that it refers to, or null
         * @param signatures of a schema 1 manifest: registries up to 2.5 kept them as blobs of their own. They are of
         *     the manifest that the link's path names, and of no other
         */
        record Understood(
                long size,
                String mediaType,
                List<Digest> references,
                Sizes sizes,
                List<Digest> foreign,
                Digest subject,
                List<Digest> signatures)
                implements Content {

            @Override
            public Stream<Digest> names() {
                return Stream.concat(references.stream(), foreign.stream());
            }
        }

        /**
         * Bytes that can't be understood.
         *
         * @param named every digest that occurs anywhere in them
         */
        record Doubtful(long size, String mediaType, String why, Set<Digest> named) implements Content {

            @Override
            public Stream<Digest> names() {
                return named.stream();
            }
        }

        /** Bytes that may not be read. */
        record Forbidden(long size, String why) implements Content {}

        /** No bytes: the manifest's blob is not there. */
        record Missing() implements Content {}
    }
}
