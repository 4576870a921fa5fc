package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** The life of a run: the records of the topic {@code runs}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RunRecord.Requested.class, name = "requested"),
    @JsonSubTypes.Type(value = RunRecord.Enumerated.class, name = "enumerated"),
    @JsonSubTypes.Type(value = RunRecord.Decided.class, name = "decided"),
    @JsonSubTypes.Type(value = RunRecord.Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = RunRecord.Approved.class, name = "approved"),
    @JsonSubTypes.Type(value = RunRecord.TagsSwept.class, name = "tags-swept"),
    @JsonSubTypes.Type(value = RunRecord.Swept.class, name = "swept"),
    @JsonSubTypes.Type(value = RunRecord.Verified.class, name = "verified"),
    @JsonSubTypes.Type(value = RunRecord.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = RunRecord.Cancelled.class, name = "cancelled"),
})
public sealed interface RunRecord {

    /** The run. */
    RunId run();

    /**
     * Somebody asks for a run. An unfinished earlier one ends with it.
     *
     * @param at ms since the epoch
     * @param maxDelete percent of the blobs, by number or by bytes, past which the run waits for approval
     * @param by the user who asks, in words
     * @param approves the dry run that somebody has looked at: only what that one found eligible too is deleted. Null
     *     if there was none
     * @param repair true if every missing layer link of a live manifest is to be written again. Null if only those are
     *     that an earlier sweep has deleted
     * @param policy that says which tags and untagged manifests go; null if there is none
     * @param keepDangling true if links to what is not there stay, however old they are. Null if they go by their age
     */
    record Requested(
            RunId run,
            long at,
            EnumeratedRecord.Options options,
            int maxDelete,
            String by,
            RunId approves,
            Boolean repair,
            PolicyText policy,
            Boolean keepDangling)
            implements RunRecord {

        public Requested {
            Fields.require(run, options);
        }

        /** Of a run in which links to what is not there go by their age. */
        public Requested(
                RunId run,
                long at,
                EnumeratedRecord.Options options,
                int maxDelete,
                String by,
                RunId approves,
                Boolean repair,
                PolicyText policy) {
            this(run, at, options, maxDelete, by, approves, repair, policy, null);
        }

        /** Whether every missing layer link is to be written again, whoever has deleted it. */
        public boolean repairsAll() {
            return Boolean.TRUE.equals(repair);
        }

        /** Whether links to what is not there stay, however old they are. */
        public boolean keepsDangling() {
            return Boolean.TRUE.equals(keepDangling);
        }

        /** Whether the run may delete manifests that its repositories hold. */
        public boolean deletesManifests() {
            return options.deleteUntagged() || policy != null;
        }

        /** Of the record as it is written. */
        public Checksum checksum() {
            try (var serde = new JsonSerde<RunRecord>(RunRecord.class)) {
                return Checksum.of(serde.serializer().serialize(null, this));
            }
        }
    }

    /**
     * All that the storage holds is in the topics, acknowledged, with its barriers.
     *
     * @param registry where its storage is, as the enumerator names it
     * @param bytes of all blobs
     * @param problems how many of each kind
     * @param examples the first of them, a few of each kind
     * @param holds how many counted
     * @param held of the holds that counted, as the plan has them
     * @param cache where the registry remembers which blobs it has
     * @param going the tags that a policy lets go
     * @param pullsSince from when on every pull is known, in ms since the epoch; null if nobody collects them
     * @param fingerprint of the storage: by it a sweeper knows whether it has the same
     * @param otherFiles those that are neither blobs nor of uploads
     */
    record Enumerated(
            RunId run,
            String registry,
            long repositories,
            long manifests,
            long tags,
            long layerLinks,
            long blobs,
            long bytes,
            Map<Problem.Kind, Long> problems,
            List<Problem> examples,
            int holds,
            Checksum held,
            DescriptorCache cache,
            TagsGoing going,
            Long pullsSince,
            Fingerprint fingerprint,
            OtherFiles otherFiles)
            implements RunRecord {

        public Enumerated {
            going = going == null ? TagsGoing.NONE : going;
            Fields.require(run, registry, held, cache, fingerprint, otherFiles);
            problems = problems == null ? Map.of() : Map.copyOf(problems);
            examples = examples == null ? List.of() : List.copyOf(examples);
        }
    }

