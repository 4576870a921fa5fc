package dev.tidemark.enumerator.read;

import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage.Type;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the problems that were met in the storage, and keeps the first few of each kind as examples. Files that are in
 * no place where a registry has any are counted, too.
 */
public final class Problems {

    private final Map<Problem.Kind, Long> counts = new EnumMap<>(Problem.Kind.class);
    private final List<Problem> examples = new ArrayList<>();
    private Tally unknown = Tally.NONE;

    void add(Problem.Kind kind, String where, String why) {
        add(new Problem(kind, where, why));
    }

    public synchronized void add(Problem problem) {
        if (counts.merge(problem.kind(), 1L, Long::sum) <= WorkLedger.EXAMPLES) {
            examples.add(problem);
        }
    }

    /**
     * Something that is left alone, as no registry has made it, or none that is known here.
     *
     * @param listing that has it
     * @param type of it, by that listing
     */
    void leftAlone(Problem problem, Listing listing, Type type) {
        add(problem);
        if (type == Type.FILE || type == Type.DIRECTORY) {
            unknown(listing.files(problem.where()));
        }
    }

    /** Files in no place where a registry has any. */
    public synchronized void unknown(Tally files) {
        unknown = unknown.plus(files);
    }

    public synchronized Tally unknown() {
        return unknown;
    }

    public synchronized Map<Problem.Kind, Long> counts() {
        return Map.copyOf(counts);
    }

    public synchronized List<Problem> examples() {
        return List.copyOf(examples);
    }
}
