package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.storage.Storage;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Proves a run by its records: all that was counted is there, the live digests were computed as the rules say, and
 * nothing was deleted that was not eligible, decided and let through. The live digests are computed again from the
 * records, in another way than the marker does.
 */
public final class Audit {

    private final RunIndex index;
    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;
    private final List<Part> parts = new ArrayList<>();

    /**
     * A part of the proof.
     *
     * @param what is proved
     * @param checked the records that were looked at, in numbers
     */
    public record Part(String what, String checked, Verdict verdict) {}

    private Audit(RunIndex index) {
        this.index = index;
        connection = index.connection();
        topics = index.topics();
        life = Lifecycle.of(connection);
        long began = life.requested.stream()
                .mapToLong(said -> Math.min(said.at(), said.value().at()))
                .min()
                .orElse(Long.MAX_VALUE);
        retention = new Retention(connection, began);
        findings = new Findings(connection);
    }

    /**
     * Audits a run.
     *
     * @param index of all that is in the topics, from their beginning
     */
    public static Audit of(RunIndex index) {
        var audit = new Audit(index);
        audit.check();
        return audit;
    }

    private void check() {
        part(
                "the run's life is whole, and in order",
                new LifecycleCheck(connection, topics, life, retention, findings)::check);
        var input = new InputCheck(connection, topics, life, retention, findings);
        part("every record that the enumerator counted is there", input::check);
        part(
                "every tag goes or stays, as the policy says",
                new TagsCheck(connection, topics, life, retention, findings, input.work(), input.whole())::check);
        Optional<Options> options = life.options();
        if (options.isEmpty()) {
            part("what is live follows from that", () -> {
                findings.gap("nobody knows what the run was asked to do");
                return "nothing";
            });
        } else {
            var expected = new Expected(connection, topics, index.run(), options.get(), input.whole());
            part(
                    "every mark follows from that, and none is missing",
                    new MarksCheck(life, retention, findings, expected)::check);
            part(
                    "what is eligible is exactly what is not live",
                    new EligibleCheck(life, retention, findings, expected)::check);
            part(
                    "nothing else was deleted, and nothing twice",
                    new SweepCheck(life, retention, findings, expected)::check);
            part(
                    "nothing was purged that was not swept, looked for and due",
                    new TrashCheck(connection, topics, life, retention, findings)::check);
        }
    }

    private interface Check {
        /** Returns what was looked at. */
        String check();
    }

    private void part(String what, Check check) {
        findings.begin();
        String checked = check.check();
        parts.add(new Part(what, checked, findings.verdict()));
    }

    /** Reads every manifest again that is still there, and compares what it references with what its record says. */
    public Audit verify(Storage storage, Consumer<String> progress) {
        part(
                "manifests are what the storage holds",
                new StorageCheck(connection, life, storage, findings, progress)::check);
        return this;
    }

    public RunId run() {
        return index.run();
    }

    public Verdict verdict() {
        return findings.total();
    }

    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /** Where the run is: in words; empty if nothing is known of it. */
    public Optional<dev.tidemark.schemas.Run> state() {
        return life.run;
    }

    /** The reasons for which the run can't be proved, though nothing speaks against it. */
    public List<String> gaps() {
        return List.copyOf(findings.gaps());
    }

    /** Remarks that a reader of the verdict has to know. */
    public List<String> notes() {
        return findings.notes();
    }

    public long findings() {
        return findings.count();
    }

    public Map<Finding.Kind, Long> findingsByKind() {
        return findings.byKind();
    }

    /** The first findings. */
    public void eachFinding(long limit, Consumer<Finding> each) {
        findings.each(limit, each);
    }
}
