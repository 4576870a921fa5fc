package dev.tidemark.evidence.index;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.MarksRecord.Marks;
import java.sql.Connection;

/** Writes the marker's own records into the index: marks, who refers to whom, and the barriers of the supersteps. */
final class MarksLoader {

    private static final ObjectReader MARKS = JsonSerde.MAPPER.readerFor(MarksRecord.class);

    private final RecordRows rows;
    private final Insert exchange;
    private final Insert mark;
    private final Insert referral;

    MarksLoader(Connection connection, RecordRows rows) {
        this.rows = rows;
        exchange = new Insert(connection, "INSERT INTO exchange VALUES (?, ?, ?, ?, ?, ?, ?)");
        mark = new Insert(connection, "INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?)");
        referral = new Insert(connection, "INSERT INTO referral VALUES (?, ?, ?, ?)");
    }

    void add(Entry entry) {
        MarksRecord said = rows.ofRun(entry) ? rows.read(MARKS, entry) : null;
        if (said == null) {
            return;
        }
        switch (said) {
            case Marks pack -> {
                long id = rows.record(entry, "marks");
                pack.marks().forEach(of -> add(entry, id, of));
                int count = pack.marks().stream().mapToInt(Marks.Entry::marks).sum();
                exchange.of(id, pack.from(), pack.sequence(), pack.to(), count, null, null);
            }
            case MarksRecord.EndOfSuperstep end ->
                exchange.of(
                        rows.told(entry, "end-of-superstep"),
                        end.from(),
                        end.sequence(),
                        end.to(),
                        0,
                        end.superstep(),
                        end.sent());
        }
    }

    private void add(Entry entry, long id, Marks.Entry of) {
        int place = 0;
        for (Digest child : of.digests()) {
            mark(entry, id, of, child, false, RecordRows.said(of.sizes(), place++));
        }
        of.optionalDigests().forEach(child -> mark(entry, id, of, child, true, null));
        if (of.subject() != null) {
            rows.place(of.subject(), entry, id);
            referral.of(
                    rows.digests.of(of.parent()),
                    rows.repositories.of(of.repository()),
                    rows.digests.of(of.subject()),
                    id);
        }
    }

    private void mark(Entry entry, long id, Marks.Entry of, Digest child, boolean optional, Long said) {
        rows.place(child, entry, id);
        mark.of(
                rows.digests.of(of.parent()),
                rows.repositories.of(of.repository()),
                rows.digests.of(child),
                optional,
                said,
                id);
    }
}
