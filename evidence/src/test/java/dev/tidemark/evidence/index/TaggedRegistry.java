package dev.tidemark.evidence.index;

import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.Pins;
import dev.tidemark.enumerator.pin.RepositoryFacts;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.TagsRecord.Past;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.Tally;
import dev.tidemark.testkit.Held;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A registry with the tags of its repositories, and what the real enumerator makes of them by the run's policy. */
final class TaggedRegistry {

    private final RunRecord.Requested request;
    private final boolean rich;
    private final List<Hold> holds;
    private final Random random;
    private final LastPulls pulls;
    private final List<Held<?>> held = new ArrayList<>();
    private final Map<String, List<Tag>> tags = new TreeMap<>();
    private final Map<String, Long> staying = new TreeMap<>();

    /**
     * @param rich whether there are some more tags than a registry without a policy has, each with what it has named
     * @param holds that count
     */
    TaggedRegistry(List<Held<?>> registry, RunRecord.Requested request, boolean rich, List<Hold> holds, Random random) {
        this.request = request;
        this.rich = rich;
        this.holds = holds;
        this.random = random;
        Map<String, List<Manifest>> manifests = new TreeMap<>();
        for (Held<?> one : registry) {
            if (one.entry() instanceof Manifest manifest) {
                manifests
                        .computeIfAbsent(one.repository(), name -> new ArrayList<>())
                        .add(manifest);
            } else {
                held.add(one);
            }
        }
        pulls = pulls(registry, new Random(registry.size() + request.at()), request.at());
        manifests.forEach(this::decide);
    }

    /** From when on every pull is known, in ms since the epoch; null if nobody collects them. */
    Long pullsSince() {
        return pulls.since();
    }

    private static LastPulls pulls(List<Held<?>> registry, Random random, long now) {
        if (random.nextInt(4) == 0) {
            return LastPulls.NONE;
        }
        var pulls = new LastPulls.Builder();
        for (Held<?> one : registry) {
            if (random.nextInt(3) == 0) {
                pulls.add(one.repository() + "@" + one.digest(), OptionalLong.of((long) (random.nextDouble() * now)));
            }
        }
        return pulls.build((long) (random.nextDouble() * now));
    }

    /**
     * A policy whose limits lie among the ages of a random registry.
     *
     * @param now from which it counts, in ms since the epoch
     */
    static PolicyText policy(Random random, long now) {
        String middling = now / 1000 + "s";
        return PolicyText.of("""
            hold:
              - repositories: ["**"]
                tags: ["tag0*", "*-stable"]
            policies:
              - name: apps
                repositories: ["app"]
                tags:
                  - match: ["/(tag|build)-?([0-7]).*/"]
                    groupBy: 1
                    keepAny: { newest: %d, pushedWithin: %s }
                  - match: ["build*"]
                    keepAll: { newest: 2, pushedWithin: %s, pulledWithin: %s }
                otherTags: %s
                untagged: { %sdeleteAfter: %s }
                referrers: { orphanedAfter: %s }
              - name: tools
                repositories: ["team/**"]
                tags: [{ match: ["*"], keep: none }]
            """.formatted(
                        1 + random.nextInt(2),
                        random.nextBoolean() ? middling : "1h",
                        middling,
                        middling,
                        random.nextBoolean() ? "keep" : "delete",
                        random.nextBoolean() ? "keepPrevious: 1, " : "",
                        middling,
                        middling));
    }

    private void decide(String repository, List<Manifest> manifests) {
        Map<Digest, List<String>> current = new HashMap<>();
        Map<Digest, List<String>> history = new HashMap<>();
        List<Tag> readable = new ArrayList<>();
        for (Manifest manifest : manifests) {
            manifest.history().forEach(name -> add(history, manifest.digest(), name));
            for (String name : names(manifest)) {
                add(current, manifest.digest(), name);
                readable.add(tag(name, manifest.digest(), manifests, history));
            }
        }
        if (random.nextInt(3) == 0) {
            readable.add(
                    new Tag("dangling", RandomRegistry.digest("nowhere"), time(), null, List.of(), null, null, null));
        }
        List<Revision> revisions =
                manifests.stream().map(TaggedRegistry::revision).toList();
        var facts = new RepositoryFacts(
                repository,
                true,
                false,
                new TagFacts(readable.size(), current, history, readable, Set.of(), false),
                revisions,
                false,
                List.of(),
                List.of(),
                RunPolicy.of(request).asksForSubjects(repository) ? subjects(readable, manifests) : Map.of(),
                Tally.NONE,
                Tally.NONE);
        Map<Digest, Hold> anywhere = request.policy() == null ? Map.of() : new Holds(holds).anywhere();
        Pins pins = Pins.of(facts, holds, RunPolicy.of(request).with(pulls, anywhere), null);
        tags.put(repository, pins.tags());
        staying.put(repository, pins.staying());
        for (int i = 0; i < manifests.size(); i++) {
            held.add(new Held<>(repository, with(manifests.get(i), pins.manifest(revisions.get(i)))));
        }
    }

