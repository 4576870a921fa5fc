package dev.tidemark.evidence.explain;

import static dev.tidemark.testkit.TestIndex.index;

import dev.tidemark.testkit.TestIndex;
import dev.tidemark.testkit.TestRepository;
import java.util.stream.Collectors;

/**
 * One run, by whose index something is explained.
 *
 * @param <E> what an explanation is of
 */
abstract class ExplainedRun<E extends Explanation> {

    final TestIndex index = index();
    final TestRepository app = index.repo("team/app");
    private final Class<E> of;

    ExplainedRun(Class<E> of) {
        this.of = of;
    }

    E explain(String text) {
        return of.cast(RecordingPastRuns.of(index).explain(text));
    }

    /** The steps of a chain, in words. */
    static String way(Chain chain) {
        return chain.steps().stream()
                .map(step -> step.what() + (step.tag() == null ? "" : " " + step.tag()))
                .collect(Collectors.joining(" > "));
    }
}
