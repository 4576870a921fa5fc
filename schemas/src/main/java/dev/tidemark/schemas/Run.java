package dev.tidemark.schemas;

import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.End;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.TagsSwept;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.schemas.RunRecord.Waiting;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One run, as the topic {@code runs} has it: a fold over its records, the same for every reader.
 *
 * @param enumerated null until it was enumerated
 * @param decided by partition
 * @param approval null unless somebody let it go
 * @param tagsSwept the partitions whose tags are swept
 * @param swept by partition
 * @param end why it failed or was cancelled; null otherwise
 * @param verified the findings of the last look at the storage after the sweep; null if there was none
 */
public record Run(
        Requested requested,
        Enumerated enumerated,
        Map<Integer, Decided> decided,
        Waiting waiting,
        Approved approval,
        Set<Integer> tagsSwept,
        Map<Integer, Swept> swept,
        RunRecord.End end,
        Verified verified) {

    /**
     * The clocks of clients, of services, of Kafka and of the storage may differ by this much: nothing that is older
     * than a run by more came after it.
     */
    public static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    /** Where a run is. */
    public enum State {
        REQUESTED,
        ENUMERATED,
        /** A dry run ends here. */
        DECIDED,
        WAITING,
        SWEEPING,
        SWEPT,
        FAILED,
        CANCELLED;

        /** As {@code waiting}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The run after one more record, or the latest run if the record is a request. */
    public static Optional<Run> after(Optional<Run> latest, RunRecord record) {
        if (record instanceof Requested requested) {
            return latest.filter(run -> run.id().compareTo(requested.run()) >= 0)
                    .or(() -> Optional.of(
                            new Run(requested, null, Map.of(), null, null, Set.of(), Map.of(), null, null)));
        }
        return latest.map(run -> run.id().equals(record.run()) ? run.with(record) : run);
    }

    private Run with(RunRecord record) {
        return switch (record) {
            case Requested again -> this;
            case Enumerated e -> new Run(requested, e, decided, waiting, approval, tagsSwept, swept, end, verified);
            case Decided d ->
                new Run(
                        requested,
                        enumerated,
                        put(decided, d.partition(), d),
                        waiting,
                        approval,
                        tagsSwept,
                        swept,
                        end,
                        verified);
            case Waiting w -> new Run(requested, enumerated, decided, w, approval, tagsSwept, swept, end, verified);
            case Approved a ->
                new Run(
                        requested,
                        enumerated,
                        decided,
                        waiting,
                        approval == null ? a : approval,
                        tagsSwept,
                        swept,
                        end,
                        verified);
            case TagsSwept t ->
                new Run(
                        requested,
                        enumerated,
                        decided,
                        waiting,
                        approval,
                        plus(tagsSwept, t.partition()),
                        swept,
                        end,
                        verified);
            case Swept s ->
                new Run(
                        requested,
                        enumerated,
                        decided,
                        waiting,
                        approval,
                        tagsSwept,
                        put(swept, s.partition(), s),
                        end,
                        verified);
            case Verified v -> new Run(requested, enumerated, decided, waiting, approval, tagsSwept, swept, end, v);
            case End how -> ended(how);
        };
    }

    /** A record that comes after the end changes nothing: a run that is swept, and then interrupted, is swept. */
    private Run ended(End how) {
        return end != null || through()
                ? this
                : new Run(requested, enumerated, decided, waiting, approval, tagsSwept, swept, how, verified);
    }

    private static <V> Map<Integer, V> put(Map<Integer, V> map, int partition, V value) {
        var more = new TreeMap<>(map);
        more.put(partition, value);
        return more;
    }

    private static <V> Set<V> plus(Set<V> set, V value) {
        var more = new TreeSet<>(set);
        more.add(value);
        return more;
    }

    public boolean approved() {
        return approval != null;
    }

    public RunId id() {
        return requested.run();
    }

    public State state() {
        if (end != null) {
            return end instanceof Cancelled ? State.CANCELLED : State.FAILED;
        }
        if (!allDecided()) {
            return enumerated == null ? State.REQUESTED : State.ENUMERATED;
        }
        if (requested.options().dryRun()) {
            return State.DECIDED;
        }
        if (swept.size() == decided.size()) {
            return State.SWEPT;
        }
        return mayBeSwept() ? State.SWEEPING : waiting == null ? State.DECIDED : State.WAITING;
    }

    /** Whether it has come to its end as it was asked for: swept, or, of a dry run, decided. */
    public boolean through() {
        return state() == State.SWEPT
                || (state() == State.DECIDED && requested.options().dryRun());
    }

    /** Whether nothing more will happen to it, but for an approval. */
    public boolean ended() {
        return switch (state()) {
            case SWEPT, FAILED, CANCELLED, WAITING -> true;
            case DECIDED -> requested.options().dryRun();
            case REQUESTED, ENUMERATED, SWEEPING -> false;
        };
    }

    /** Whether every partition has decided, and together on all that was enumerated. */
    public boolean allDecided() {
        return enumerated != null
                && !decided.isEmpty()
                && decided.size() == decided.values().iterator().next().partitions();
    }

    /** Decided, not a dry run, not ended, and let through by the circuit breaker or by an approval. */
    public boolean mayBeSwept() {
        return mayHaveSwept() && end == null && contradiction().isEmpty();
    }

    /** Whether anything may have been deleted before the run ended. */
    public boolean mayHaveSwept() {
        return allDecided() && !requested.options().dryRun() && (approved() || !exceedsBreaker());
    }

    /** Whether more is to be deleted than the request lets pass without approval. */
    public boolean exceedsBreaker() {
        return Breaker.holds(this).isPresent();
    }

    /** Why the circuit breaker holds it; empty if it does not. */
    public Optional<String> whyHeld() {
        return Breaker.holds(this);
    }

    /** The least share of deletions, in percent, that would have to be allowed for the run to pass. */
    public int leastMaxDelete() {
        return Breaker.least(this);
    }

    /** Whether nothing is left of its tags that is to go. */
    public boolean allTagsSwept() {
        return allDecided() && tagsSwept.size() == decided.size();
    }

    /** The difference between the numbers of blobs that were enumerated and that were decided on; empty if none. */
    public Optional<String> contradiction() {
        long decidedOn = totals().live().count() + totals().eligible().count();
        return allDecided() && decidedOn != enumerated.blobs()
                ? Optional.of(
                        "%d blobs were enumerated and %d were decided on".formatted(enumerated.blobs(), decidedOn))
                : Optional.empty();
    }

    /** The totals of all partitions. */
    public Totals totals() {
        return decided.values().stream().map(Decided::totals).reduce(Totals.NONE, Totals::plus);
    }

    /** The sweep of all partitions together. */
    public Sweep sweep() {
        return swept.values().stream().map(Swept::sweep).reduce(Sweep.NONE, Sweep::plus);
    }

    /** The repair of layer links in all partitions together. */
    public LinkRepair repair() {
        return swept.values().stream()
                .map(Swept::repair)
                .filter(Objects::nonNull)
                .reduce(LinkRepair.NONE, LinkRepair::plus);
    }

    /** How many files it has deleted that live manifests need; 0 if nobody has looked yet. */
    public long lost() {
        return verified == null ? 0 : verified.missing();
    }
}
