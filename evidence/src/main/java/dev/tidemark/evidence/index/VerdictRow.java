package dev.tidemark.evidence.index;

import dev.tidemark.schemas.TagsRecord;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A row of the table {@code tagged} as the policy's word on a tag. */
public final class VerdictRow {

    private VerdictRow() {}

    /** The word; null if the run has no policy. */
    public static TagsRecord.Verdict of(ResultSet row) throws SQLException {
        Long kept = IndexReader.integer(row, "kept");
        return kept == null
                ? null
                : new TagsRecord.Verdict(
                        kept == 1,
                        row.getString("policy"),
                        row.getString("rule"),
                        row.getString("why"),
                        IndexReader.integer(row, "until"));
    }
}
