package dev.tidemark.cli.run;

import dev.tidemark.schemas.Run;
import java.util.Optional;

/** The progress of a run, as far as it can be told. */
public interface Progress {

    /**
     * How far a phase is.
     *
     * @param all 0 as long as it is not known
     * @param of the name of the things that it counts
     * @param counted what its rate is told of
     * @param more to add, or empty
     */
    record Step(long done, long all, String of, long counted, String more) {}

    /** How far the run is in this phase; empty if it can't be told. */
    Optional<Step> step(Run run, Phases.Phase phase);
}