    /** A service is through with something in one partition. */
    sealed interface OfPartition extends RunRecord {

        int partition();

        /** How many there are in all. */
        int partitions();
    }

    /**
     * A task of the marker has decided on every digest of its partition.
     *
     * @param partitions how many there are in all
     * @param supersteps how many it took to the fixed point
     * @param checksum of its records in {@code eligible}, or in {@code eligible.dry-run}: no others are swept
     */
    record Decided(RunId run, int partition, int partitions, int supersteps, Totals totals, Checksum checksum)
            implements OfPartition {

        public Decided {
            Fields.require(run, totals, checksum);
        }
    }

    /** The circuit breaker holds the run: it sweeps nothing unless it is approved. */
    record Waiting(RunId run, String why) implements RunRecord {

        public Waiting {
            Fields.require(run, why);
        }
    }

    /**
     * Somebody lets the run go that the circuit breaker holds.
     *
     * @param by who, in words
     */
    record Approved(RunId run, String by) implements RunRecord {

        public Approved {
            Fields.require(run);
        }
    }

    /**
     * The sweeper is through with the tags of a partition. Nothing else is deleted before it is so in all of them: what
     * a tag needs does not go before the tag.
     *
     * @param partitions how many there are in all
     */
    record TagsSwept(RunId run, int partition, int partitions) implements OfPartition {

        public TagsSwept {
            Fields.require(run);
        }
    }

    /**
     * The sweeper is through with a partition.
     *
     * @param checksum of its records in {@code deletions}
     * @param approvedBy the user who let the run go when the circuit breaker held it; null where it didn't
     * @param repair of the partition's missing layer links; null if there were none to write
     */
    record Swept(
            RunId run,
            int partition,
            int partitions,
            Sweep sweep,
            Checksum checksum,
            String approvedBy,
            LinkRepair repair)
            implements OfPartition {

        public Swept {
            Fields.require(run, sweep, checksum);
        }
    }

    /**
     * The sweeper has looked whether all is there that live manifests need of what the run has deleted. Of several for
     * a run the last one counts.
     *
     * @param at when, in ms since the epoch
     * @param manifests live manifests that it has looked at, counted in each repository that holds them
     * @param missing how many files they need that are not there, and that this run has deleted. Anything but 0 is a
     *     loss
     * @param lost the first of these
     */
    record Verified(RunId run, long at, long manifests, long missing, List<Lost> lost) implements RunRecord {

        public Verified {
            Fields.require(run);
            lost = lost == null ? List.of() : List.copyOf(lost);
        }

        /**
         * A file that a live manifest needs and that the run has deleted.
         *
         * @param repository where it is needed
         */
        public record Lost(Kind kind, Digest digest, String repository) {

            public Lost {
                Fields.require(kind, digest, repository);
            }
        }
    }

    /** The run ended before it was through. Nothing (more) is swept. */
    sealed interface End extends RunRecord {

        /** In words that follow the run's name. */
        String words();
    }

    /** The run ended without a decision, or its sweep could not go on. */
    record Failed(RunId run, String service, String why) implements End {

        public Failed {
            Fields.require(run, service, why);
        }

        @Override
        public String words() {
            return "failed in the " + service + ": " + why;
        }
    }

    /** Somebody ended the run. */
    record Cancelled(RunId run, String why) implements End {

        public Cancelled {
            Fields.require(run, why);
        }

        @Override
        public String words() {
            return "was cancelled: " + why;
        }
    }
}
