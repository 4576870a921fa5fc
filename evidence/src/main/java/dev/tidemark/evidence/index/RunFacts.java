package dev.tidemark.evidence.index;

import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The facts of a run that explain what it did to a digest.
 *
 * @param run its id
 * @param state as {@code tidemark show} says it
 * @param decided whether every partition has
 * @param requested when
 * @param cutoff all that was written since is young
 * @param by the user who asked for it
 * @param approvedBy the user who let it go when the circuit breaker held it, or null
 * @param approves the dry run on the strength of which it was asked for, or null
 * @param why it failed, was cancelled or waits; null otherwise
 * @param lost the records that the enumerator counted and the topics have lost, in words. Null if none are
 */
public record RunFacts(
        String run,
        String state,
        boolean decided,
        boolean dryRun,
        boolean deleteUntagged,
        String requested,
        String cutoff,
        String by,
        String approvedBy,
        String approves,
        String why,
        String lost) {

    private enum Query implements IndexReader.Query {
        /** In the order in which they were written. */
        LIFE("""
        SELECT json FROM life
        WHERE type IN ('requested', 'enumerated', 'decided', 'waiting', 'approved', 'tags-swept', 'swept',
          'verified', 'failed', 'cancelled')
        ORDER BY record"""),
        ALL_BLOBS("SELECT count(*) FROM blob"),
        ALL_MANIFESTS("SELECT count(*) FROM manifest"),
        ALL_LINKS("SELECT count(*) FROM layer");

        private final String sql;

        Query(String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }
    }

    /**
     * Reads them from the run's own index.
     *
     * @throws IndexException if the index has no request of the run: its topic {@code runs} was cut off
     */
    public static RunFacts read(IndexReader index) {
        Optional<Run> run = Optional.empty();
        String approvedBy = null;
        for (String json : index.list(Query.LIFE, row -> row.getString(1))) {
            RunRecord record = parse(json);
            run = Run.after(run, record);
            if (record instanceof RunRecord.Approved approved) {
                approvedBy = approved.by() == null ? "somebody" : approved.by();
            }
        }
        if (run.isEmpty()) {
            throw new IndexException(
                    "the index does not know what its run was asked to do: the topic runs has lost it", null);
        }
        return of(run.get(), approvedBy, lost(index, run.get().enumerated()));
    }

    private static RunRecord parse(String json) {
        try {
            return JsonSerde.MAPPER.readValue(json, RunRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the index has a record of the topic runs that can't be read: " + json, e);
        }
    }

    private static RunFacts of(Run run, String approvedBy, String lost) {
        var requested = run.requested();
        String why = switch (run.end()) {
            case null -> run.state() == Run.State.WAITING ? run.waiting().why() : null;
            case RunRecord.End end -> end.words();
        };
        return new RunFacts(
                run.id().toString(),
                run.state().word(),
                run.allDecided(),
                requested.options().dryRun(),
                requested.options().deleteUntagged(),
                time(requested.at()),
                time(requested.options().cutoff()),
                requested.by() == null ? "somebody" : requested.by(),
                approvedBy,
                text(requested.approves()),
                why,
                lost);
    }

    private static String lost(IndexReader index, RunRecord.Enumerated enumerated) {
        if (enumerated == null) {
            return null;
        }
        var lost = new ArrayList<String>();
        lost(lost, "blobs", index.number(Query.ALL_BLOBS), enumerated.blobs());
        lost(lost, "manifests", index.number(Query.ALL_MANIFESTS), enumerated.manifests());
        lost(lost, "layer links", index.number(Query.ALL_LINKS), enumerated.layerLinks());
        return lost.isEmpty() ? null : "the topics still have " + String.join(", ", lost);
    }

    private static void lost(List<String> lost, String what, long left, long found) {
        if (left < found) {
            lost.add(String.format(Locale.ROOT, "%,d of %,d %s", left, found, what));
        }
    }

    private static String text(RunId run) {
        return run == null ? null : run.toString();
    }

    /** As documents show it. */
    public static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
