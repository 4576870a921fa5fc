package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.End;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.TagsSwept;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.schemas.RunRecord.Waiting;
import dev.tidemark.schemas.WorkDoneRecord;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The records of which a run has one, or one in each partition: its states, and the barriers. */
final class Lifecycle {

    /** A record, and where it lies. */
    record Said<T>(T value, String topic, int partition, long offset, long at) {}

    final List<Said<Requested>> requested = new ArrayList<>();
    final List<Said<Enumerated>> enumerated = new ArrayList<>();
    final List<Said<Decided>> decided = new ArrayList<>();
    final List<Said<Waiting>> waiting = new ArrayList<>();
    final List<Said<Approved>> approved = new ArrayList<>();
    final List<Said<TagsSwept>> tagsSwept = new ArrayList<>();
    final List<Said<Swept>> swept = new ArrayList<>();
    /** Each look after the sweep; the last one counts. */
    final List<Said<Verified>> verified = new ArrayList<>();
    /** That it failed, or was cancelled. */
    final List<Said<End>> ends = new ArrayList<>();

    final List<Said<StartOfInput>> starts = new ArrayList<>();
    final List<Said<EndOfInput>> endsOfInput = new ArrayList<>();
    final List<Said<EndOfEligible>> endsOfEligible = new ArrayList<>();
    final List<Said<EndOfEligible>> endsOfApproved = new ArrayList<>();
    /** The first request of a later run that came before this one had ended. */
    Said<Requested> superseding;
    /** As all who follow runs see it; empty if its request is not there. */
    Optional<Run> run = Optional.empty();

    static Lifecycle of(Connection connection) {
        var life = new Lifecycle();
        Sql.each(
                connection,
                "SELECT l.type, l.json, r.topic, r.partition, r.offset, r.at FROM life l JOIN record r ON r.id = "
                        + "l.record WHERE l.type NOT IN"
                        + " ('shards', 'repository', 'multiparts', 'trash', 'planned', 'done', 'unreadable', "
                        + "'rejected', 'end-of-superstep') ORDER BY r.topic, r.partition, r.offset",
                row -> {
                    var at = new Said<>(
                            row.getString(2), row.getString(3), row.getInt(4), row.getLong(5), row.getLong(6));
                    life.add(row.getString(1), at);
                });
        return life;
    }

    private void add(String type, Said<String> json) {
        switch (type) {
            case "start-of-input" -> starts.add(read(json, EnumeratedRecord.class, StartOfInput.class));
            case "end-of-input" -> endsOfInput.add(read(json, EnumeratedRecord.class, EndOfInput.class));
            case "end-of-eligible" -> endsOfEligible.add(read(json, EligibleRecord.class, EndOfEligible.class));
            case "end-of-approved" -> endsOfApproved.add(read(json, EligibleRecord.class, EndOfEligible.class));
            case "later-request" -> {
                if (superseding == null && run.isPresent() && !run.get().ended()) {
                    superseding = read(json, RunRecord.class, Requested.class);
                }
            }
            default -> onRun(read(json, RunRecord.class, RunRecord.class));
        }
    }

    private void onRun(Said<RunRecord> said) {
        run = Run.after(run, said.value());
        switch (said.value()) {
            case Requested value -> requested.add(as(said, value));
            case Enumerated value -> enumerated.add(as(said, value));
            case Decided value -> decided.add(as(said, value));
            case Waiting value -> waiting.add(as(said, value));
            case Approved value -> approved.add(as(said, value));
            case TagsSwept value -> tagsSwept.add(as(said, value));
            case Swept value -> swept.add(as(said, value));
            case Verified value -> verified.add(as(said, value));
            case End value -> ends.add(as(said, value));
        }
    }

    private static <T> Said<T> as(Said<?> at, T value) {
        return new Said<>(value, at.topic(), at.partition(), at.offset(), at.at());
    }

    static <T> Said<T> read(Said<String> json, Class<? super T> sealed, Class<T> type) {
        try {
            return as(json, type.cast(JsonSerde.MAPPER.readValue(json.value(), sealed)));
        } catch (IOException e) {
            throw new IllegalStateException("what the index holds was read before: " + json.value(), e);
        }
    }

    /** Hands out the records of the work one by one, in their order: there can be many. */
    static void eachOfTheWork(Connection connection, Consumer<Said<WorkDoneRecord>> each) {
        Sql.each(
                connection,
                "SELECT l.json, r.topic, r.partition, r.offset, r.at FROM life l JOIN record r ON r.id = l.record "
                        + "WHERE l.type IN ('planned', 'done')"
                        + " ORDER BY r.partition, r.offset",
                row -> each.accept(read(
                        new Said<>(row.getString(1), row.getString(2), row.getInt(3), row.getLong(4), row.getLong(5)),
                        WorkDoneRecord.class,
                        WorkDoneRecord.class)));
    }

    /** Those that lie in one partition. */
    static <T> List<Said<T>> in(String topic, int partition, List<Said<T>> all) {
        return all.stream()
                .filter(said -> said.topic().equals(topic) && said.partition() == partition)
                .toList();
    }

    /** The options of the run: as its request says or, if that is gone, its first barriers. */
    Optional<EnumeratedRecord.Options> options() {
        return requested.stream()
                .map(said -> said.value().options())
                .findFirst()
                .or(() -> starts.stream().map(said -> said.value().options()).findFirst());
    }
}
