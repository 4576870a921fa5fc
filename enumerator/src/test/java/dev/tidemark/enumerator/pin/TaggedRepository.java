package dev.tidemark.enumerator.pin;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A repository with tags, and what a policy says of them. */
abstract class TaggedRepository {

    static final long NOW = Duration.ofDays(1_000).toMillis();
    private static final long CUTOFF = NOW - Duration.ofHours(1).toMillis();

    final Map<String, Content> contents = new HashMap<>();
    final Map<String, Long> pushed = new HashMap<>();
    final List<Tag> tags = new ArrayList<>();
    final List<Hold> holds = new ArrayList<>();
    final Map<Digest, Subject> subjects = new HashMap<>();
    boolean validName = true;

    static Content index(String subject, String... images) {
        return new Content.Understood(
                1,
                "index",
                Stream.of(images).map(TestFacts::digest).toList(),
                Sizes.NONE,
                List.of(),
                subject == null ? null : TestFacts.digest(subject),
                List.of());
    }

    void tag(String name, String digest, int days) {
        contents.put(digest, TestFacts.UNDERSTOOD);
        tags.add(tag(name, digest, ago(days)));
    }

    static Tag tag(String name, String digest, long pushed) {
        return new Tag(name, TestFacts.digest(digest), pushed, null, List.of(), null, null, null);
    }

    static long ago(int days) {
        return NOW - Duration.ofDays(days).toMillis();
    }

    Pins pins(String policy) {
        return pins(policy, LastPulls.NONE);
    }

    Pins pins(String policy, LastPulls pulls) {
        return Pins.of(
                facts(),
                holds,
                new RunPolicy(
                        Optional.of(Policy.parse(policy)),
                        NOW,
                        new Options(CUTOFF, false, false),
                        pulls,
                        new Holds(holds).anywhere()),
                null);
    }

    RepositoryFacts facts() {
        Map<Digest, List<String>> current = new HashMap<>();
        tags.forEach(tag -> current.computeIfAbsent(tag.digest(), digest -> new ArrayList<>())
                .add(tag.name()));
        var of = new TagFacts(tags.size(), current, Map.of(), tags, Set.of(), false);
        List<Revision> revisions =
                contents.keySet().stream().map(this::revision).toList();
        return new RepositoryFacts(
                "app", validName, false, of, revisions, false, List.of(), List.of(), subjects, Tally.NONE, Tally.NONE);
    }

    private Revision revision(String name) {
        return new Revision(
                TestFacts.digest(name), pushed.getOrDefault(name, 0L), false, new Link.Own(), contents.get(name));
    }

    Manifest manifest(Pins pins, String name) {
        return pins.manifest(revision(name));
    }

    static List<String> going(Pins pins) {
        return pins.tags().stream().filter(Tag::goes).map(Tag::name).toList();
    }
}
