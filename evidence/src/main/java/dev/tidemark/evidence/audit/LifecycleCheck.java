package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import java.io.IOException;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that the run came to its end, that its records agree on that, and that all records can be read. */
final class LifecycleCheck {

    private static final Pattern REJECTED = Pattern.compile("(.+)-(\\d+)@(\\d+)");

    /** A schedule can ask for the same run twice, when it changes hands: that changes nothing. */
    private static final String SCHEDULE = "schedule";

    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;

    LifecycleCheck(Connection connection, Topics topics, Lifecycle life, Retention retention, Findings findings) {
        this.connection = connection;
        this.topics = topics;
        this.life = life;
        this.retention = retention;
        this.findings = findings;
    }

    String check() {
        request();
        once("the record that it was enumerated", life.enumerated, true);
        once("the record that it waits", life.waiting, true);
        once("its approval", life.approved, true);
        state();
        order();
        verified();
        unreadable();
        return Counted.of(
                        Sql.number(
                                connection,
                                "SELECT count(*) FROM record WHERE topic = ? AND type NOT IN ('later-request', "
                                        + "'unreadable')",
                                topics.runs()),
                        "record")
                + " of its life";
    }

    private void request() {
        if (life.requested.isEmpty()) {
            findings.gap("the run's request is not there"
                    + (retention.cut(topics.runs(), 0) ? ": " + retention.words(topics.runs(), 0) : ""));
            return;
        }
        boolean scheduled = SCHEDULE.equals(life.requested.getFirst().value().by());
        if (!scheduled || life.requested.stream().map(Said::value).distinct().count() > 1) {
            once("its request", life.requested, true);
        }
    }

    /**
     * Checks that a record is there once.
     *
     * @param mayRepeat whether one who takes over from another may have said the same again
     */
    private <T> void once(String what, List<Said<T>> all, boolean mayRepeat) {
        for (Said<T> again : all.subList(Math.min(1, all.size()), all.size())) {
            if (mayRepeat && Objects.equals(again.value(), all.getFirst().value())) {
                findings.gap(what + " is there " + all.size() + " times");
            } else {
                findings.add(
                        Finding.Kind.REPEATED,
                        what + " is there again"
                                + (again.value().equals(all.getFirst().value()) ? "" : ", and says something else"),
                        again);
            }
        }
    }

    private void state() {
        for (Said<RunRecord.End> end : life.ends) {
            findings.gap(
                    "the run %s (%s-%d@%d)".formatted(end.value().words(), end.topic(), end.partition(), end.offset()));
        }
        if (life.superseding != null) {
            findings.gap("the run " + life.superseding.value().run() + " was asked for before this one had ended");
        }
        life.run.ifPresent(run -> {
            if (!run.ended()) {
                findings.gap("the run is " + run.state().word() + ", and has not ended");
            } else if (run.end() == null && run.contradiction().isPresent()) {
                findings.gap("the run does not add up: " + run.contradiction().get());
            }
        });
    }

    /**
     * Enumerated, decided, waited for approval, approved, swept: in that order, and approved only if the circuit
     * breaker held it.
     */
    private void order() {
        if (life.run.isEmpty()) {
            return;
        }
        Run run = life.run.get();
        follows(life.requested, life.enumerated, "it was enumerated before it was asked for");
        follows(life.enumerated, life.swept, "it was swept before it was enumerated");
        follows(life.decided, life.swept, "it was swept before all had decided");
        follows(life.decided, life.waiting, "it waits before all had decided");
        follows(life.waiting, life.approved, "it was approved before it waited");
        follows(life.approved, life.swept, "it was swept before it was approved");
        follows(life.decided, life.tagsSwept, "its tags were swept before all had decided");
        follows(life.approved, life.tagsSwept, "its tags were swept before it was approved");
        follows(life.tagsSwept, life.swept, "it was swept before all its tags were");
        boolean held = run.allDecided()
                && run.exceedsBreaker()
                && !run.requested().options().dryRun();
        if (!held) {
            life.waiting.forEach(said ->
                    findings.add(Finding.Kind.UNEXPECTED, "the circuit breaker did not hold it, and it waits", said));
            life.approved.forEach(said -> findings.add(
                    Finding.Kind.UNEXPECTED, "the circuit breaker did not hold it, and it was approved", said));
            return;
        }
        String why = run.whyHeld().orElseThrow();
        life.waiting.stream()
                .filter(said -> !said.value().why().equals(why))
                .forEach(said -> findings.add(
                        Finding.Kind.CONTRADICTION,
                        "it waits because " + said.value().why() + ", and it is that " + why,
                        said));
        if (life.waiting.isEmpty() && !life.approved.isEmpty()) {
            findings.add(
                    Finding.Kind.MISSING, "it was approved, and nothing says that it waited", life.approved.getFirst());
        }
        if (life.waiting.isEmpty() && life.approved.isEmpty()) {
            findings.gap("the circuit breaker holds the run, and nothing says that it waits");
        }
    }

    /** A file that the run itself has lost is worse than anything that its records could contradict. */
    private void verified() {
        if (!life.verified.isEmpty() && life.verified.getLast().value().missing() > 0) {
            Said<Verified> last = life.verified.getLast();
            findings.add(
                    Finding.Kind.LIVE,
                    Counted.of(last.value().missing(), "file") + " that live manifests need had been deleted by it",
                    last);
        }
    }

    private <A, B> void follows(List<Said<A>> first, List<Said<B>> second, String otherwise) {
        long last = first.stream().mapToLong(Said::offset).max().orElse(-1);
        second.stream()
                .filter(said -> said.offset() < last)
                .forEach(said -> findings.add(Finding.Kind.CONTRADICTION, otherwise, said));
    }

    /** Records that can't be read, or were set aside for that, among those of the run: they may have been anything. */
    private void unreadable() {
        Sql.run(connection, "DROP TABLE IF EXISTS temp.span");
        Sql.run(connection, """
        CREATE TEMP TABLE span AS SELECT topic, partition, min(offset) AS first, max(offset) AS last FROM record
        WHERE type NOT IN ('unreadable', 'rejected', 'approved-eligible', 'end-of-approved', 'later-request')
          GROUP BY topic, partition""");
        Sql.each(
                connection,
                """
        SELECT r.topic, r.partition, r.offset, l.json FROM life l JOIN record r ON r.id = l.record
        JOIN temp.span s ON s.topic = r.topic AND s.partition = r.partition
        WHERE l.type = 'unreadable' AND r.offset BETWEEN s.first AND s.last""",
                row -> findings.gap("%s-%d@%d can't be read: %s"
                        .formatted(row.getString(1), row.getInt(2), row.getLong(3), text(row.getString(4)))));
        Sql.each(connection, "SELECT l.json FROM life l WHERE l.type = 'rejected'", row -> {
            String of = text(row.getString(1));
            Matcher at = REJECTED.matcher(of);
            if (!at.matches()) {
                findings.gap("a record was set aside as unreadable, and nothing says where it came from: '" + of + "'");
            } else if (Sql.number(
                            connection,
                            "SELECT count(*) FROM temp.span WHERE topic = ? AND partition = ? AND ? BETWEEN first "
                                    + "AND last",
                            at.group(1),
                            Long.valueOf(at.group(2)),
                            Long.valueOf(at.group(3)))
                    > 0) {
                findings.gap(of + " was set aside as unreadable");
            }
        });
    }

    private static String text(String json) {
        try {
            return JsonSerde.MAPPER.readValue(json, String.class);
        } catch (IOException e) {
            throw new IllegalStateException("what the index holds was written by it: " + json, e);
        }
    }
}
