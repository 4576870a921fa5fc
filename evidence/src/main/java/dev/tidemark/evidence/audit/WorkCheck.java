package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.text.Counted;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Checks that each item of the enumeration's work was planned, handed out and done once. */
final class WorkCheck {

    /** No registry has so many repositories. */
    private static final int MOST_ITEMS = 100_000_000;

    private final Connection connection;
    private final Topics topics;
    private final Retention retention;
    private final Findings findings;

    WorkCheck(Connection connection, Topics topics, Retention retention, Findings findings) {
        this.connection = connection;
        this.topics = topics;
        this.retention = retention;
        this.findings = findings;
    }

    /** The items of the work, and what is said of each; null if not all of that is there. */
    WorkLedger check() {
        var ledger = new WorkLedger();
        var planned = new ArrayList<Said<WorkDoneRecord.Planned>>();
        var done = new BitSet();
        Lifecycle.eachOfTheWork(connection, said -> {
            if (said.value() instanceof WorkDoneRecord.Done item && (item.item() < 0 || item.item() > MOST_ITEMS)) {
                findings.add(Finding.Kind.UNEXPECTED, "an item is done that was not planned: " + item.item(), said);
                return;
            }
            ledger.add(said.value());
            switch (said.value()) {
                case WorkDoneRecord.Planned plan ->
                    planned.add(new Said<>(plan, said.topic(), said.partition(), said.offset(), said.at()));
                case WorkDoneRecord.Done item -> {
                    if (done.get(item.item())) {
                        findings.add(Finding.Kind.REPEATED, "item " + item.item() + " is done again", said);
                    }
                    done.set(item.item());
                }
            }
        });
        boolean cut = retention.cut(topics.workDone(), 0);
        if (planned.isEmpty() || (cut && planned.getFirst().value().round() > 0)) {
            findings.gap(
                    "nothing says what was to be read" + (cut ? ": " + retention.words(topics.workDone(), 0) : ""));
            return null;
        }
        int items = planned(planned);
        for (int item = done.nextClearBit(0); item < items; item = done.nextClearBit(item + 1)) {
            findings.add(Finding.Kind.MISSING, "nothing says that item " + item + " is done", planned.getLast());
        }
        if (done.length() > items) {
            findings.add(
                    Finding.Kind.UNEXPECTED,
                    "an item is done that was not planned: " + (done.length() - 1),
                    planned.getLast());
        }
        items(planned, items);
        return ledger;
    }

    /** Two rounds, each once. Returns how many items there are. */
    private int planned(List<Said<WorkDoneRecord.Planned>> planned) {
        for (int round = 0; round < planned.size(); round++) {
            if (planned.get(round).value().round() != round) {
                findings.add(
                        Finding.Kind.REPEATED,
                        "round " + planned.get(round).value().round() + " of the work is planned where round " + round
                                + " should be",
                        planned.get(round));
            }
        }
        if (planned.size() != 2) {
            findings.gap("the work was planned in " + Counted.of(planned.size(), "round") + ", and it takes two");
        }
        return planned.getLast().value().items();
    }

    private void items(List<Said<WorkDoneRecord.Planned>> planned, int items) {
        long there = Sql.number(connection, "SELECT count(*) FROM record WHERE topic = ?", topics.work());
        for (Map.Entry<Integer, Boolean> partition :
                retention.partitions(topics.work()).entrySet()) {
            if (partition.getValue() && there < items) {
                findings.gap(retention.words(topics.work(), partition.getKey()));
                return;
            }
        }
        Said<WorkDoneRecord.Planned> last = planned.getLast();
        if (there != items) {
            findings.add(
                    there < items ? Finding.Kind.MISSING : Finding.Kind.UNEXPECTED,
                    "%,d items were handed out, and %,d planned".formatted(there, items),
                    last);
        }
        findings.addAll(Finding.Kind.REPEATED, """
        SELECT 'item ' || json_extract(json, '$.item') || ' is handed out again', max(record) FROM life
          WHERE type IN ('shards', 'repository', 'multiparts', 'trash')
        GROUP BY json_extract(json, '$.item') HAVING count(*) > 1""");
        findings.addAll(Finding.Kind.CONTRADICTION, """
        WITH item AS (SELECT json_extract(json, '$.item') AS number, json_extract(json, '$.name') AS name, type
          FROM life
                      WHERE type IN ('shards', 'repository', 'multiparts', 'trash')),
             done AS (SELECT json_extract(json, '$.item') AS number, json_extract(json, '$.repository') AS name, record
               FROM life
                      WHERE type = 'done')
        SELECT 'item ' || d.number || ' is said to be ' || coalesce('repository ' || d.name, 'no repository')
          || ', and was not handed out as that', d.record
        FROM done d JOIN item i ON i.number = d.number
        WHERE d.name IS NOT CASE i.type WHEN 'repository' THEN i.name END""");
        Checksum handedOut = Checksum.NONE;
        for (int partition : retention.partitions(topics.work()).keySet()) {
            handedOut = handedOut.plus(Checksums.of(connection, topics.work(), partition));
        }
        Checksum sum = planned.stream().map(plan -> plan.value().work()).reduce(Checksum.NONE, Checksum::plus);
        if (!sum.equals(handedOut)) {
            findings.add(
                    Finding.Kind.ALTERED,
                    "the items in " + topics.work() + " are not those that were handed out",
                    last);
        } else {
            rounds(planned);
        }
    }

    /** Each round hands out the items that come after those of the rounds before. */
    private void rounds(List<Said<WorkDoneRecord.Planned>> planned) {
        int first = 0;
        for (Said<WorkDoneRecord.Planned> round : planned) {
            Checksum[] handedOut = {Checksum.NONE};
            int[] count = {0};
            Sql.each(
                    connection,
                    """
          SELECT json FROM life
          WHERE type IN ('shards', 'repository', 'multiparts', 'trash') AND json_extract(json, '$.item') >= ?
            AND json_extract(json, '$.item') < ?""",
                    row -> {
                        handedOut[0] =
                                handedOut[0].plus(Checksum.of(row.getString(1).getBytes(StandardCharsets.UTF_8)));
                        count[0]++;
                    },
                    first,
                    round.value().items());
            if (count[0] != round.value().items() - first
                    || !handedOut[0].equals(round.value().work())) {
                findings.add(
                        Finding.Kind.ALTERED,
                        "the items of round " + round.value().round() + " are not those that were handed out",
                        round);
            }
            first = round.value().items();
        }
    }
}
