package dev.tidemark.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A coordinator that is loading is asked again: that passes. */
class LoadedTest {

    @Test
    void aCoordinatorThatIsLoadingIsAskedAgain() throws Exception {
        Deque<Errors> answers = new ArrayDeque<>(List.of(
                Errors.NOT_COORDINATOR,
                Errors.COORDINATOR_LOAD_IN_PROGRESS,
                Errors.COORDINATOR_NOT_AVAILABLE,
                Errors.NONE));

        Errors answer = Loaded.answer(answers::pop, Errors::code);

        assertThat(answer).isEqualTo(Errors.NONE);
        assertThat(answers).isEmpty();
    }

    @Test
    void anotherErrorIsAnAnswer() throws Exception {
        Errors answer = Loaded.answer(() -> Errors.GROUP_ID_NOT_FOUND, Errors::code);

        assertThat(answer).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }
}
