package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Checks that all that the enumerator counted is in the topics, as it wrote it, and nothing else. */
final class InputCheck {

    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;
    private boolean whole = true;
    private WorkLedger ledger;

    InputCheck(Connection connection, Topics topics, Lifecycle life, Retention retention, Findings findings) {
        this.connection = connection;
        this.topics = topics;
        this.life = life;
        this.retention = retention;
        this.findings = findings;
    }

    /** Whether all that what is live depends on is there. */
    boolean whole() {
        return whole;
    }

    /** The run's own plan, and the work on it that was done; empty if not all of that is there. */
    Optional<WorkLedger> work() {
        return Optional.ofNullable(ledger);
    }

    String check() {
        misplaced();
        repeated();
        ledger = new WorkCheck(connection, topics, retention, findings).check();
        for (Input input : Input.values()) {
            Map<Integer, Long> counts = counts(input);
            for (int partition = 0; partition < topics.partitions(); partition++) {
                partition(input, partition, counts.getOrDefault(partition, 0L), ledger);
            }
        }
        enumerated(ledger);
        if (ledger != null) {
            new RepositoriesCheck(connection, topics, retention, findings).check(whole, life.options());
            new HoldsCheck(connection, findings, whole).check(ledger.holds());
        }
        return Counted.of(count("manifest"), "manifest") + ", " + Counted.of(count("layer"), "layer link") + ", "
                + Counted.of(count("blob"), "blob") + leftovers();
    }

    private String leftovers() {
        long left = count("leftover");
        return left == 0 ? "" : ", " + Counted.of(left, "leftover");
    }

    private long count(String table) {
        return Sql.number(connection, "SELECT count(*) FROM " + table);
    }

    private void misplaced() {
        findings.addAll(Finding.Kind.MISPLACED, "SELECT why, record FROM misplaced");
    }

    private void repeated() {
        findings.addAll(Finding.Kind.REPEATED, """
        SELECT 'the ' || u.kind || ' ' || coalesce(d.text || coalesce(' in ' || p.name, ''), p.name)
          || ' was recorded before', u.record
        FROM duplicate u LEFT JOIN digest d ON d.id = u.digest LEFT JOIN repository p ON p.id = u.repository""");
    }

    private Map<Integer, Long> counts(Input input) {
        String table = input == Input.LAYERS
                ? "(SELECT record FROM layer UNION ALL SELECT record FROM leftover)"
                : input.name().toLowerCase(Locale.ROOT).replaceFirst("s$", "");
        var counts = new HashMap<Integer, Long>();
        Sql.each(
                connection,
                "SELECT r.partition, count(*) FROM " + table
                        + " t JOIN record r ON r.id = t.record GROUP BY r.partition",
                row -> counts.put(row.getInt(1), row.getLong(2)));
        return counts;
    }

    /** One partition of one of the three topics, from its first barrier to its last. */
    private void partition(Input input, int partition, long count, WorkLedger ledger) {
        String topic = topics.of(input);
        List<Said<StartOfInput>> starts = Lifecycle.in(topic, partition, life.starts);
        List<Said<EndOfInput>> ends = Lifecycle.in(topic, partition, life.endsOfInput);
        if (starts.isEmpty()) {
            whole = false;
            boolean cut = retention.cut(topic, partition);
            findings.gap("the first barrier of " + topic + "-" + partition + " is not there"
                    + (cut ? ": " + retention.words(topic, partition) : ""));
        } else {
            start(input, starts);
        }
        if (ends.isEmpty()) {
            whole = false;
            findings.gap("the last barrier of " + topic + "-" + partition + " is not there");
        }
        if (starts.isEmpty() || ends.isEmpty()) {
            return;
        }
        if (ends.size() > 1) {
            findings.gap("the last barrier of " + topic + "-" + partition + " is there " + ends.size() + " times");
        }
        between(topic, partition, starts.getFirst().offset(), ends.getLast().offset());
        for (Said<EndOfInput> end : ends) {
            end(input, count, ledger, end);
        }
    }

    private void start(Input input, List<Said<StartOfInput>> starts) {
        for (Said<StartOfInput> start : starts) {
            if (start.value().input() != input) {
                findings.add(
                        Finding.Kind.MISPLACED,
                        "a barrier of " + start.value().input().name().toLowerCase(Locale.ROOT),
                        start);
            }
            for (Said<Requested> request : life.requested.subList(0, Math.min(1, life.requested.size()))) {
                if (!start.value().options().equals(request.value().options())) {
                    findings.add(
                            Finding.Kind.CONTRADICTION, "the run began with other options than were asked for", start);
                }
                if (!start.value().request().equals(request.value().checksum())) {
                    findings.add(
                            Finding.Kind.ALTERED, "the run's request is not what it was when the run began", request);
                }
            }
        }
        if (starts.size() > 1) {
            findings.add(Finding.Kind.REPEATED, "the first barrier is there again", starts.getLast());
        }
    }

