package dev.tidemark.enumerator.read;

import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.WorkLedger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the problems that were met in the storage, and keeps the first few of each kind as examples. */
public final class Problems {

    private final Map<Problem.Kind, Long> counts = new EnumMap<>(Problem.Kind.class);
    private final List<Problem> examples = new ArrayList<>();

    void add(Problem.Kind kind, String where, String why) {
        add(new Problem(kind, where, why));
    }

    public synchronized void add(Problem problem) {
        if (counts.merge(problem.kind(), 1L, Long::sum) <= WorkLedger.EXAMPLES) {
            examples.add(problem);
        }
    }

    public synchronized Map<Problem.Kind, Long> counts() {
        return Map.copyOf(counts);
    }

    public synchronized List<Problem> examples() {
        return List.copyOf(examples);
    }
}
