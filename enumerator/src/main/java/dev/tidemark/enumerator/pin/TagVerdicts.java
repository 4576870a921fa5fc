package dev.tidemark.enumerator.pin;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.policy.RepositoryVerdict;
import dev.tidemark.policy.TagVerdict;
import dev.tidemark.policy.Untagged;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Going;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which tags of a repository go by the run's policy, and what becomes of manifests that no tag names. A hold
 * wins over the policy, and so does anything that can't be read or was pushed just now.
 */
final class TagVerdicts {

    private final Optional<RepositoryVerdict> verdict;
    private final List<Tag> tags;
    private final Map<Digest, List<Going>> going = new HashMap<>();
    /** The manifests that a tag names which stays. */
    private final Set<Digest> named = new HashSet<>();

    /** The manifests that are there, understood or not. */
    private final Set<Digest> there;

    private final Set<Digest> letGo;

    private TagVerdicts(RepositoryFacts facts, Optional<RepositoryVerdict> verdict, List<Tag> tags) {
        this.verdict = verdict;
        this.tags = tags;
        there = facts.revisions().stream()
                .filter(revision -> !revision.dangling())
                .map(Revision::digest)
                .collect(Collectors.toSet());
        for (Tag tag : tags) {
            if (tag.goes()) {
                going.computeIfAbsent(tag.digest(), digest -> new ArrayList<>())
                        .add(new Going(tag.name(), tag.pushed()));
            } else {
                named.add(tag.digest());
            }
        }
        letGo = letGo(facts);
    }

    /** The manifests that go, with the images of an index that goes and what refers to one of them. */
    private Set<Digest> letGo(RepositoryFacts facts) {
        Set<Digest> all = new HashSet<>();
        Set<Digest> undecided = new HashSet<>();
        for (Revision revision : verdict.isEmpty() ? List.<Revision>of() : facts.revisions()) {
            switch (untagged(revision)) {
                case Untagged.Goes goes -> all.add(revision.digest());
                case Untagged.Kept kept -> {
                    // It stays.
                }
                case Untagged.Undecided notYet -> {
                    if (!named(revision)) {
                        undecided.add(revision.digest());
                    }
                }
            }
        }
        Map<Digest, List<Digest>> takes = all.isEmpty() ? Map.of() : takes(facts);
        Deque<Digest> pending = new ArrayDeque<>(all);
        while (!pending.isEmpty()) {
            takes.getOrDefault(pending.pop(), List.of()).stream()
                    .filter(undecided::contains)
                    .filter(all::add)
                    .forEach(pending::add);
        }
        return all;
    }

    /** By manifest, what it references, and what refers to it. */
    private static Map<Digest, List<Digest>> takes(RepositoryFacts facts) {
        Map<Digest, List<Digest>> takes = new HashMap<>();
        for (Revision revision : facts.revisions()) {
            if (revision.content() instanceof Content.Understood content) {
                takes.computeIfAbsent(revision.digest(), digest -> new ArrayList<>())
                        .addAll(content.references());
                if (content.subject() != null) {
                    takes.computeIfAbsent(content.subject(), digest -> new ArrayList<>())
                            .add(revision.digest());
                }
            }
        }
        return takes;
    }

    /**
     * The verdicts on a repository's tags.
     *
     * @param everything why all of the repository is kept, or null
     */
    static TagVerdicts of(RepositoryFacts facts, RunPolicy runPolicy, HoldReasons held, String everything) {
        Set<Digest> understood = understood(facts);
        var pulls = new TagPulls(facts, runPolicy);
        List<Tag> tags = facts.tags().readable().stream()
                .map(tag -> tag.with(
                        pulls.of(tag),
                        held(tag, runPolicy, held, everything, understood),
                        subject(tag, facts.subjects()),
                        null))
                .sorted(Comparator.comparing(Tag::name))
                .toList();
        if (runPolicy.policy().isEmpty()) {
            return new TagVerdicts(facts, Optional.empty(), tags);
        }
        RepositoryVerdict verdict = runPolicy
                .policy()
                .get()
                .decide(
                        facts.name(),
                        tags.stream().map(dev.tidemark.policy.Tag::of).toList(),
                        runPolicy.now(),
                        runPolicy.pulls().since());
        List<Tag> decided = new ArrayList<>();
        for (int i = 0; i < tags.size(); i++) {
            TagVerdict word = verdict.tags().get(i);
            Tag tag = tags.get(i);
            decided.add(tag.with(tag.pulled(), tag.held(), tag.subject(), word.recorded(verdict.policy())));
        }
        return new TagVerdicts(facts, everything != null ? Optional.empty() : Optional.of(verdict), decided);
    }

    private static Set<Digest> understood(RepositoryFacts facts) {
        Set<Digest> digests = new HashSet<>();
        for (Revision revision : facts.revisions()) {
            if (revision.content() instanceof Content.Understood && revision.link() instanceof Link.Own) {
                digests.add(revision.digest());
            }
        }
        return digests;
    }

    /** Why a tag stays whatever a policy says, or null. */
    private static String held(
            Tag tag, RunPolicy runPolicy, HoldReasons held, String everything, Set<Digest> understood) {
        String hold = held.whyTag(tag.digest());
        if (hold != null) {
            return hold;
        }
        if (everything != null) {
            return everything;
        }
        if (!understood.contains(tag.digest())) {
            return "what it names is not there, or can't be understood";
        }
        if (tag.held() != null) {
            return tag.held();
        }
        Optional<String> subject = ReferrersTag.subject(tag.name()).map(held::whyTag);
        if (subject.isPresent()) {
            return "what it refers to is " + subject.get();
        }
        return runPolicy.young(tag.pushed()) ? "it was pushed just now" : null;
    }

    private static Subject subject(Tag tag, Map<Digest, Subject> subjects) {
        return subjects.isEmpty()
                ? null
                : ReferrersTag.subject(tag.name()).map(subjects::get).orElse(null);
    }

    /** The tags with the verdicts, by name; without, if there is no policy. */
    List<Tag> tags() {
        return tags;
    }

    /** How many tags go. */
    long goingTags() {
        return going.values().stream().mapToLong(List::size).sum();
    }

    /** How many of those are tags of referrers. */
    long orphans() {
        return tags.stream()
                .filter(tag -> tag.goes() && ReferrersTag.is(tag.name()))
                .count();
    }

    /** How many other tags name an image that is there, those of referrers left out. */
    long stayingTags() {
        return tags.stream()
                .filter(tag -> !tag.goes() && there.contains(tag.digest()) && !ReferrersTag.is(tag.name()))
                .count();
    }

    /** The tags that name a manifest and go. */
    List<Going> going(Digest digest) {
        return going.getOrDefault(digest, List.of());
    }

    /** Why the policy keeps a manifest that no tag names which stays, as a pin; or null. */
    String pin(Revision revision) {
        return untagged(revision) instanceof Untagged.Kept kept ? PolicyText.keeps(kept.rule(), kept.why()) : null;
    }

    /** Whether the policy lets a manifest go where no tag that stays names it. */
    boolean letsGo(Revision revision) {
        return letGo.contains(revision.digest());
    }

    private Untagged untagged(Revision revision) {
        return named(revision) || verdict.isEmpty()
                ? new Untagged.Undecided()
                : verdict.get().untagged(revision.digest(), revision.modified());
    }

    private boolean named(Revision revision) {
        return named.contains(revision.digest());
    }
}
