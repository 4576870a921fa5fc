package dev.tidemark.cli.schedule;

import dev.tidemark.service.metrics.ScheduleMetrics.Result;

/** Collects one registry, again and again. */
public interface Collector {

    /** Looks at the runs so far. */
    void look();

    /**
     * Collects, and tells the user how it went.
     *
     * @throws dev.tidemark.cli.exit.BusyException if another process works on the registry
     */
    Result collect();

    /** Whether somebody has approved the run that waits. */
    boolean approved();
}