    private Map<Digest, Subject> subjects(List<Tag> tags, List<Manifest> manifests) {
        Map<Digest, Subject> subjects = new HashMap<>();
        for (Tag tag : tags) {
            long gone = RandomRegistry.age(new Random(tag.name().hashCode()));
            ReferrersTag.subject(tag.name())
                    .ifPresent(digest -> subjects.put(
                            digest,
                            manifests.stream().map(Manifest::digest).anyMatch(digest::equals)
                                    ? new Subject(null, "the repository has what it refers to")
                                    : new Subject(gone, "a run has seen here what it refers to")));
        }
        return subjects;
    }

    /** Those that it has, and some more. */
    private Set<String> names(Manifest manifest) {
        Set<String> names = new HashSet<>(manifest.tags());
        if (rich) {
            for (int more = random.nextInt(3); more > 0; more--) {
                names.add("build-" + random.nextInt(10)
                        + manifest.digest().hex().substring(0, 6) + (random.nextInt(8) == 0 ? "-stable" : ""));
            }
        }
        if (rich && random.nextInt(4) == 0) {
            Digest subject =
                    random.nextBoolean() ? manifest.digest() : RandomRegistry.digest("subject of " + manifest.digest());
            // That of a longer digest is no valid name.
            if (subject.algorithm() == Digest.Algorithm.SHA256) {
                names.add(subject.toString().replace(':', '-'));
            }
        }
        return names;
    }

    private Tag tag(String name, Digest digest, List<Manifest> manifests, Map<Digest, List<String>> history) {
        List<Past> past = new ArrayList<>();
        if (rich) {
            past.add(new Past(digest, time()));
            Manifest other = manifests.get(random.nextInt(manifests.size()));
            if (!other.digest().equals(digest)) {
                past.add(new Past(other.digest(), time()));
            }
        }
        if (!request.deletesManifests()) {
            past.clear();
        }
        for (Past each : past) {
            add(history, each.digest(), name);
        }
        return new Tag(name, digest, time(), null, past, null, null, null);
    }

    private static void add(Map<Digest, List<String>> names, Digest of, String name) {
        names.computeIfAbsent(of, digest -> new ArrayList<>()).add(name);
    }

    private static Revision revision(Manifest manifest) {
        Content content = manifest.dangling()
                ? new Content.Missing()
                : manifest.pinned() != null
                        ? new Content.Doubtful(
                                manifest.size(),
                                manifest.mediaType(),
                                manifest.pinned(),
                                Set.copyOf(manifest.optionalReferences()))
                        : new Content.Understood(
                                manifest.size(),
                                manifest.mediaType(),
                                manifest.references(),
                                manifest.sizes(),
                                manifest.optionalReferences(),
                                manifest.subject(),
                                List.of());
        return new Revision(manifest.digest(), manifest.modified(), false, new Revision.Link.Own(), content);
    }

    /** What the registry says of it, and what follows from the tags. */
    private static Manifest with(Manifest manifest, Manifest decided) {
        return new Manifest(
                manifest.digest(),
                manifest.mediaType(),
                manifest.size(),
                manifest.modified(),
                decided.tags(),
                decided.going(),
                decided.history(),
                manifest.references(),
                manifest.sizes(),
                manifest.optionalReferences(),
                manifest.subject(),
                PolicyText.isKept(decided.pinned()) ? decided.pinned() : manifest.pinned(),
                decided.letGo(),
                manifest.dangling());
    }

    private long time() {
        return RandomRegistry.age(random);
    }

    /** How many tags stay that name an image. */
    long staying(String repository) {
        return staying.getOrDefault(repository, 0L);
    }

    /** All that it holds. */
    List<Held<?>> held() {
        return List.copyOf(held);
    }

    /** The tags of a repository, with the policy's word on each. */
    List<Tag> tags(String repository) {
        return tags.getOrDefault(repository, List.of());
    }
}
