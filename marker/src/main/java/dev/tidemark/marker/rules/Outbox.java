package dev.tidemark.marker.rules;

import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;

/** The output of a marker's task: marks, eligible records, decisions and failures. */
public interface Outbox {

    /** To the partition of {@code marks} that the record says. */
    void marks(MarksRecord record);

    /** To the task's own partition of {@code eligible}, or of {@code eligible.dry-run}. Returns it as it is written. */
    byte[] eligible(boolean dryRun, EligibleRecord record);

    /** To {@code runs}. */
    void decided(RunRecord.Decided record);

    /** To the topic {@code runs}: the run has failed. */
    void failed(RunId run, String why);

    /** Others wait for what was sent: let it go soon. */
    void flush();
}
