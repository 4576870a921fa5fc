package dev.tidemark.evidence.explain;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import java.sql.Connection;
import java.util.List;
import java.util.function.Predicate;

/** The runs that an explanation can draw on, with their indexes and deletions. */
public interface PastRuns {

    /** The runs that have decided. */
    List<RunId> latestFirst();

    /** Those of them whose index is there, so that asking them takes no time. */
    List<RunId> indexed();

    /** Opens the index of a run; builds it if need be. The caller does not close it. */
    Connection index(RunId run);

    /**
     * The deletions of digests, of all runs.
     *
     * @param exact the one digest that is wanted; null if there may be several
     */
    List<DeletionRecord> deletions(Predicate<Digest> wanted, Digest exact);
}
