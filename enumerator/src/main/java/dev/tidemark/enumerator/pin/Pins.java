package dev.tidemark.enumerator.pin;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which manifests, layer links and blobs are kept although nothing may name them: because somebody holds them,
 * or because of something that can't be read, followed or understood. docs/cases.md has a table of the cases.
 */
public final class Pins {

    private static final String OUT_OF_ROOT = "a symbolic link out of the root";

    private final TagFacts tags;
    /** Why every manifest and layer link of the repository is kept, or null. */
    private final String everything;
    /** Why every layer link of the repository is kept, or null. */
    private final String links;
    /** Why nothing of the repository can be deleted, or null. */
    private final String invalidName;

    private final HoldReasons held;
    private final TagVerdicts verdicts;

    private Pins(
            TagFacts tags,
            HoldReasons held,
            TagVerdicts verdicts,
            String everything,
            String links,
            String invalidName) {
        this.tags = tags;
        this.held = held;
        this.verdicts = verdicts;
        this.everything = everything;
        this.links = links;
        this.invalidName = invalidName;
    }

    /**
     * The pins of a repository.
     *
     * @param holds that count for the run; those of other repositories change nothing
     * @param runPolicy of the run, with the holds that are of no repository
     * @param kept why the run keeps links to manifests that are not there, or null. Then they may come back, and need
     *     whatever the repository has
     */
    public static Pins of(RepositoryFacts facts, List<Hold> holds, RunPolicy runPolicy, String kept) {
        String understood = everything(facts);
        String everything = understood == null && kept != null && hasLost(facts)
                ? "in a repository with a manifest that is not there: " + kept
                : understood;
        HoldReasons held = HoldReasons.of(facts, holds, runPolicy.held());
        return new Pins(
                facts.tags(),
                held,
                TagVerdicts.of(facts, runPolicy, held, everything),
                everything,
                everything != null ? everything : links(facts),
                invalidName(facts));
    }

    /** The tags that can be read, by name, with the policy's word on each. */
    public List<Tag> tags() {
        return verdicts.tags();
    }

    /** How many tags a policy lets go. */
    public long going() {
        return verdicts.goingTags();
    }

    /** How many of those are tags of referrers. */
    public long orphans() {
        return verdicts.orphans();
    }

    /** How many other tags name an image that is there, those of referrers left out. */
    public long staying() {
        return verdicts.stayingTags();
    }

    private static String invalidName(RepositoryFacts facts) {
        return facts.validName() ? null : "in a repository whose name is not valid";
    }

    private static String everything(RepositoryFacts facts) {
        if (facts.revisions().stream().anyMatch(Pins::forbidden)) {
            return "in a repository with a manifest that may not be read";
        }
        if (facts.tags().unreadableWithoutHistory()) {
            return "in a repository with a tag that can't be read";
        }
        if (facts.unknownRevisions()) {
            return "in a repository with revisions of an unknown algorithm";
        }
        return invalidName(facts);
    }

    /** Whether a revision's link, or a tag, names a manifest that is not there. */
    private static boolean hasLost(RepositoryFacts facts) {
        Set<Digest> there = facts.revisions().stream()
                .filter(revision -> !revision.dangling())
                .map(Revision::digest)
                .collect(Collectors.toSet());
        return there.size() < facts.revisions().size()
                || facts.tags().readable().stream().anyMatch(tag -> !there.contains(tag.digest()));
    }

    private static boolean forbidden(Revision revision) {
        return revision.content() instanceof Content.Forbidden
                || (revision.link() instanceof Link.Other other && other.content() instanceof Content.Forbidden);
    }

    private static String links(RepositoryFacts facts) {
        return facts.unknownLayers()
                ? "in a repository with layer links of an unknown algorithm"
                : facts.revisions().stream()
                        .map(Pins::links)
                        .filter(Objects::nonNull)
                        .reduce((first, last) -> last)
                        .orElse(null);
    }

    private static String links(Revision revision) {
        if (revision.content() instanceof Content.Doubtful) {
            return "in a repository with a manifest that can't be understood";
        }
        return revision.link() instanceof Link.Other
                ? "in a repository with a revision link that names another digest"
                : null;
    }

