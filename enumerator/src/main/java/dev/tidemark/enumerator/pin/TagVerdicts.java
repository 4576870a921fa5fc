package dev.tidemark.enumerator.pin;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.policy.RepositoryVerdict;
import dev.tidemark.policy.TagVerdict;
import dev.tidemark.policy.Untagged;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Going;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.TagsRecord.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    private TagVerdicts(Optional<RepositoryVerdict> verdict, List<Tag> tags) {
        this.verdict = verdict;
        this.tags = tags;
        for (Tag tag : tags) {
            if (tag.goes()) {
                going.computeIfAbsent(tag.digest(), digest -> new ArrayList<>())
                        .add(new Going(tag.name(), tag.pushed()));
            } else {
                named.add(tag.digest());
            }
        }
    }

    /**
     * The verdicts on a repository's tags.
     *
     * @param everything why all of the repository is kept, or null
     */
    static TagVerdicts of(RepositoryFacts facts, Retention retention, HoldReasons held, String everything) {
        Set<Digest> understood = understood(facts);
        List<Tag> tags = facts.tags().readable().stream()
                .map(tag -> with(tag, held(tag, retention, held, everything, understood), null))
                .sorted(Comparator.comparing(Tag::name))
                .toList();
        if (retention.policy().isEmpty()) {
            return new TagVerdicts(Optional.empty(), tags);
        }
        RepositoryVerdict verdict = retention
                .policy()
                .get()
                .decide(facts.name(), tags.stream().map(TagVerdicts::judged).toList(), retention.now());
        List<Tag> decided = new ArrayList<>();
        for (int i = 0; i < tags.size(); i++) {
            TagVerdict word = verdict.tags().get(i);
            decided.add(with(
                    tags.get(i),
                    tags.get(i).held(),
                    new Verdict(word.kept(), verdict.policy(), word.rule(), word.why(), word.until())));
        }
        return new TagVerdicts(everything != null ? Optional.empty() : Optional.of(verdict), decided);
    }

    private static dev.tidemark.policy.Tag judged(Tag tag) {
        return new dev.tidemark.policy.Tag(
                tag.name(),
                tag.digest(),
                tag.pushed(),
                tag.history().stream()
                        .map(past -> new dev.tidemark.policy.Tag.Past(past.digest(), past.pushed()))
                        .toList(),
                tag.held());
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
            Tag tag, Retention retention, HoldReasons held, String everything, Set<Digest> understood) {
        String hold = held.why(tag.digest());
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
        return retention.young(tag.pushed()) ? "it was pushed just now" : null;
    }

    private static Tag with(Tag tag, String held, Verdict verdict) {
        return new Tag(tag.name(), tag.digest(), tag.pushed(), tag.history(), held, verdict);
    }

    /** The tags with the verdicts, by name; without, if there is no policy. */
    List<Tag> tags() {
        return tags;
    }

    /** How many tags go. */
    long goingTags() {
        return going.values().stream().mapToLong(List::size).sum();
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
        return switch (untagged(revision)) {
            case Untagged.Goes goes -> true;
            case Untagged.Kept kept -> false;
            // It loses the last tag that it has.
            case Untagged.Undecided undecided -> going.containsKey(revision.digest()) && !named(revision);
        };
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
