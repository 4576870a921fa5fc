package dev.tidemark.report.data;

import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.evidence.index.TrashInventory;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.report.data.ReportData.Effect;
import dev.tidemark.report.data.ReportData.Listing;
import dev.tidemark.report.data.ReportData.Tense;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import java.io.IOException;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads all that a report shows from a run's index, and from the records of the run and of those before it in the topic
 * {@code runs}.
 */
public final class ReportQueries {

    private static final Map<Kind, Integer> LISTED = Map.of(
            Kind.TAG,
            1000,
            Kind.BLOB,
            2000,
            Kind.MANIFEST,
            1500,
            Kind.LAYER,
            500,
            Kind.UPLOAD,
            500,
            Kind.MULTIPART,
            500,
            Kind.REPOSITORY,
            500,
            Kind.DIRECTORY,
            500,
            Kind.LINK,
            500);
    private static final int EXCEPTIONS_LISTED = 500;
    private static final int RUNS_LISTED = 10;
    private static final int HOLDS_LISTED = 100;

    private final Connection index;
    private final RunHistory.Entry entry;
    private final List<RunHistory.Entry> past;
    private final KeptBeside beside;
    private final Instant now;
    private final Run run;

    /**
     * @param index of the run, as {@code index.sql} has its tables; nothing is written to it
     * @param entry the run
     * @param past all runs that are known, in any order
     */
    public ReportQueries(
            Connection index, RunHistory.Entry entry, List<RunHistory.Entry> past, KeptBeside beside, Instant now) {
        this.index = index;
        this.entry = entry;
        this.past = past;
        this.beside = beside;
        this.now = now;
        run = entry.run();
    }

    /** All that a report shows. */
    public ReportData read() {
        try {
            Tense tense = tense();
            var usage = RepositoryUsage.read(index, tense);
            return new ReportData(
                    now.toEpochMilli(),
                    header(),
                    found(),
                    StorageParts.of(index, run),
                    effect(tense),
                    TagsByRule.of(index, run),
                    RunTimes.phases(entry, now),
                    usage.largest(),
                    usage.map(),
                    usage.largestOwn(),
                    EligibleAges.of(index, run.requested().at()),
                    usage.shared(),
                    RunTimes.growth(past, run.id()),
                    trash(),
                    holds(),
                    listing(tense),
                    problems(),
                    EvidenceGaps.of(index, run, tense));
        } catch (IndexException e) {
            throw unreadable(e);
        }
    }

    /** All rows of the table, none left out, in the order of their digests. */
    public void list(Consumer<ReportRow> out) {
        try (var rows = new ReportRowReader(index, tense().swept())) {
            rows.each("ORDER BY digest, repository", out);
        } catch (IndexException e) {
            throw unreadable(e);
        }
    }

    private static ReportException unreadable(IndexException e) {
        return new ReportException(e.getMessage() + ": remove the index, and it is built again", e);
    }

    private ReportData.Header header() {
        var requested = run.requested();
        var options = requested.options();
        return new ReportData.Header(
                run.id().toString(),
                run.enumerated() == null ? null : run.enumerated().registry(),
                run.state().word(),
                why(),
                requested.by(),
                approvedBy(),
                requested.approves() == null ? null : requested.approves().toString(),
                requested.at(),
                entry.last().toEpochMilli(),
                run.ended(),
                options.dryRun(),
                options.deleteUntagged(),
                options.cutoff(),
                requested.maxDelete());
    }

    private String why() {
        return switch (run.end()) {
            case RunRecord.End end -> "It " + end.words();
            case null ->
                run.state() == Run.State.WAITING
                        ? run.waiting().why()
                        : run.contradiction().orElse(null);
        };
    }

    private String approvedBy() {
        String[] by = {null};
        Sql.each(
                index,
                "SELECT json FROM life WHERE type = 'approved' ORDER BY record DESC LIMIT 1",
                row -> by[0] = approver(row.getString(1)));
        return by[0];
    }

    private static String approver(String json) {
        try {
            return JsonSerde.MAPPER.readTree(json).path("by").asText("somebody");
        } catch (IOException e) {
            throw new ReportException("the index has a record of the topic runs that can't be read: " + json, e);
        }
    }

    private ReportData.Found found() {
        var enumerated = run.enumerated();
        return enumerated == null
                ? null
                : new ReportData.Found(
                        enumerated.repositories(),
                        enumerated.tags(),
                        enumerated.manifests(),
                        enumerated.layerLinks(),
                        enumerated.blobs(),
                        enumerated.bytes());
    }

    private ReportData.Trash trash() {
        List<TrashInventory.OfRun> runs = beside.trash();
        return new ReportData.Trash(
                new Tally(
                        runs.stream().mapToLong(TrashInventory.OfRun::files).sum(),
                        runs.stream().mapToLong(TrashInventory.OfRun::bytes).sum()),
                runs.size(),
                runs.stream().limit(RUNS_LISTED).toList());
    }

