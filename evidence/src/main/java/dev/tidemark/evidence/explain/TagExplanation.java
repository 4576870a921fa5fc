package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.index.RunFacts;
import java.util.List;

/**
 * All that a run's records say of a tag, and of the digests under it.
 *
 * <p>Own is what would be freed if the tag went, and with it the untagged manifests under it in its repository, once
 * all of that is past the minimal age. Shared is what another tag, another live manifest, or a pin keeps as well.
 *
 * @param digest the one that the tag names, or the last that it is known to have named
 * @param verdict kept, dangling (what it names is not there), or absent (there is no such tag any more); of a tag that
 *     a policy lets go, what became of that
 * @param kept why its manifest is live; null if it is not
 * @param alsoTagged other tags of the repository that name the same
 * @param total of the blobs under it, each counted once
 * @param missing how many blobs under it are not there that should be
 * @param wrongSizes how many blobs under it have another size than a manifest under it says
 * @param tree null if the tag is not there any more
 * @param past the other digests that the tag has named, where the run looked at that
 * @param image the fate of the manifest that it named; null if the tag is there
 * @param problem the fault that the enumerator found with the tag, or null
 * @param byPolicy the policy's word on it; null if the run has no policy
 */
public record TagExplanation(
        RunFacts run,
        String repository,
        String tag,
        String digest,
        DigestVerdict verdict,
        Chain kept,
        List<String> alsoTagged,
        Bytes total,
        Bytes own,
        Bytes shared,
        long missing,
        long wrongSizes,
        Node tree,
        List<Past> past,
        DigestExplanation image,
        String problem,
        ByPolicy byPolicy,
        String goneIn)
        implements Explanation {

    public TagExplanation {
        alsoTagged = List.copyOf(alsoTagged);
        past = List.copyOf(past);
    }

    /**
     * A policy's word on the tag, and what was done for it.
     *
     * @param policy its name; null if none is for the repository
     * @param rule the one that says so; null if it is none
     * @param why in words
     * @param until when the time is over for which it is kept, as ISO 8601; null if it goes, or time is not all
     * @param pulled the last pull that is known, as ISO 8601; null if none is
     * @param pullsSince from when on every pull is known, as ISO 8601; null if nobody collects them
     * @param spared why the sweep has spared it, or could not delete it; null otherwise
     * @param at when something was done; null if nothing was
     * @param trash the facts that are known of it in the trash; null if it is in none
     */
    public record ByPolicy(
            boolean kept,
            String policy,
            String rule,
            String why,
            String until,
            String pulled,
            String pullsSince,
            String spared,
            String at,
            Fate.Trash trash) {}

    /** Blobs, and their bytes. */
    public record Bytes(long blobs, long bytes) {

        static final Bytes NONE = new Bytes(0, 0);

        Bytes plus(long size) {
            return new Bytes(blobs + 1, bytes + size);
        }
    }

    /**
     * A digest in the tree.
     *
     * @param what index, manifest, referrer, config, layer or blob
     * @param size null if its blob is not there
     * @param said the size that the manifest above it says, if that is another; else null
     * @param missing whether it should be there and is not
     * @param foreign whether it need not be there: it is fetched elsewhere
     * @param own whether it would be freed if the tag went
     * @param sharedWith what else keeps it, an example; null if only what is above it in the tree is kept by something
     *     else
     * @param again whether it is further up in the tree already, with what is under it
     */
    public record Node(
            String what,
            String digest,
            String mediaType,
            Long size,
            Long said,
            boolean missing,
            boolean foreign,
            boolean own,
            String sharedWith,
            boolean again,
            List<Node> children) {

        public Node {
            children = List.copyOf(children);
        }
    }

    /** A manifest that the tag named before, and what became of that. */
    public record Past(String digest, DigestVerdict verdict) {}

    TagExplanation gone(String later, DigestExplanation image) {
        return new TagExplanation(
                run,
                repository,
                tag,
                digest,
                DigestVerdict.ABSENT,
                null,
                List.of(),
                null,
                null,
                null,
                0,
                0,
                null,
                past,
                image,
                problem,
                byPolicy,
                later);
    }
}
