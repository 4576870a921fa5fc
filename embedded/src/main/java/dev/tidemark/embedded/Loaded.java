package dev.tidemark.embedded;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.protocol.Errors;

/** Asks a coordinator of the broker until it has loaded what it is asked for, as any client would have to. */
final class Loaded {

    private static final Set<Errors> NOT_LOADED =
            Set.of(Errors.NOT_COORDINATOR, Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.COORDINATOR_NOT_AVAILABLE);

    private Loaded() {}

    /**
     * The first answer that is not that the coordinator is loading.
     *
     * @param error the answer's code; any other error is for the caller to judge
     */
    static <A> A answer(Callable<A> question, ToIntFunction<A> error) throws Exception {
        while (true) {
            A answer = question.call();
            if (!NOT_LOADED.contains(Errors.forCode((short) error.applyAsInt(answer)))) {
                return answer;
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
