package dev.tidemark.report.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemark.evidence.index.TrashInventory;
import dev.tidemark.evidence.policy.TagGroup;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Tally;
import java.util.List;
import java.util.Map;

/**
 * All that a report shows of a run: the document that {@code --format json} prints, and that the page is made from.
 * Times are ms since the epoch, sizes bytes. Every list is bounded, whatever the registry's size; the rest is counted.
 *
 * @param made when the report was made
 * @param found the contents of the registry when it was enumerated; null until then
 * @param parts where the bytes of all blobs are; empty until it was decided
 * @param effect what was freed, or would be
 * @param policy the verdicts of the run's policy on the tags; null if it has none
 * @param phases how long each took, in order
 * @param repositories the largest, by the bytes they hold
 * @param map all of them as a tree by path, the small ones folded
 * @param largestOwn the repositories with the most bytes that nobody else needs
 * @param ages how old the blobs are that are eligible
 * @param shared the layers that would take the most room if each repository had its own
 * @param growth this run and those before it, the earliest first
 * @param trash the contents of the trash when the report is made, of all runs
 * @param holds the holds that there are when the report is made
 * @param listing what was deleted, or is eligible
 * @param problems what in the storage is not as it should be, by kind
 * @param gaps what the topics no longer say, or say otherwise than the run's own counts: the figures may be short of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportData(
        long made,
        Header run,
        Found found,
        List<Part> parts,
        Effect effect,
        ByPolicy policy,
        List<Phase> phases,
        Largest repositories,
        Tile map,
        List<Repository> largestOwn,
        List<Age> ages,
        List<Shared> shared,
        List<Past> growth,
        Trash trash,
        Holds holds,
        Listing listing,
        Map<String, Long> problems,
        List<String> gaps) {

    /**
     * The head of a report: the run, the user who asked for it, its options and its state.
     *
     * @param registry where its storage is; null until it was enumerated
     * @param state as {@code tidemark runs} says it
     * @param why it failed, was cancelled or waits; null otherwise
     * @param by the user who asked for it; null if nobody said
     * @param approvedBy the user who let it go when the circuit breaker held it; null if nobody did
     * @param approves the dry run that it was asked for on the strength of; null if there was none
     * @param cutoff all that was written then or later is kept
     * @param ended when it was last heard of
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Header(
            String id,
            String registry,
            String state,
            String why,
            String by,
            String approvedBy,
            String approves,
            long requested,
            long ended,
            boolean over,
            boolean dryRun,
            boolean deleteUntagged,
            long cutoff,
            int maxDelete) {}

    /** The numbers of the enumeration. */
    public record Found(long repositories, long tags, long manifests, long layerLinks, long blobs, long bytes) {}

    /** Blobs that have one fate in common. */
    public record Part(Fate fate, long blobs, long bytes) {}

    /** The fates that a blob can have. */
    public enum Fate {
        /** A tag or another root leads to it. */
        @JsonProperty("live")
        LIVE,
        /** Only its age, or that of what leads to it, keeps it. */
        @JsonProperty("young")
        YOUNG,
        /** Only a hold keeps it. */
        @JsonProperty("held")
        HELD,
        /** Only conservative marking keeps it. */
        @JsonProperty("kept-conservatively")
        CONSERVATIVE,
        /** It was eligible, and the sweeper's second look kept it. */
        @JsonProperty("spared")
        SPARED,
        /** It could not be deleted. */
        @JsonProperty("failed")
        FAILED,
        /** It was gone before the sweeper came. */
        @JsonProperty("already-gone")
        ALREADY_GONE,
        /** Nothing has been done about it. */
        @JsonProperty("eligible")
        ELIGIBLE,
        @JsonProperty("deleted")
        DELETED
    }

    /**
     * The blobs, manifests and layer links that a run freed, or would free.
     *
     * @param tense whether it has happened
     * @param removed by kind; the bytes are those of the blobs
     * @param spared records
     * @param failed records
     */
    public record Effect(
            Tense tense, Map<Kind, Tally> removed, long bytes, long alreadyGone, long spared, long failed) {}

    /** Whether the bytes that a run frees are freed already, in the words of the report. */
    public enum Tense {
        /** Nothing was decided. */
        @JsonProperty("unknown")
        UNKNOWN("unknown"),
        /** A dry run, or one that waits: nothing was deleted. */
        @JsonProperty("would-be-freed")
        WOULD_BE("would be freed"),
        /** It ended before its sweep. */
        @JsonProperty("not-freed")
        WOULD_HAVE_BEEN("would have been freed"),
        /** The sweep is under way, or was cut off. */
        @JsonProperty("freed-so-far")
        SO_FAR("freed so far"),
        @JsonProperty("freed")
        FREED("freed");

        private final String words;

        Tense(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        /** Whether figures are of deletions, and not of what is eligible. */
        public boolean swept() {
            return this == SO_FAR || this == FREED;
        }
    }

    /**
     * The verdicts of the run's policy on the tags.
     *
     * @param digest of its text
     * @param kept how many tags stay
     * @param going how many go
     * @param bytes of the eligible blobs that these lead to
     * @param rules the tags by repository and rule, those first that free the most
     * @param moreRules how many are not listed
     */
    public record ByPolicy(
            String digest, String text, long kept, long going, long bytes, List<TagGroup> rules, long moreRules) {}

    /** A phase of the run, and how long it took. */
    public record Phase(String name, long millis, boolean running) {}

    /**
     * A repository.
     *
     * @param held bytes of the blobs that it links or holds; one that several hold is shared among them evenly
     * @param own bytes of the live blobs that no other repository links
     * @param freed its share of what was freed, or would be
     */
    public record Repository(String name, long blobs, long held, long own, long freed) {}

    /**
     * The largest of many.
     *
     * @param count of all
     * @param rest the sum of those that are not listed
     */
    public record Largest(long count, List<Repository> listed, Repository rest) {}

    /**
     * A place in the map of repositories.
     *
     * @param name the whole path; empty for blobs that no repository links
     * @param label the rest of it under the tile that this one is in
     * @param repositories how many it stands for
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Tile(
            String name, String label, Shape shape, long repositories, long held, long freed, List<Tile> tiles) {

        /** The kinds of tiles. */
        public enum Shape {
            /** One repository. */
            @JsonProperty("repository")
            REPOSITORY,
            /** All under a path. */
            @JsonProperty("group")
            GROUP,
            /** Many small ones. */
            @JsonProperty("others")
            OTHERS,
            /** Blobs that no repository links. */
            @JsonProperty("unlinked")
            UNLINKED
        }
    }

    /**
     * Eligible blobs of one age, when the run was asked for.
     *
     * @param days it is younger than; null for the oldest
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Age(String label, Integer days, long blobs, long bytes) {}

    /**
     * A blob that several repositories link, and all of them need.
     *
     * @param saved the bytes that it would take more if each had its own
     */
    public record Shared(String digest, long bytes, long repositories, long saved) {}

    /**
     * A run in the registry's past.
     *
     * @param at when it was enumerated
     * @param held bytes of all blobs
     * @param eligible bytes
     * @param freed bytes
     */
    public record Past(String run, long at, boolean dryRun, long blobs, long held, long eligible, long freed) {}

    /**
     * The content of the trash.
     *
     * @param files all of them, and the bytes of the blobs among them
     * @param runs how many have swept something that is there
     * @param listed the latest of these
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Trash(Tally files, long runs, List<TrashInventory.OfRun> listed) {}

    /**
     * The holds that are not over.
     *
     * @param listed those that end first, and then those without an end
     * @param unread why they could not be read; null if they were
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Holds(long count, List<Held> listed, String unread) {}

    /**
     * A hold.
     *
     * @param of a digest, {@code REPO:TAG}, {@code REPO@DIGEST} or a pattern of repositories
     * @param reason null if none was given
     * @param until when it ends; null if it has no end
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Held(String of, String reason, String by, Long until) {}

    /**
     * The rows of the table.
     *
     * @param count of all, by kind
     * @param rows the failed and spared ones, the largest blobs, the manifests and links that were written last
     */
    public record Listing(Map<Kind, Long> count, List<ReportRow> rows) {

        public long total() {
            return count.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
