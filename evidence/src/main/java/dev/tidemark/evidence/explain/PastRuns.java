package dev.tidemark.evidence.explain;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import java.sql.Connection;
import java.util.List;
import java.util.function.Predicate;

/** The runs that can be asked. */
public interface PastRuns {

    /** Those that have decided. */
    List<RunId> latestFirst();

    /** Those of them whose index is there, so that asking them takes no time. */
    List<RunId> indexed();

    /** Opens the index of a run; builds it if need be. It is closed by whoever gives it. */
    Connection index(RunId run);

    /**
     * What was done to digests, in whatever run.
     *
     * @param exact the one digest that is wanted; null if there may be several
     */
    List<DeletionRecord> deletions(Predicate<Digest> wanted, Digest exact);
}
