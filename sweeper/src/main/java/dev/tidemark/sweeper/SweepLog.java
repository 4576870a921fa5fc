package dev.tidemark.sweeper;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.order.Batch;
import dev.tidemark.sweeper.order.Batch.Look;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of the log for what was not deleted. */
final class SweepLog {

    private static final Logger LOG = LoggerFactory.getLogger(SweepLog.class);

    private SweepLog() {}

    static void write(Batch.Done done) {
        Eligible of = done.eligible();
        switch (done.look()) {
            case Look.Spare(String why) -> LOG.info("{} spared {} {}: {}", of.run(), of.kind(), name(of), why);
            case Look.Failure failure ->
                LOG.warn("{} could not delete {} {}: {}", of.run(), of.kind(), name(of), failure.message());
            case Look.Delete delete -> {
                // As it should be.
            }
        }
    }

    private static String name(Eligible of) {
        String where = of.repository() == null ? "" : of.repository();
        return of.kind().leftover()
                ? Layout.leftover(of.repository(), of.path())
                : of.tag() == null ? where + "@" + of.digest() : where + ":" + of.tag();
    }
}
