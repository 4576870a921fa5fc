package dev.tidemark.evidence.policy;

import dev.tidemark.evidence.index.Eligibility;
import dev.tidemark.evidence.index.IndexCopy;
import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.Liveness;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Requested;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recorded run with another policy: the index of the dry run that would have been made instead, at the same instant,
 * with the same options and holds. The policy is applied to the recorded tags, and what is live is computed once more.
 * The registry is not asked.
 */
public final class Replay implements AutoCloseable {

    /** The rows that one of two tables has and the other has not, in numbers. */
    private static final String DIFFERENCE = """
        SELECT kind, count(*), sum(bytes) FROM %s a WHERE NOT EXISTS (SELECT 1 FROM %s b WHERE b.digest = a.digest
          AND b.kind = a.kind AND b.repository = a.repository AND b.tag = a.tag) GROUP BY kind""";

    private final IndexCopy copy;
    private final Requested request;
    private final Optional<PolicyText> policy;
    private final List<String> caution;

    private Replay(IndexCopy copy, Requested request, Optional<PolicyText> policy, List<String> caution) {
        this.copy = copy;
        this.request = request;
        this.policy = policy;
        this.caution = caution;
    }

    /**
     * Replays a run.
     *
     * @param index of the run; it is not changed
     * @param policy empty for none
     * @throws NotToldException if not all is there that was enumerated: less may be live than it seems
     * @throws IndexException if there is no room for a copy of the index
     */
    public static Replay of(Connection index, Optional<PolicyText> policy) {
        Requested request = request(index);
        List<String> caution = new ArrayList<>();
        IndexCopy copy = IndexCopy.of(index, changed -> change(changed, request, policy, caution));
        return new Replay(copy, request, policy, caution);
    }

    /** The run as it was recorded: its own policy once more. */
    public static Replay recorded(Connection index) {
        return of(index, Optional.ofNullable(request(index).policy()));
    }

    /** The result of the run itself, as it follows from its records. */
    public static Replayed itself(Connection index) {
        Requested request = request(index);
        String digest =
                request.policy() == null ? null : request.policy().digest().toString();
        return new Replayed(
                request.run().text(),
                RunFacts.time(request.at()),
                null,
                digest,
                List.of(),
                Amounts.of(index, "(" + Eligibility.SELECT + ")"),
                null,
                null,
                List.of());
    }

    private static Requested request(Connection index) {
        try (var reader = new IndexReader(index)) {
            RunFacts facts = RunFacts.read(reader);
            if (!facts.decided() || facts.lost() != null) {
                throw new NotToldException(facts.run(), facts.decided() ? facts.lost() : "it has not decided");
            }
        }
        String[] json = {null};
        Sql.each(
                index,
                "SELECT json FROM life WHERE type = 'requested' ORDER BY record LIMIT 1",
                row -> json[0] = row.getString(1));
        try {
            return (Requested) JsonSerde.MAPPER.readValue(json[0], RunRecord.class);
        } catch (IOException e) {
            throw new IllegalStateException("what the index holds was read before: " + json[0], e);
        }
    }

    private static void change(Connection index, Requested request, Optional<PolicyText> policy, List<String> caution) {
        Sql.runAll(
                index,
                List.of(
                        "CREATE TEMP TABLE planned AS SELECT digest, kind, repository, tag, bytes FROM ("
                                + Eligibility.SELECT + ")",
                        "CREATE INDEX temp.planned_of ON planned (digest, kind, repository, tag)"));
        dryRun(index, request, policy);
        var words = new PolicyWords(index, request);
        words.forget();
        policy.map(text -> Policy.parse(text.text())).ifPresent(words::say);
        caution.addAll(words.caution());
        new Liveness(index, request.options().cutoff(), request.options().deleteUntagged()).compute();
        Sql.runAll(
                index,
                List.of(
                        "DELETE FROM eligible",
                        "INSERT INTO eligible (digest, kind, repository, tag, bytes, reason, modified, record) "
                                + Eligibility.SELECT));
    }

    /** As if it had been asked for as a dry run with that policy, and nothing had been done about it. */
    private static void dryRun(Connection index, Requested request, Optional<PolicyText> policy) {
        Options options = request.options();
        var asked = new Requested(
                request.run(),
                request.at(),
                new Options(options.cutoff(), options.deleteUntagged(), true, options.leftovers()),
                request.maxDelete(),
                request.by(),
                null,
                null,
                policy.orElse(null),
                request.keepDangling());
        try {
            Sql.run(
                    index,
                    "UPDATE life SET json = ? WHERE type = 'requested'",
                    JsonSerde.MAPPER.writerFor(RunRecord.class).writeValueAsString(asked));
        } catch (IOException e) {
            throw new IllegalStateException("a record is plain data", e);
        }
        Sql.runAll(
                index,
                List.of(
                        "DELETE FROM life WHERE type IN ('waiting', 'approved', 'tags-swept', 'swept', 'verified', "
                                + "'failed', 'cancelled')",
                        "DELETE FROM deletion",
                        "DELETE FROM trash"));
    }

    /** The index of the dry run. Its records of what was decided, and of marks, are those of the run itself. */
    public Connection connection() {
        return copy.connection();
    }

    /** The gaps in the records, in words. Anything that they leave open is kept. */
    public List<String> caution() {
        return List.copyOf(caution);
    }

    /**
     * The amounts that would have been kept and deleted.
     *
     * @param name of the policy, as the user knows it
     */
    public Replayed result(String name) {
        Connection index = connection();
        return new Replayed(
                request.run().text(),
                RunFacts.time(request.at()),
                name,
                policy.map(text -> text.digest().toString()).orElse(null),
                caution,
                Amounts.of(index, "eligible"),
                difference(index, "eligible", "temp.planned"),
                difference(index, "temp.planned", "eligible"),
                TagGroups.of(index));
    }

    private static Amounts.Part difference(Connection index, String of, String without) {
        return Amounts.Part.of(index, DIFFERENCE.formatted(of, without));
    }

    @Override
    public void close() {
        copy.close();
    }
}
