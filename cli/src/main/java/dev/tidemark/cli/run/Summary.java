package dev.tidemark.cli.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.TagsGoing;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.text.Durations;
import dev.tidemark.sweeper.trash.TrashReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The results of a run: the document that {@code --format json} prints, and that the text is made from.
 *
 * @param state how it ended: decided (a dry run), swept, waiting
 * @param cutoff whatever was written then or later was kept
 * @param policy the tags that it lets go; null if the run has none
 * @param kept blobs that only their age, a hold, a policy, or conservative marking keeps; by reason
 * @param storage the files that were found, and their bytes
 * @param frees the repositories that free the most, with the bytes of what only they link, and their share of the rest
 * @param holds how many counted; null if none did
 * @param broken images that are broken already: live, and a blob that they name is not there
 * @param wrongSizes images that are broken already, too: live, and a blob has another size than they say; null if none
 * @param unlinked layer links that live manifests need and that were not there; null if none were missing
 * @param leftovers what was left behind; null if nothing was
 * @param swept the outcome of the sweep; null if there was none
 * @param verified the findings after the sweep; null if nobody has looked
 * @param trash the outcome of the final look; null if there was none
 * @param trashNote the cost of a trash, in words, or of one that is not used; null where it costs nothing
 * @param leftoversNote why unfinished uploads are left alone; null if somebody has asked for that, or they are
 *     not
 * @param cache the next step about the registry's cache; null if there is none
 * @param seconds by phase
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"run", "registry", "state", "why"})
public record Summary(
        String run,
        String registry,
        String state,
        String why,
        boolean dryRun,
        boolean deleteUntagged,
        String minAge,
        String cutoff,
        int maxDelete,
        double percentEligible,
        long repositories,
        long tags,
        ByPolicy policy,
        Part manifests,
        Part layerLinks,
        BlobPart blobs,
        InStorage storage,
        List<Freed> frees,
        Map<String, Tally> kept,
        Integer holds,
        Map<String, Long> problems,
        List<Problem> examples,
        Broken broken,
        WrongSizes wrongSizes,
        Unlinked unlinked,
        LeftBehind leftovers,
        Swept swept,
        Verified verified,
        Trash trash,
        String trashNote,
        String leftoversNote,
        String cache,
        Map<String, Double> seconds) {

    private static final int REPOSITORIES = 10;

    /**
     * The tags that a policy lets go.
     *
     * @param digest of the policy's text, of which this is the beginning
     * @param kept how many tags stay
     * @param going how many go
     * @param emptied how many repositories lose all that they have
     * @param first the first of those
     * @param most the repository that loses the largest share, of those that lose some number; null if none does
     * @param pulls the knowledge of them; null if the policy doesn't ask
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ByPolicy(
            String digest, long kept, long going, long emptied, List<String> first, TagsGoing.Share most, Pulls pulls) {

        private static final int SHOWN = 12;

        private static ByPolicy of(Run run) {
            PolicyText policy = run.requested().policy();
            TagsGoing going = run.enumerated().going();
            return policy == null
                    ? null
                    : new ByPolicy(
                            policy.digest().hex().substring(0, SHOWN),
                            run.enumerated().tags() - going.tags(),
                            going.tags(),
                            going.emptied(),
                            going.first(),
                            going.most(),
                            Policy.parse(policy.text()).asksForPulls() ? Pulls.of(run) : null);
        }
    }

    /**
     * The knowledge of pulls that a run decides by.
     *
     * @param since from when on every pull is known, as ISO 8601; null if nobody collects them
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Pulls(String since) {

        private static Pulls of(Run run) {
            Long since = run.enumerated().pullsSince();
            return new Pulls(since == null ? null : Instant.ofEpochMilli(since).toString());
        }
    }

    /** Numbers of found, live and eligible. */
    public record Part(long found, long live, long eligible) {}

    /** Numbers and bytes of found, live and eligible. */
    public record BlobPart(Tally found, Tally live, Tally eligible) {}

    /** A repository and the bytes that it frees. An empty name stands for blobs that no repository links. */
    public record Freed(String repository, long bytes) {}

    /**
     * @param images the first of them
     */
    public record Broken(long missing, List<Totals.Missing> images) {}

    /**
     * Blobs that have another size than live manifests say.
     *
     * @param blobs how many
     * @param images the first of them, each with a manifest that says so
     */
    public record WrongSizes(long blobs, List<Totals.WrongSize> images) {

        private static WrongSizes of(Totals.WrongSizes found) {
            return found.blobs() == 0 ? null : new WrongSizes(found.blobs(), found.first());
        }
    }

    /**
     * Layer links that live manifests need and that were not there, while their blobs were.
     *
     * @param images the first of them
     * @param repaired how many were written again; of a run that sweeps
     * @param failed how many could not be written, by reason
     */
    public record Unlinked(long links, List<Totals.Missing> images, long repaired, Map<String, Long> failed) {

        private static Unlinked of(Run run) {
            Totals.Unlinked unlinked = run.totals().unlinked();
            return unlinked.links() == 0
                    ? null
                    : new Unlinked(
                            unlinked.links(),
                            unlinked.first(),
                            run.repair().linked().size(),
                            new TreeMap<>(run.repair().failed()));
        }
    }

    /**
     * The findings of the look after the sweep.
     *
     * @param manifests live manifests that were looked at
     * @param missing files they need that are not there because the run has deleted them
     * @param before blobs that were missing before the run
     * @param lost the first of the missing ones
     */
    public record Verified(long manifests, long missing, long before, List<RunRecord.Verified.Lost> lost) {

        private static Verified of(Run run) {
            RunRecord.Verified found = run.verified();
            return found == null
                    ? null
                    : new Verified(
                            found.manifests(), found.missing(), run.totals().missing(), found.lost());
        }
    }

    /** The numbers of a sweep: deleted, already gone, spared and failed, by kind or reason. */
    public record Swept(
            Map<Kind, Tally> deleted,
            long bytesFreed,
            long alreadyGone,
            Map<String, Long> spared,
            Map<String, Long> failed) {}

    /**
     * Numbers and bytes of files that went through the trash, of this run and those before.
     *
     * @param restored put back by the final look: something pushed meanwhile needs them
     * @param purged destroyed
     * @param left still there
     */
    public record Trash(Tally restored, Tally purged, Tally left) {

        /** The numbers of a look. */
        public static Trash of(TrashReport look) {
            return new Trash(look.restored(), look.purged(), look.left());
        }
    }

    /**
     * The summary of a run that was decided on.
     *
     * @param aftermath the outcome beside the run itself
     */
    public static Summary of(Run run, Phases phases, Aftermath aftermath) {
        var requested = run.requested();
        Duration minAge = Duration.ofMillis(requested.at() - requested.options().cutoff());
        var enumerated = run.enumerated();
        Totals totals = run.totals();
        Sweep sweep = run.sweep();
        return new Summary(
                run.id().toString(),
                enumerated.registry(),
                run.state().word(),
                run.waiting() == null ? null : run.waiting().why(),
                requested.options().dryRun(),
                requested.options().deleteUntagged(),
                Durations.text(minAge),
                Instant.ofEpochMilli(requested.options().cutoff()).toString(),
                requested.maxDelete(),
                Math.round(totals.percentEligible() * 10) / 10.0,
                enumerated.repositories(),
                enumerated.tags(),
                ByPolicy.of(run),
                new Part(enumerated.manifests(), totals.liveManifests(), totals.eligibleManifests()),
                new Part(enumerated.layerLinks(), totals.liveLayerLinks(), totals.eligibleLayerLinks()),
                new BlobPart(new Tally(enumerated.blobs(), enumerated.bytes()), totals.live(), totals.eligible()),
                InStorage.of(run),
                totals.mostFreed(REPOSITORIES).entrySet().stream()
                        .map(e -> new Freed(e.getKey(), e.getValue()))
                        .toList(),
                new TreeMap<>(totals.kept()),
                enumerated.holds() == 0 ? null : enumerated.holds(),
                problems(enumerated),
                enumerated.examples(),
                new Broken(totals.missing(), totals.broken()),
                WrongSizes.of(totals.wrongSizes()),
                Unlinked.of(run),
                LeftBehind.of(run),
                run.swept().isEmpty()
                        ? null
                        : new Swept(
                                new TreeMap<>(sweep.deleted()),
                                sweep.bytesFreed(),
                                sweep.alreadyGone(),
                                sweep.spared(),
                                sweep.failed()),
                Verified.of(run),
                aftermath.trash().map(Trash::of).orElse(null),
                aftermath.trashNote().orElse(null),
                aftermath.leftoversNote().orElse(null),
                aftermath.cache().orElse(null),
                phases.took().entrySet().stream()
                        .collect(Collectors.toMap(
                                e -> e.getKey().name().toLowerCase(Locale.ROOT),
                                e -> e.getValue().toMillis() / 1000.0,
                                Double::sum,
                                TreeMap::new)));
    }

    private static Map<String, Long> problems(RunRecord.Enumerated enumerated) {
        return enumerated.problems().entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().title(), Map.Entry::getValue, Long::sum, TreeMap::new));
    }
}
