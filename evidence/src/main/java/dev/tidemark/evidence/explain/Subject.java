package dev.tidemark.evidence.explain;

import dev.tidemark.storage.layout.EntryDirectory;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.objects.PartedObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The digest, tag or leftover that a user asks about: a text that was typed, and what it can mean. */
sealed interface Subject {

    /** A digest, wherever it is. */
    record ByDigest(DigestPrefix digest) implements Subject {
        @Override
        public String toString() {
            return digest.toString();
        }
    }

    /** A digest in one repository. */
    record InRepository(String repository, DigestPrefix digest) implements Subject {
        @Override
        public String toString() {
            return repository + "@" + digest;
        }
    }

    /** A tag. */
    record ByTag(String repository, String tag) implements Subject {
        @Override
        public String toString() {
            return repository + ":" + tag;
        }
    }

    /** A leftover, by its path in the storage, which begins with its repository's name, if it is in one. */
    record ByPath(String path) implements Subject {

        /** The digest that its records have. */
        DigestPrefix digest() {
            boolean inNone = EntryDirectory.of(null, path).isPresent()
                    || PartedObject.of(null, path).isPresent();
            return DigestPrefix.parse(Layout.leftoverDigest(inNone ? null : path, inNone ? path : null)
                            .toString())
                    .orElseThrow();
        }

        @Override
        public String toString() {
            return "the leftover " + path;
        }
    }

    /**
     * All that it can mean. Names in a storage can hold anything, and clients put the registry's host before them, so
     * what is really there has to tell.
     *
     * @param asTyped if one of these is there, it is meant
     * @param withoutHost else one of these is
     */
    record Readings(List<Subject> asTyped, List<Subject> withoutHost) {

        List<Subject> all() {
            var all = new ArrayList<>(asTyped);
            all.addAll(withoutHost);
            return all;
        }
    }

    static Readings of(String text) {
        return new Readings(
                List.copyOf(readings(text)),
                host(text).map(rest -> List.copyOf(readings(rest))).orElse(List.of()));
    }

    private static Set<Subject> readings(String text) {
        Set<Subject> readings = new LinkedHashSet<>();
        Optional<DigestPrefix> digest = DigestPrefix.parse(text);
        digest.ifPresent(prefix -> readings.add(new ByDigest(prefix)));
        if (digest.filter(DigestPrefix::whole).isPresent()) {
            return readings;
        }
        int at = text.lastIndexOf('@');
        if (at > 0) {
            DigestPrefix.parse(text.substring(at + 1)).ifPresent(prefix -> {
                readings.add(new InRepository(text.substring(0, at), prefix));
                // As docker writes it, with the tag that the digest was found by.
                untagged(text.substring(0, at))
                        .ifPresent(repository -> readings.add(new InRepository(repository, prefix)));
            });
        }
        untagged(text)
                .ifPresent(repository -> readings.add(new ByTag(repository, text.substring(repository.length() + 1))));
        if (!text.isEmpty()) {
            if (text.indexOf(':') < 0 && at < 0) {
                readings.add(new ByPath(text));
            }
            readings.add(new ByTag(text, "latest"));
        }
        return readings;
    }

    /** The text before the colon of a tag. A colon before a slash is that of a port. */
    private static Optional<String> untagged(String text) {
        int colon = text.lastIndexOf(':');
        boolean tagged = colon > 0 && colon < text.length() - 1 && colon > text.lastIndexOf('/');
        return tagged ? Optional.of(text.substring(0, colon)) : Optional.empty();
    }

    /** The text after the first slash, if the text before it looks like a host. */
    private static Optional<String> host(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0) {
            return Optional.empty();
        }
        String first = text.substring(0, slash);
        boolean host = first.equals("localhost") || first.indexOf('.') >= 0 || first.indexOf(':') >= 0;
        return host ? Optional.of(text.substring(slash + 1)).filter(rest -> !rest.isEmpty()) : Optional.empty();
    }
}
