package dev.tidemark.evidence.index;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.layout.ManifestLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the records of one run into the tables of its index, as they are. A record that comes twice stays visible. */
final class RunLoader {

    private static final ObjectReader RUNS = RecordRows.strict(RunRecord.class);
    private static final ObjectReader WORK = RecordRows.strict(WorkRecord.class);
    private static final ObjectReader WORK_DONE = RecordRows.strict(WorkDoneRecord.class);
    private static final ObjectReader ELIGIBLE = RecordRows.strict(EligibleRecord.class);
    private static final ObjectReader DELETIONS = RecordRows.strict(DeletionRecord.class);
    private static final ObjectReader TRASH = RecordRows.strict(TrashRecord.class);

    private final Topics topics;
    private final RunId run;
    private final RecordRows rows;
    private final Map<String, Consumer<Entry>> byTopic = new HashMap<>();

    private final Insert eligible;
    private final Insert approved;
    private final Insert deletion;
    private final Insert trash;

    /** The dry run that this one approves, once its request was read; or null. */
    private RunId approves;
    /** When each run was asked for, as far as it was read. */
    private final Map<RunId, Long> requested = new HashMap<>();

    RunLoader(Connection connection, Topics topics, RunId run) {
        this.topics = topics;
        this.run = run;
        rows = new RecordRows(connection, topics, run);
        var input = new InputLoader(connection, rows);
        var marks = new MarksLoader(connection, rows);
        eligible = new Insert(connection, "INSERT INTO eligible VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        approved = new Insert(connection, "INSERT INTO approved VALUES (?, ?, ?, ?, ?)");
        deletion = new Insert(connection, "INSERT INTO deletion VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        // The deletions are read before: of a tag one of them says which digest it named, and of any link whether it
        // was
        // a dangling one.
        trash = new Insert(connection, """
            INSERT INTO trash SELECT coalesce(l.digest, ?1, (SELECT digest FROM deletion WHERE kind = 'tag'
              AND repository = ?3 AND tag = ?4)), iif(l.digest IS NULL, ?2, 'link'), ?3,
              iif(l.digest IS NULL, ?4, ?14), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
            FROM (SELECT 1) LEFT JOIN
              (SELECT digest FROM deletion WHERE kind = 'link' AND repository = ?3 AND tag = ?14 LIMIT 1) l""");
        Sql.each(
                connection,
                "SELECT json FROM life WHERE type = 'requested'",
                row -> approves = approves(row.getString(1)));
        byTopic.put(topics.runs(), this::onRun);
        byTopic.put(topics.work(), this::onWork);
        byTopic.put(topics.workDone(), this::onWorkDone);
        byTopic.put(topics.repositories(), input::addRepository);
        byTopic.put(topics.tags(), input::addTags);
        for (EnumeratedRecord.Input of : EnumeratedRecord.Input.values()) {
            byTopic.put(topics.of(of), entry -> input.add(of, entry));
        }
        byTopic.put(topics.marks(), marks::add);
        byTopic.put(topics.eligible(), this::onEligible);
        byTopic.put(topics.eligibleDryRun(), this::onEligible);
        byTopic.put(topics.deletions(), this::onDeletion);
        byTopic.put(topics.trash(), this::onTrash);
        byTopic.put(topics.rejected(), this::onRejected);
    }

    private static RunId approves(String requested) {
        try {
            return RUNS.readValue(requested) instanceof RunRecord.Requested request ? request.approves() : null;
        } catch (IOException e) {
            throw new IllegalStateException("what the index holds was read before: " + requested, e);
        }
    }

    /** The topics that speak of runs, in the order in which they are read: what a run was asked to do comes first. */
    static List<String> topics(Topics topics) {
        return List.of(
                topics.runs(),
                topics.work(),
                topics.workDone(),
                topics.repositories(),
                topics.tags(),
                topics.manifests(),
                topics.blobs(),
                topics.layers(),
                topics.marks(),
                topics.eligible(),
                topics.eligibleDryRun(),
                topics.deletions(),
                topics.trash(),
                topics.rejected());
    }

    /** Writes what was summed up. */
    void finish() {
        rows.finish();
    }

    /** Takes the next record of a partition, of whatever run. */
    void add(Entry entry) {
        byTopic.get(entry.topic()).accept(entry);
    }

    /** When the first record may have been written that matters of a topic; empty if that isn't known. */
    Optional<Instant> began(String topic) {
        RunId first = approves != null && topic.equals(topics.eligibleDryRun()) ? approves : run;
        return Optional.ofNullable(requested.get(first)).map(Instant::ofEpochMilli);
    }

    private void onRun(Entry entry) {
        RunRecord said = rows.read(RUNS, entry);
        if (said instanceof RunRecord.Requested request) {
            requested.putIfAbsent(request.run(), Math.min(request.at(), entry.timestamp()));
        }
        if (said instanceof RunRecord.Requested request && request.run().compareTo(run) > 0) {
            rows.told(entry, "later-request");
        }
        if (said == null || !said.run().equals(run)) {
            return;
        }
        String type = switch (said) {
            case RunRecord.Requested requested -> {
                approves = requested.approves();
                yield "requested";
            }
            case RunRecord.Enumerated enumerated -> "enumerated";
            case RunRecord.Decided decided -> "decided";
            case RunRecord.Waiting waiting -> "waiting";
            case RunRecord.Approved approved -> "approved";
            case RunRecord.TagsSwept tags -> "tags-swept";
            case RunRecord.Swept swept -> "swept";
            case RunRecord.Verified verified -> "verified";
            case RunRecord.Failed failed -> "failed";
            case RunRecord.Cancelled cancelled -> "cancelled";
        };
        rows.told(entry, type);
    }

    private void onWork(Entry entry) {
        WorkRecord work = rows.ofRun(entry) ? rows.read(WORK, entry) : null;
        if (work != null) {
            rows.told(
                    entry,
                    switch (work) {
                        case WorkRecord.Shards shards -> "shards";
                        case WorkRecord.Repository repository -> "repository";
                        case WorkRecord.Multiparts multiparts -> "multiparts";
                        case WorkRecord.Trash trash -> "trash";
                    });
            rows.sum(entry);
        }
    }

    private void onWorkDone(Entry entry) {
        WorkDoneRecord done = rows.ofRun(entry) ? rows.read(WORK_DONE, entry) : null;
        if (done != null) {
            rows.told(entry, done instanceof WorkDoneRecord.Planned ? "planned" : "done");
        }
    }

    private void onEligible(Entry entry) {
        EligibleRecord said = rows.read(ELIGIBLE, entry);
        if (said == null) {
            return;
        }
        if (said.run().equals(run)) {
            switch (said) {
                case EligibleRecord.EndOfEligible end -> rows.told(entry, "end-of-eligible");
                case EligibleRecord.Eligible one -> {
                    long id = rows.record(entry, "eligible");
                    rows.sum(entry);
                    rows.place(one.digest(), entry, id);
                    eligible.of(
                            rows.digests.of(one.digest()),
                            RecordRows.name(one.kind()),
                            rows.in(one.repository()),
                            RecordRows.name(one.tag(), one.path()),
                            one.bytes(),
                            String.valueOf(one.reason()),
                            one.modified(),
                            Objects.toString(one.unreferencedSince(), null),
                            RecordRows.json(one.history()),
                            id);
                }
            }
        } else if (said.run().equals(approves) && entry.topic().equals(topics.eligibleDryRun())) {
            switch (said) {
                case EligibleRecord.EndOfEligible end -> rows.told(entry, "end-of-approved");
                case EligibleRecord.Eligible one ->
                    approved.of(
                            rows.digests.of(one.digest()),
                            RecordRows.name(one.kind()),
                            rows.in(one.repository()),
                            RecordRows.name(one.tag(), one.path()),
                            rows.record(entry, "approved-eligible"));
            }
        }
    }

    private void onDeletion(Entry entry) {
        DeletionRecord said = rows.read(DELETIONS, entry);
        if (said == null || !said.run().equals(run)) {
            return;
        }
        long id = rows.record(entry, "deletion");
        rows.sum(entry);
        rows.place(said.digest(), entry, id);
        deletion.of(
                rows.digests.of(said.digest()),
                RecordRows.name(said.kind()),
                rows.in(said.repository()),
                RecordRows.name(said.tag(), said.path()),
                RecordRows.name(said.outcome()).replace('_', '-'),
                said.bytes(),
                said.why(),
                said.keep(),
                said.at(),
                id);
    }

    private void onTrash(Entry entry) {
        TrashRecord said = rows.read(TRASH, entry);
        if (said == null || !said.run().equals(run)) {
            return;
        }
        TrashRecord.Due due = said.due();
        trash.of(
                said.digest() == null ? null : rows.digests.of(said.digest()),
                RecordRows.name(said.kind()),
                rows.in(said.repository()),
                RecordRows.name(said.tag(), said.path()),
                RecordRows.name(said.outcome()),
                said.bytes(),
                said.why(),
                said.by(),
                due == null ? null : due.since(),
                due == null ? null : due.least(),
                due == null ? null : due.looked(),
                said.at(),
                rows.record(entry, "trash"),
                ManifestLink.of(said).map(ManifestLink::path).orElse(null));
    }

    /** A record that was set aside as unreadable: its key says where it came from. */
    private void onRejected(Entry entry) {
        rows.tell(
                entry,
                "rejected",
                RecordRows.json(entry.key() == null ? "" : new String(entry.key(), StandardCharsets.UTF_8)));
    }
}