    /** The record of a manifest. One that is not there is not pinned by what is beside it: it is never deleted. */
    public EnumeratedRecord.Manifest manifest(Revision revision) {
        Digest digest = revision.digest();
        Content content = revision.content();
        Content.Understood understood = content instanceof Content.Understood one ? one : null;
        boolean dangling = revision.dangling();
        String why = held.why(digest);
        String own = why != null && !dangling ? why : own(revision);
        String byPolicy = verdicts.pin(revision);
        String pinned = own != null || dangling ? own : byPolicy != null ? byPolicy : everything;
        return new EnumeratedRecord.Manifest(
                digest,
                content.mediaType(),
                content.size(),
                revision.modified(),
                tags.naming(digest),
                verdicts.going(digest),
                tags.past(digest),
                understood == null ? List.of() : understood.references(),
                understood == null ? Sizes.NONE : understood.sizes(),
                List.copyOf(alsoKept(revision)),
                understood == null ? null : understood.subject(),
                pinned,
                verdicts.letsGo(revision) ? true : null,
                dangling);
    }

    /** Why a manifest is kept for what is known of itself, or null. */
    private String own(Revision revision) {
        return switch (revision.content()) {
            case Content.Forbidden forbidden -> "it may not be read";
            case Content.Doubtful doubtful -> doubtful.why();
            case Content.Understood understood -> byItsLink(revision);
            case Content.Missing missing -> byItsLink(revision);
        };
    }

    private String byItsLink(Revision revision) {
        if (revision.link() instanceof Link.Other other) {
            return "its revision link names " + other.digest();
        }
        return revision.outOfRoot() || tags.inUnreadable().contains(revision.digest())
                ? "a tag or link that can't be read may name it"
                : null;
    }

    /** The digests that a manifest keeps besides its references. */
    private static Set<Digest> alsoKept(Revision revision) {
        Set<Digest> kept = new TreeSet<>(optional(revision.content()));
        if (revision.link() instanceof Link.Other other) {
            kept.add(other.digest());
            kept.addAll(references(other.content()));
            kept.addAll(optional(other.content()));
        }
        return kept;
    }

    private static List<Digest> references(Content content) {
        return content instanceof Content.Understood understood ? understood.references() : List.of();
    }

    private static Collection<Digest> optional(Content content) {
        return switch (content) {
            case Content.Understood understood ->
                Stream.concat(understood.foreign().stream(), understood.signatures().stream())
                        .toList();
            case Content.Doubtful doubtful -> doubtful.named();
            case Content.Forbidden forbidden -> Set.of();
            case Content.Missing missing -> Set.of();
        };
    }

    /** The record of a layer link. */
    public EnumeratedRecord.Layer layer(LayerLink link) {
        String why = held.why(link.digest());
        return new EnumeratedRecord.Layer(
                link.digest(),
                link.modified(),
                link.target(),
                why != null ? why : link.outOfRoot() ? OUT_OF_ROOT : links);
    }

    /**
     * The record of a leftover. A hold of its repository keeps it; what can't be understood there doesn't matter, but
     * to a link.
     */
    public EnumeratedRecord.Leftover leftover(FoundLeftover found) {
        String why = found.names() == null ? held.why(found.digest()) : link(found);
        return found.record(why != null ? why : found.kept() != null ? found.kept() : invalidName);
    }

    /** Why a link that names what is not there is kept for what is held, or can't be read, beside it; or null. */
    private String link(FoundLeftover found) {
        String digest = held.whyTag(found.names());
        String why = digest != null || found.tag() == null ? digest : held.why(found.tag());
        return why != null ? why : everything;
    }

    /**
     * The record of a multipart upload. A hold of its repository keeps it.
     *
     * @param repository null if it is in none
     */
    public static EnumeratedRecord.Leftover multipart(String repository, FoundLeftover found, Holds holds) {
        String held = repository == null
                ? null
                : holds.in(repository).stream()
                        .filter(hold -> hold.subject() instanceof Hold.Subject.OfRepositories)
                        .map(Hold::words)
                        .findFirst()
                        .orElse(null);
        return found.record(held != null ? held : found.kept());
    }

    /**
     * The records of blobs.
     *
     * @param hidden why blobs may be named from where nobody could look, or null: then all of them are kept
     * @param holds that count for the run
     */
    public static Function<StoredBlob, EnumeratedRecord.Blob> blobs(String hidden, List<Hold> holds) {
        HoldReasons held = HoldReasons.bytes(holds);
        return blob -> {
            String why = held.why(blob.digest());
            return new EnumeratedRecord.Blob(
                    blob.digest(),
                    blob.size(),
                    blob.modified(),
                    why != null ? why : blob.outOfRoot() ? OUT_OF_ROOT : hidden);
        };
    }
}