    private void between(String topic, int partition, long first, long last) {
        findings.addAll(Finding.Kind.UNEXPECTED, """
        SELECT 'a record of the run that is not between its barriers', id FROM record
        WHERE topic = ? AND partition = ? AND (offset < ? OR offset > ?)
          AND type IN ('manifests', 'blobs', 'layers')""", topic, partition, first, last);
    }

    private void end(Input input, long count, WorkLedger ledger, Said<EndOfInput> end) {
        EndOfInput value = end.value();
        if (value.input() != input) {
            findings.add(
                    Finding.Kind.MISPLACED,
                    "a barrier of " + value.input().name().toLowerCase(Locale.ROOT),
                    end);
        }
        String name = input.name().toLowerCase(Locale.ROOT);
        if (value.records() > count) {
            whole = false;
            findings.add(
                    Finding.Kind.MISSING,
                    "%,d of the %,d %s that were counted are not there"
                            .formatted(value.records() - count, value.records(), name),
                    end);
        } else if (value.records() < count) {
            findings.add(
                    Finding.Kind.UNEXPECTED,
                    "%,d %s are there, and %,d were counted".formatted(count, name, value.records()),
                    end);
        }
        if (!value.checksum().equals(Checksums.of(connection, end.topic(), end.partition()))) {
            findings.add(
                    Finding.Kind.ALTERED,
                    "the " + name + " before this barrier are not those that it was written for",
                    end);
        }
        if (ledger != null) {
            WorkDoneRecord.Records counted = ledger.records(value.input(), end.partition());
            if (counted.count() != value.records()) {
                findings.add(
                        Finding.Kind.CONTRADICTION,
                        "the barrier counts %,d %s, and those who read them %,d"
                                .formatted(value.records(), name, counted.count()),
                        end);
            }
            if (!counted.checksum().equals(value.checksum())) {
                findings.add(
                        Finding.Kind.ALTERED, "the barrier's checksum is not that of those who read the " + name, end);
            }
        }
    }

    /**
     * Compares the run's summary of the storage with the sums of its items and, again, with the records themselves.
     */
    private void enumerated(WorkLedger ledger) {
        for (Said<Enumerated> said : life.enumerated) {
            Enumerated value = said.value();
            if (ledger != null && !ledger.enumerated(value.registry()).equals(value)) {
                findings.add(
                        Finding.Kind.CONTRADICTION,
                        "what was enumerated is not what the items come to: "
                                + differing(ledger.enumerated(value.registry()), value),
                        said);
            }
            Lifecycle.eachOfTheWork(connection, work -> {
                if (work.value() instanceof WorkDoneRecord.Planned plan
                        && !plan.registry().equals(value.registry())) {
                    findings.add(
                            Finding.Kind.CONTRADICTION,
                            "the work was planned for " + plan.registry() + ", and the run enumerated "
                                    + value.registry(),
                            work);
                }
            });
            if (whole) {
                var counted = new EnumMap<Input, Long>(Map.of(
                        Input.MANIFESTS,
                        value.manifests(),
                        Input.LAYERS,
                        value.layerLinks(),
                        Input.BLOBS,
                        value.blobs()));
                counted.forEach((input, count) -> {
                    long there = count(input.name().toLowerCase(Locale.ROOT).replaceFirst("s$", ""));
                    if (there != count) {
                        findings.add(
                                Finding.Kind.CONTRADICTION,
                                "%,d %s are said to be enumerated, and %,d are there"
                                        .formatted(count, input.name().toLowerCase(Locale.ROOT), there),
                                said);
                    }
                });
                long bytes = Sql.number(connection, "SELECT coalesce(sum(size), 0) FROM blob");
                if (bytes != value.bytes()) {
                    findings.add(
                            Finding.Kind.CONTRADICTION,
                            "%,d bytes are said to be enumerated, and the blobs have %,d"
                                    .formatted(value.bytes(), bytes),
                            said);
                }
            }
        }
    }

    private static String differing(Enumerated computed, Enumerated said) {
        List<String> names = new ArrayList<>();
        for (var component : Enumerated.class.getRecordComponents()) {
            try {
                if (!Objects.equals(
                        component.getAccessor().invoke(computed),
                        component.getAccessor().invoke(said))) {
                    names.add(component.getName());
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record's components can be read", e);
            }
        }
        return String.join(", ", names);
    }
}
