package dev.tidemark.evidence.compare;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.tidemark.evidence.index.RunFacts;
import java.util.List;
import java.util.stream.Stream;

/**
 * The changes of a registry between two runs: the document that {@code tidemark compare} prints.
 *
 * @param replay the policy that the run was replayed with, as the user names it: then the earlier side is the run as it
 *     was recorded, and the later one what it would have been. Null if both are runs
 * @param caution why what is said is to be taken with care; empty if nothing is the matter
 * @param becameEligible live in the earlier run, eligible in the later
 * @param cameEligible not there in the earlier run, and eligible in the later
 * @param stillEligible eligible in both
 * @param rescued eligible in the earlier run and not deleted by it, live in the later
 * @param freedByEarlier deleted by the earlier run
 * @param goneBetween there in the earlier run, not deleted by it, and not there in the later: runs in between deleted
 *     it, or somebody else
 * @param between the runs in between that deleted anything
 * @param freedByLater deleted by the later run
 * @param added not there in the earlier run, or deleted by it
 * @param grown the repositories whose bytes changed the most
 */
public record Comparison(
        Side earlier,
        Side later,
        String replay,
        List<String> caution,
        Group becameEligible,
        Group cameEligible,
        Group stillEligible,
        Group rescued,
        Group freedByEarlier,
        Group goneBetween,
        List<Between> between,
        Group freedByLater,
        Group added,
        Names newRepositories,
        Names goneRepositories,
        List<Growth> grown) {

    public Comparison {
        caution = List.copyOf(caution);
        between = List.copyOf(between);
        grown = List.copyOf(grown);
    }

    /**
     * The same, of a run and its replay.
     *
     * @param policy as the user names it
     * @param untold the gaps in the records
     */
    public Comparison replay(String policy, List<String> untold) {
        return new Comparison(
                earlier,
                later,
                policy,
                Stream.concat(caution.stream(), untold.stream()).toList(),
                becameEligible,
                cameEligible,
                stillEligible,
                rescued,
                freedByEarlier,
                goneBetween,
                between,
                freedByLater,
                added,
                newRepositories,
                goneRepositories,
                grown);
    }

    /**
     * One of the runs.
     *
     * @param bytes of all blobs
     */
    public record Side(
            RunFacts run,
            long repositories,
            long tags,
            long manifests,
            long layerLinks,
            long blobs,
            long bytes,
            long eligibleBlobs,
            long eligibleBytes,
            long liveBytes) {}

    /**
     * Blobs and manifests that had the same change between the runs.
     *
     * @param largest of the blobs
     * @param named of the manifests: those that a tag named when they were live come first
     */
    public record Group(long blobs, long bytes, long manifests, List<Blob> largest, List<Manifest> named) {

        public Group {
            largest = List.copyOf(largest);
            named = List.copyOf(named);
        }

        @JsonIgnore
        public boolean isEmpty() {
            return blobs == 0 && manifests == 0;
        }
    }

    /**
     * A blob of a group.
     *
     * @param repository one that links or holds it; null if none does
     * @param rule by which it is live in the later run; null if it is not
     */
    public record Blob(String digest, long bytes, String repository, String rule) {}

    /**
     * A manifest of a group.
     *
     * @param tag one that names it, in the run in which one does; null if none did
     */
    public record Manifest(String repository, String digest, String tag) {}

    /** A run in between, and what it freed. */
    public record Between(String run, long blobs, long bytes) {}

    /** Repositories: how many, and the first of them. */
    public record Names(long count, List<String> first) {

        public Names {
            first = List.copyOf(first);
        }
    }

    /** A repository's bytes: of all blobs that it links or holds, shared or not. */
    public record Growth(String repository, long before, long after) {

        public long change() {
            return after - before;
        }
    }
}
