package dev.tidemark.cli.evidence;

import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.evidence.explain.PastRuns;
import dev.tidemark.evidence.index.DeletionLog;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import java.sql.Connection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The runs that the topics know, with their indexes, each opened once. */
public final class EvidenceRuns implements PastRuns, AutoCloseable {

    private final Evidence evidence;
    private final Map<RunId, RunIndex> indexes = new HashMap<>();

    public EvidenceRuns(Evidence evidence) {
        this.evidence = evidence;
    }

    /**
     * The run that is meant.
     *
     * @param id a run's, or {@code latest} for the latest that has decided
     * @throws UsageException if there is none, or it has not decided
     */
    public RunId decided(String id) {
        if (id.equals("latest")) {
            return latestFirst().stream()
                    .findFirst()
                    .orElseThrow(() -> new UsageException(
                            "no run has decided on anything yet: tidemark collect --dry-run does, and "
                                    + "deletes nothing"));
        }
        Run run = evidence.run(id);
        if (!run.allDecided()) {
            throw new UsageException("the run " + id + " has not decided on anything ("
                    + run.state().word() + "): name another");
        }
        return run.id();
    }

    @Override
    public List<RunId> latestFirst() {
        return evidence.history().all().stream()
                .map(RunHistory.Entry::run)
                .filter(Run::allDecided)
                .map(Run::id)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    @Override
    public List<RunId> indexed() {
        return latestFirst().stream().filter(evidence::hasIndex).toList();
    }

    @Override
    public Connection index(RunId run) {
        return indexes.computeIfAbsent(run, evidence::index).connection();
    }

    @Override
    public List<DeletionRecord> deletions(Predicate<Digest> wanted, Digest exact) {
        return evidence.read(() -> DeletionLog.find(evidence.cluster(), wanted, exact));
    }

    @Override
    public void close() {
        indexes.values().forEach(RunIndex::close);
    }
}
