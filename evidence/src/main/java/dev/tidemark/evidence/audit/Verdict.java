package dev.tidemark.evidence.audit;

import java.util.List;

/** The result of an audit, or of a part of it. */
public sealed interface Verdict {

    /** Everything is as it has to be. */
    record Proved() implements Verdict {}

    /** @param findings how many */
    record Disproved(long findings) implements Verdict {}

    /**
     * Nothing is wrong as far as can be seen, but not all can be seen.
     *
     * @param because of what, each a sentence
     */
    record Unprovable(List<String> because) implements Verdict {

        public Unprovable {
            because = List.copyOf(because);
        }
    }
}
