package dev.tidemark.report.data;

import dev.tidemark.evidence.index.TrashInventory;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.testkit.TestIndex;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A run whose report is made: its index as the topics would fill it, and the run whose counts agree with it. */
public final class ReportedRun implements AutoCloseable {

    static final Instant REQUESTED = Instant.parse("2026-11-23T21:18:39Z");
    static final RunId RUN = new RunId("20261123-211839");

    private static final long CUTOFF = REQUESTED.minus(Duration.ofHours(24)).toEpochMilli();
    private static final long WRITTEN = written(Duration.ofDays(40));
    private static final long SWEPT_AT = REQUESTED.plusSeconds(100).toEpochMilli();

    private final TestIndex index = TestIndex.index(RUN.toString()).cutoff(CUTOFF);
    private final List<Connection> opened = new ArrayList<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final List<RunHistory.Entry> past = new ArrayList<>();
    private final List<RunRecord> more = new ArrayList<>();
    private final List<TrashInventory.OfRun> trash = new ArrayList<>();
    private final List<Hold> holds = new ArrayList<>();
    private Optional<String> unread = Optional.empty();
    private Map<String, Tally> kept = Map.of();
    private String registry = "/var/lib/registry";
    private String by = "alice@example.org";
    private boolean dryRun = true;
    private boolean decided = true;
    private boolean enumerated = true;
    private boolean swept;
    private PolicyText policy;
    private int maxDelete = 75;

    /** How long before the run something was written. */
    static long written(Duration before) {
        return REQUESTED.minus(before).toEpochMilli();
    }

    /** Something in the trash, of whatever run. */
    ReportedRun trash(TrashInventory.OfRun ofRun) {
        trash.add(ofRun);
        return this;
    }

    ReportedRun hold(Hold hold) {
        holds.add(hold);
        return this;
    }

    public ReportedRun holdsUnread(String why) {
        unread = Optional.of(why);
        return this;
    }

    ReportedRun blob(String name, long size, String... linkedBy) {
        stored(name, size);
        for (String repository : linkedBy) {
            index.repo(repository).link(TestIndex.digest(name), WRITTEN, null, null);
        }
        return this;
    }

    ReportedRun manifest(String name, long size, String... heldBy) {
        stored(name, size);
        for (String repository : heldBy) {
            index.repo(repository)
                    .manifest(WRITTEN, TestIndex.digest(name), TestIndex.IMAGE, null, List.of(), List.of());
        }
        return this;
    }

    private void stored(String name, long size) {
        index.blob(TestIndex.digest(name), size, WRITTEN, null);
        sizes.put(name, size);
    }

    ReportedRun eligible(Kind kind, String name, String repository, Duration age, String... tags) {
        long bytes = kind == Kind.BLOB ? sizes.get(name) : 0;
        String reason = switch (kind) {
            case TAG -> "the policy lets it go";
            case MANIFEST -> "no tag names it, and nothing live references it";
            case LAYER -> "no live manifest of the repository references it";
            case BLOB -> "nothing live references it";
            case UPLOAD, MULTIPART -> "nobody has finished it";
            case DIRECTORY, REPOSITORY -> "nothing is in it";
            case LINK -> "what it names is not there";
        };
        return eligible(kind, name, repository, bytes, reason, age, tags);
    }

    ReportedRun eligible(
            Kind kind, String name, String repository, long bytes, String reason, Duration age, String... tags) {
        mention(repository);
        index.eligible(
                word(kind), TestIndex.digest(name), repository, bytes, reason, written(age), null, json(List.of(tags)));
        return this;
    }

    private void mention(String repository) {
        if (repository != null) {
            index.repo(repository);
        }
    }

    /** A blob that nothing needs, and all links to it. */
    ReportedRun garbage(String name, long size, Duration age, String... linkedBy) {
        blob(name, size, linkedBy);
        for (String repository : linkedBy) {
            eligible(Kind.LAYER, name, repository, age);
        }
        return eligible(Kind.BLOB, name, null, age);
    }

