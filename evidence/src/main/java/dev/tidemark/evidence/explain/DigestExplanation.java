package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.index.RunFacts;
import java.util.List;
import java.util.Map;

/**
 * All that a run's records, and if need be those of the runs before it, say of a digest.
 *
 * @param repository the one that was asked about; null for the digest wherever it is
 * @param is what it is, one or more of: index, manifest, config, layer, link, blob
 * @param mediaType as the manifest says; null where it doesn't, and for blobs, of which nobody says it
 * @param subject the manifest that it refers to, if it is a manifest and does; else null
 * @param size in bytes; null if its blob is not there
 * @param modified when its blob was last written, as ISO 8601; null if it is not there
 * @param linked when the oldest link to it that there is was last written; null if there is none
 * @param counts by kind (manifest, layer, blob): how many were found, and what became of how many
 * @param holders how many repositories hold or link it
 * @param holdings the first of them
 * @param held by whom it is held, until when and why, for each hold that counted
 * @param kept why it is live; null if it is not
 * @param references the references to it; null if there are none
 * @param wrongSize a live manifest that says another size than the blob has; null if none does
 * @param fate what was decided on it or done to it; null if it is kept
 * @param unreferenced since when it has not been live; null if it is
 * @param deletedBefore the last time that a run deleted it, if it is not there any more and another run did; else null
 * @param contradiction the contradiction in the records, in words; null if there is none
 */
public record DigestExplanation(
        RunFacts run,
        String digest,
        String repository,
        DigestVerdict verdict,
        List<String> is,
        String mediaType,
        String subject,
        Long size,
        String modified,
        String linked,
        Map<String, Map<String, Long>> counts,
        long holders,
        List<Holding> holdings,
        List<String> held,
        Chain kept,
        References references,
        WrongSize wrongSize,
        Fate fate,
        Unreferenced unreferenced,
        Deleted deletedBefore,
        String contradiction,
        String goneIn)
        implements Explanation {

    /** How many repositories are listed. */
    static final int LISTED = 100;

    public DigestExplanation {
        is = List.copyOf(is);
        holdings = List.copyOf(holdings);
        held = List.copyOf(held);
    }

    /**
     * A repository that holds the digest as a manifest, or links it as a layer, or both.
     *
     * @param manifest the fate of the manifest; null if it is none there
     * @param link the fate of the layer link; null if there is none
     * @param tags the first of those that name the manifest
     * @param history the first of those that have it in their past, where the run looked at that
     * @param pinned why it is kept there whatever else, or null
     * @param names the digest that the link's content names, if it is another
     */
    public record Holding(
            String repository,
            DigestVerdict manifest,
            String manifestModified,
            DigestVerdict link,
            String linkModified,
            List<String> tags,
            long tagCount,
            List<String> history,
            String pinned,
            String names) {

        static final int LISTED = 20;
    }

    /**
     * The references to a digest.
     *
     * @param parents how many manifests do
     * @param live how many of them are live
     * @param optional whether none of them needs it to be there
     * @param tags how many tags lead to it
     * @param repositories in how many repositories these are
     * @param examples the first parents, live ones first
     */
    public record References(
            long parents, long live, boolean optional, long tags, long repositories, List<Step> examples) {

        static final int LISTED = 5;
    }

    /**
     * A manifest says another size than the blob has.
     *
     * @param repository where the manifest is held
     * @param said in bytes
     */
    public record WrongSize(String repository, String manifest, long said) {}

    /**
     * The marker's decision on the digest, and the sweeper's deed.
     *
     * @param kind manifest, layer or blob: what the verdict is on
     * @param reason why it was eligible
     * @param why it was spared, or failed
     * @param bytes that were freed, or would be
     * @param at when
     * @param trash the facts that are known of it in the trash; null if it is in none
     */
    public record Fate(String kind, String reason, String why, long bytes, String at, Trash trash) {

        /**
         * The digest's stay in the trash.
         *
         * @param until when it may be purged at the earliest; null if that is not known
         * @param out how it has left the trash: restored, or purged; or that it is about to: purging. Null as long as
         *     nothing says so
         * @param at when that was said
         * @param why it was restored; null otherwise
         * @param by on whose word; null if no user asked for it
         */
        public record Trash(String until, String out, String at, String why, String by) {}
    }

    /**
     * When it was last live.
     *
     * @param since the first of the runs in a row that found it not live
     * @param lastRun the run before that; null if no such run is known
     * @param lastKept why it was kept then; null if that is not known, or if the run did not know the digest
     */
    public record Unreferenced(String since, String lastRun, Chain lastKept) {}

    /** A run deleted the blob. */
    public record Deleted(String run, String at, long bytes) {}

    DigestExplanation with(Unreferenced unreferenced) {
        return copy(unreferenced, deletedBefore, goneIn);
    }

    DigestExplanation with(Deleted before) {
        return copy(unreferenced, before, goneIn);
    }

    DigestExplanation goneIn(String later) {
        return copy(unreferenced, deletedBefore, later);
    }

    private DigestExplanation copy(Unreferenced since, Deleted before, String gone) {
        return new DigestExplanation(
                run,
                digest,
                repository,
                verdict,
                is,
                mediaType,
                subject,
                size,
                modified,
                linked,
                counts,
                holders,
                holdings,
                held,
                kept,
                references,
                wrongSize,
                fate,
                since,
                before,
                contradiction,
                gone);
    }
}
