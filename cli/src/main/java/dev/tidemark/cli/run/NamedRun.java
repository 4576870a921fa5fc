package dev.tidemark.cli.run;

import dev.tidemark.cli.exit.UnknownRunException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.RunId;

/** The run that the user names. */
public final class NamedRun {

    private NamedRun() {}

    /**
     * @param id a run's, or {@code latest}
     * @throws UnknownRunException if there is no such run
     * @throws UsageException if that is no id of one
     */
    public static RunHistory.Entry in(RunHistory history, String id) {
        if (id.equals("latest")) {
            return history.latest()
                    .orElseThrow(() -> new UnknownRunException(
                            "there is no run yet: tidemark collect makes one, and tidemark run asks the "
                                    + "services on a cluster for one"));
        }
        RunId run;
        try {
            run = new RunId(id);
        } catch (IllegalArgumentException e) {
            throw new UsageException("'" + id + "' is no id of a run, as 20260131-235959: tidemark runs lists them", e);
        }
        return history.of(run)
                .orElseThrow(() -> new UnknownRunException("there is no run " + id + ": tidemark runs lists them"));
    }
}