    private ReportData.Holds holds() {
        List<ReportData.Held> held = beside.holds().stream()
                .filter(hold -> !hold.over(now.toEpochMilli()))
                .map(hold -> new ReportData.Held(hold.of(), hold.reason(), hold.by(), hold.until()))
                .sorted(Comparator.comparing(ReportData.Held::until, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(ReportData.Held::of))
                .toList();
        return new ReportData.Holds(
                held.size(),
                held.stream().limit(HOLDS_LISTED).toList(),
                beside.unread().orElse(null));
    }

    private Map<String, Long> problems() {
        var problems = new TreeMap<String, Long>();
        if (run.enumerated() != null) {
            run.enumerated().problems().forEach((kind, count) -> problems.put(kind.title(), count));
        }
        if (run.totals().missing() > 0) {
            problems.put(
                    "blobs that live images name and that are not there: these images are broken already",
                    run.totals().missing());
        }
        if (run.totals().wrongSizes().blobs() > 0) {
            problems.put(
                    "blobs that have another size than live images say: these images are broken already",
                    run.totals().wrongSizes().blobs());
        }
        if (run.totals().unlinked().links() > 0) {
            problems.put(
                    "layer links that live images need and that were not there, while their blobs were",
                    run.totals().unlinked().links());
        }
        if (run.lost() > 0) {
            problems.put("files that live images need and that this run has deleted", run.lost());
        }
        return problems;
    }

    private Tense tense() {
        if (!run.allDecided()) {
            return Tense.UNKNOWN;
        }
        return switch (run.state()) {
            case SWEPT -> Tense.FREED;
            case SWEEPING -> Tense.SO_FAR;
            case FAILED, CANCELLED -> run.mayHaveSwept() ? Tense.SO_FAR : Tense.WOULD_HAVE_BEEN;
            case REQUESTED, ENUMERATED, DECIDED, WAITING -> Tense.WOULD_BE;
        };
    }

    private Effect effect(Tense tense) {
        var removed = new EnumMap<Kind, Tally>(Kind.class);
        var others = new TreeMap<String, Long>();
        if (tense.swept()) {
            Sql.each(index, """
          SELECT kind, outcome, count(*), sum(bytes)
          FROM (SELECT kind, outcome, bytes, max(record) FROM deletion GROUP BY digest, kind, repository, tag)
          GROUP BY kind, outcome""", row -> {
                if (row.getString(2).equals("deleted")) {
                    removed.put(ReportRowReader.kind(row.getString(1)), new Tally(row.getLong(3), row.getLong(4)));
                } else {
                    others.merge(row.getString(2), row.getLong(3), Long::sum);
                }
            });
        } else if (tense != Tense.UNKNOWN) {
            Sql.each(
                    index,
                    "SELECT kind, count(*), sum(bytes) FROM eligible GROUP BY kind",
                    row -> removed.put(
                            ReportRowReader.kind(row.getString(1)), new Tally(row.getLong(2), row.getLong(3))));
        }
        return new Effect(
                tense,
                removed,
                StorageParts.sum(removed.values()).bytes(),
                others.getOrDefault("already-gone", 0L),
                others.getOrDefault("spared", 0L),
                others.getOrDefault("failed", 0L));
    }

    private Listing listing(Tense tense) {
        var count = new EnumMap<Kind, Long>(Kind.class);
        var listed = new ArrayList<ReportRow>();
        try (var rows = new ReportRowReader(index, tense.swept())) {
            rows.counts(count);
            if (tense.swept()) {
                rows.each(
                        "WHERE outcome IN ('failed', 'spared') ORDER BY outcome, bytes DESC, digest LIMIT "
                                + EXCEPTIONS_LISTED,
                        listed::add);
            }
            String rest = tense.swept() ? "WHERE outcome NOT IN ('failed', 'spared') AND kind = " : "WHERE kind = ";
            rows.each(rest + "'tag' ORDER BY modified DESC, digest, tag LIMIT " + LISTED.get(Kind.TAG), listed::add);
            rows.each(rest + "'blob' ORDER BY bytes DESC, digest LIMIT " + LISTED.get(Kind.BLOB), listed::add);
            rows.each(
                    rest + "'manifest' ORDER BY modified DESC, digest LIMIT " + LISTED.get(Kind.MANIFEST), listed::add);
            rows.each(rest + "'layer' ORDER BY modified DESC, digest LIMIT " + LISTED.get(Kind.LAYER), listed::add);
            rows.each(rest + "'repository' ORDER BY repository LIMIT " + LISTED.get(Kind.REPOSITORY), listed::add);
            rows.each(rest + "'directory' ORDER BY repository, tag LIMIT " + LISTED.get(Kind.DIRECTORY), listed::add);
            rows.each(rest + "'link' ORDER BY repository, tag LIMIT " + LISTED.get(Kind.LINK), listed::add);
            rows.each(rest + "'upload' ORDER BY bytes DESC, digest LIMIT " + LISTED.get(Kind.UPLOAD), listed::add);
            rows.each(
                    rest + "'multipart' ORDER BY bytes DESC, digest LIMIT " + LISTED.get(Kind.MULTIPART), listed::add);
        }
        return new Listing(count, listed);
    }
}