    ReportedRun done(Kind kind, String name, String repository, String outcome, String why) {
        dryRun = false;
        mention(repository);
        index.deletion(word(kind), TestIndex.digest(name), repository, outcome, why, SWEPT_AT);
        return this;
    }

    /** Everything eligible that nothing was done about yet is deleted. */
    ReportedRun sweptAll() {
        dryRun = false;
        swept = true;
        index.sweepRest(SWEPT_AT);
        return this;
    }

    ReportedRun kept(Map<String, Tally> kept) {
        this.kept = kept;
        return this;
    }

    /** It had a policy. */
    ReportedRun policy(String text) {
        policy = PolicyText.of(text);
        return this;
    }

    /** A tag of a manifest that was told before, and what the policy says of it. */
    ReportedRun tag(boolean kept, String repository, String tag, String manifest, String rule, String why) {
        if (kept) {
            index.repo(repository).kept(tag, TestIndex.digest(manifest), rule, why, null);
        } else {
            index.repo(repository).going(tag, TestIndex.digest(manifest), rule, why);
        }
        return this;
    }

    ReportedRun named(String registry, String by) {
        this.registry = registry;
        this.by = by;
        return this;
    }

    /** Past which share of the blobs it waits. */
    ReportedRun maxDelete(int percent) {
        maxDelete = percent;
        return real();
    }

    public ReportedRun real() {
        dryRun = false;
        return this;
    }

    ReportedRun undecided() {
        decided = false;
        return this;
    }

    public ReportedRun notEnumerated() {
        enumerated = false;
        return undecided();
    }

    /** Adds a record of the topic runs after the decision. */
    ReportedRun then(RunRecord record) {
        more.add(record);
        return this;
    }

    ReportedRun approvedBy(String who) {
        index.then(new RunRecord.Approved(RUN, who));
        return then(new RunRecord.Approved(RUN, who));
    }

    ReportedRun past(String run, long bytes, long freed) {
        past.add(PastRun.of(run, registry, bytes, freed));
        return this;
    }

    /** Something is done to the index of the last report that should not be. */
    public ReportedRun sql(String sql) {
        try (Statement statement = opened.getLast().createStatement()) {
            statement.executeUpdate(sql);
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private RunHistory.Entry entry(Connection index) {
        var counts = new CountedIndex(index);
        var reached = new EnumMap<Run.State, Instant>(Run.State.class);
        var options = new EnumeratedRecord.Options(CUTOFF, true, dryRun);
        Optional<Run> run = after(
                Optional.empty(),
                new RunRecord.Requested(RUN, REQUESTED.toEpochMilli(), options, maxDelete, by, null, null, policy),
                reached,
                1);
        if (enumerated) {
            run = after(run, counts.enumerated(registry), reached, 42);
        }
        if (decided) {
            run = after(run, counts.decided(kept), reached, 60);
        }
        for (RunRecord next : more) {
            run = after(run, next, reached, 70);
        }
        if (swept) {
            run = after(run, counts.swept(), reached, 131);
        }
        return new RunHistory.Entry(run.orElseThrow(), reached);
    }

    private static Optional<Run> after(
            Optional<Run> run, RunRecord record, Map<Run.State, Instant> reached, int seconds) {
        Optional<Run> next = Run.after(run, record);
        reached.putIfAbsent(next.orElseThrow().state(), REQUESTED.plusSeconds(seconds));
        return next;
    }

    /** The queries of an index that holds all that was told until now. */
    public ReportQueries queries() {
        Connection connection = index.open();
        opened.add(connection);
        RunHistory.Entry entry = entry(connection);
        var all = new ArrayList<>(past);
        all.add(entry);
        return new ReportQueries(
                connection, entry, all, new KeptBeside(trash, holds, unread), REQUESTED.plusSeconds(3600));
    }

    public ReportData report() {
        return queries().read();
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String json(Object value) {
        try {
            return JsonSerde.MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : opened) {
            connection.close();
        }
    }
}
