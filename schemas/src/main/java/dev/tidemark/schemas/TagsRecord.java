package dev.tidemark.schemas;

import java.util.List;

/**
 * Tags of a repository, and the policy's word on each: the record of the topic {@code tags}, whose key is the
 * repository. Large repositories have several.
 */
public record TagsRecord(RunId run, String repository, List<Tag> tags) {

    public TagsRecord {
        Fields.require(run, repository, tags);
        tags = List.copyOf(tags);
    }

    /**
     * A tag whose current link can be read.
     *
     * @param digest the manifest that it names
     * @param pushed when its current link was last written, in ms since the epoch
     * @param pulled the last pull that is known, of it or of what it names, in ms since the epoch; null if none is
     * @param history the manifests that it has named; listed only where the run may delete manifests
     * @param held why it stays whatever a policy says; null if nothing else keeps it
     * @param subject of a tag of referrers, in a repository whose policy says what becomes of those; null otherwise
     * @param verdict of the policy; null if the run has none
     */
    public record Tag(
            String name,
            Digest digest,
            long pushed,
            Long pulled,
            List<Past> history,
            String held,
            Subject subject,
            Verdict verdict) {

        public Tag {
            Fields.require(name, digest);
            history = history == null ? List.of() : List.copyOf(history);
        }

        /** The same tag, with these in the place of what was said of it. */
        public Tag with(Long lastPull, String hold, Subject of, Verdict word) {
            return new Tag(name, digest, pushed, lastPull, history, hold, of, word);
        }

        /** Whether a policy lets it go. */
        public boolean goes() {
            return verdict != null && !verdict.kept();
        }
    }

    /**
     * A manifest that a tag has named.
     *
     * @param pushed when the tag's entry of it was last written, in ms since the epoch
     */
    public record Past(Digest digest, long pushed) {

        public Past {
            Fields.require(digest);
        }
    }

    /**
     * The subject of a tag of referrers, which is the digest that the tag is named for, as far as it is known.
     *
     * @param gone when a run first found it gone, and no later than this run was asked for, in ms since the epoch; null
     *     if it is not gone, or nothing says that the repository has ever held it
     * @param why in words: what says that it was there; or what keeps the tag
     */
    public record Subject(Long gone, String why) {

        public Subject {
            Fields.require(why);
        }
    }

    /**
     * The verdict of the run's policy on a tag.
     *
     * @param policy its name; null if none is of the repository
     * @param rule the rule of it, in words that a reader of the policy recognises; null if none matched
     * @param why in words: its rank or its age, or what keeps it whatever a rule says
     * @param until when a rule keeps it by its age, until when, in ms since the epoch; null otherwise
     */
    public record Verdict(boolean kept, String policy, String rule, String why, Long until) {

        public Verdict {
            Fields.require(why);
        }
    }
}
