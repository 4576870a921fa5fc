package dev.tidemark.evidence.explain;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.TestIndex;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Runs that have been. It notes which indexes were opened: each costs a user time. */
final class RecordingPastRuns implements PastRuns {

    private final List<TestIndex> runs;
    private final Map<RunId, Connection> opened = new HashMap<>();
    private final List<DeletionRecord> deletions = new ArrayList<>();
    private final List<RunId> indexed = new ArrayList<>();

    private RecordingPastRuns(TestIndex... runs) {
        this.runs = Arrays.stream(runs)
                .sorted(Comparator.comparing(TestIndex::run).reversed())
                .toList();
    }

    static RecordingPastRuns of(TestIndex... runs) {
        return new RecordingPastRuns(runs);
    }

    RecordingPastRuns with(DeletionRecord deletion) {
        deletions.add(deletion);
        return this;
    }

    RecordingPastRuns indexed(TestIndex run) {
        indexed.add(run.run());
        return this;
    }

    Explanation explain(String text) {
        return new Explainer(this).explain(text);
    }

    Explanation explain(String text, TestIndex run) {
        return new Explainer(this).explain(text, run.run());
    }

    List<RunId> opened() {
        return opened.keySet().stream().sorted().toList();
    }

    @Override
    public List<RunId> latestFirst() {
        return runs.stream().map(TestIndex::run).toList();
    }

    @Override
    public List<RunId> indexed() {
        return indexed;
    }

    @Override
    public Connection index(RunId run) {
        return opened.computeIfAbsent(
                run,
                id -> runs.stream()
                        .filter(each -> each.run().equals(id))
                        .findFirst()
                        .orElseThrow()
                        .open());
    }

    @Override
    public List<DeletionRecord> deletions(Predicate<Digest> wanted, Digest exact) {
        return deletions.stream()
                .filter(deletion -> exact == null ? wanted.test(deletion.digest()) : exact.equals(deletion.digest()))
                .toList();
    }
}
