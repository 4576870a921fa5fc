package dev.tidemark.enumerator.pin;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When the tags of a repository were last pulled. A client may ask for the tag, or for the digest that it names, or for
 * one image of an index: each of these is a pull of each tag that leads there.
 */
final class TagPulls {

    private final String repository;
    private final LastPulls pulls;
    private final long now;

    /** By manifest, the manifests among what it references. */
    private final Map<Digest, List<Digest>> references = new HashMap<>();

    TagPulls(RepositoryFacts facts, RunPolicy runPolicy) {
        repository = facts.name();
        pulls = runPolicy.pulls();
        now = runPolicy.now();
        if (pulls.since() != null) {
            for (Revision revision : facts.revisions()) {
                references.put(revision.digest(), List.of());
            }
            for (Revision revision : facts.revisions()) {
                if (revision.content() instanceof Content.Understood content) {
                    references.put(
                            revision.digest(),
                            content.references().stream()
                                    .filter(references::containsKey)
                                    .toList());
                }
            }
        }
    }

    /** When a tag was last pulled, in ms since the epoch; null if that is not known. It is never in the future. */
    Long of(Tag tag) {
        if (pulls.since() == null) {
            return null;
        }
        OptionalLong last = Stream.concat(
                        Stream.of(PullRecord.key(repository, tag.name())),
                        under(tag.digest()).stream().map(digest -> PullRecord.key(repository, digest)))
                .map(pulls::of)
                .flatMapToLong(OptionalLong::stream)
                .max();
        return last.isEmpty() ? null : Long.valueOf(Math.min(last.getAsLong(), now));
    }

    /** A manifest, and those that it leads to. */
    private Collection<Digest> under(Digest digest) {
        Set<Digest> all = new HashSet<>(Set.of(digest));
        Deque<Digest> pending = new ArrayDeque<>(all);
        while (!pending.isEmpty()) {
            references.getOrDefault(pending.pop(), List.of()).stream()
                    .filter(all::add)
                    .forEach(pending::add);
        }
        return all;
    }
}
