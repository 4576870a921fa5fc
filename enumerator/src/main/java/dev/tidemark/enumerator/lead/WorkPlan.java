package dev.tidemark.enumerator.lead;

import dev.tidemark.enumerator.publish.EnumerationPublisher;
import dev.tidemark.enumerator.read.BlobShards;
import dev.tidemark.enumerator.read.Problems;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Witness;
import dev.tidemark.schemas.WorkDoneRecord.Planned;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.RepositoryTree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The items of a run: the shards of blobs first, then the repositories, then multipart uploads, then the trash. A blob
 * that is linked again while the walk is on is then seen with its new link; the other way round it would be listed
 * after its link was missed.
 *
 * @param planned the plan in numbers
 */
record WorkPlan(List<WorkRecord> items, Planned planned) {

    /**
     * The items of the first round: all that is there. Each carries one of the witnesses.
     *
     * @param holds that count for the run
     * @param leftovers whether the run deletes what was left behind
     * @param tagsGo whether tags may go, by a policy or as they name nothing: those that name a held digest stay
     * @param cache where the registry remembers which blobs it has
     * @param pullsSince from when on every pull is known, in ms since the epoch; empty if nobody collects them
     * @throws RuntimeException whatever kept any part from being listed
     */
    static WorkPlan first(
            Storage storage,
            RunId run,
            List<Hold> holds,
            boolean leftovers,
            boolean tagsGo,
            DescriptorCache cache,
            OptionalLong pullsSince) {
        Long since = pullsSince.isPresent() ? Long.valueOf(pullsSince.getAsLong()) : null;
        var of = new Holds(holds);
        Integer anywhere = anywhere(of, tagsGo);
        var problems = new Problems();
        Set<String> repositories = new LinkedHashSet<>();
        var tree = new RepositoryTree(storage, problems::add);
        tree.walk(repositories::add);
        tree.files().forEach(path -> problems.unknown(storage.files(path)));
        List<WorkRecord> items = new ArrayList<>();
        List<BlobShards> blobs = BlobShards.list(storage, problems);
        List<Witness> witnesses = new WitnessChoice(storage).of(repositories, blobs);
        for (BlobShards shards : blobs) {
            items.add(new WorkRecord.Shards(
                    run,
                    items.size(),
                    shards.algorithm().prefix(),
                    shards.first(),
                    shards.last(),
                    tree.hidden(),
                    of(shards, of),
                    witness(witnesses, items.size())));
        }
        for (String repository : repositories) {
            items.add(new WorkRecord.Repository(
                    run,
                    items.size(),
                    repository,
                    of.in(repository),
                    anywhere,
                    since,
                    witness(witnesses, items.size())));
        }
        if (leftovers && storage.multiparts().isPresent()) {
            items.add(new WorkRecord.Multiparts(
                    run, items.size(), ofRepositories(holds), witness(witnesses, items.size())));
        }
        items.add(new WorkRecord.Trash(run, items.size(), witness(witnesses, items.size())));
        return new WorkPlan(
                items, planned(storage, run, 0, items.size(), problems, items, holds, cache, since, witnesses));
    }

    /**
     * The items of the second round: repositories that came while the others were read. Their links may name old blobs.
     *
     * @param tagsGo whether tags may go
     * @param ledger of the first round
     */
    static WorkPlan late(Storage storage, RunId run, boolean tagsGo, WorkLedger ledger) {
        Set<String> late = new LinkedHashSet<>();
        new RepositoryTree(storage, problem -> {}).walk(late::add);
        late.removeAll(ledger.repositories());
        int items = ledger.items();
        var of = new Holds(ledger.holds());
        Integer anywhere = anywhere(of, tagsGo);
        List<WorkRecord> more = new ArrayList<>();
        for (String repository : late) {
            int item = items + more.size();
            more.add(new WorkRecord.Repository(
                    run,
                    item,
                    repository,
                    of.in(repository),
                    anywhere,
                    ledger.pullsSince(),
                    witness(ledger.witnesses(), item)));
        }
        var problems = new Problems();
        int all = items + more.size();
        return new WorkPlan(more, planned(storage, run, 1, all, problems, more, List.of(), null, null, List.of()));
    }

    /** An item carries the holds that are of something in it, and no others: there may be many of both. */
    private static List<Hold> of(BlobShards shards, Holds holds) {
        return holds.bytes().entrySet().stream()
                .filter(held -> shards.mayHave(held.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static List<Hold> ofRepositories(List<Hold> holds) {
        return holds.stream()
                .filter(hold -> hold.subject() instanceof Hold.Subject.OfRepositories)
                .toList();
    }

    /** Those of a digest may be of any repository: its reader looks them up in the plan. */
    private static Integer anywhere(Holds holds, boolean tagsGo) {
        int count = holds.anywhere().size();
        return tagsGo && count > 0 ? count : null;
    }

    private static Witness witness(List<Witness> all, int item) {
        return all.isEmpty() ? null : all.get(item % all.size());
    }

    /** @param items how many there are now */
    private static Planned planned(
            Storage storage,
            RunId run,
            int round,
            int items,
            Problems problems,
            List<WorkRecord> ofRound,
            List<Hold> holds,
            DescriptorCache cache,
            Long pullsSince,
            List<Witness> witnesses) {
        Checksum work = ofRound.stream().map(EnumerationPublisher::checksum).reduce(Checksum.NONE, Checksum::plus);
        return new Planned(
                run,
                round,
                items,
                problems.counts(),
                problems.examples(),
                storage.description(),
                work,
                holds,
                cache,
                pullsSince,
                witnesses,
                problems.unknown());
    }
}
