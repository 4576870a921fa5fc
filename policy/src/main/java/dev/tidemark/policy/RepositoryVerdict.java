package dev.tidemark.policy;

import dev.tidemark.schemas.Digest;
import java.util.List;

/** The verdict of a policy on one repository: which tags stay, and which of the manifests that no tag names. */
public final class RepositoryVerdict {

    private final String policy;
    private final List<TagVerdict> tags;
    private final UntaggedDecision untagged;

    RepositoryVerdict(String policy, List<TagVerdict> tags, UntaggedDecision untagged) {
        this.policy = policy;
        this.tags = List.copyOf(tags);
        this.untagged = untagged;
    }

    /** The name of the policy that is for the repository; null if none is. */
    public String policy() {
        return policy;
    }

    /** All tags, by name. */
    public List<TagVerdict> tags() {
        return tags;
    }

    /** Whether what becomes of a manifest that no tag names depends on what tags have named before. */
    public boolean asksForHistory() {
        return untagged.asksForHistory();
    }

    /**
     * The verdict on a manifest that no tag names, or none that is kept.
     *
     * @param pushed when the repository's link to it was last written, in ms since the epoch
     */
    public Untagged untagged(Digest digest, long pushed) {
        return untagged.of(digest, pushed);
    }
}
