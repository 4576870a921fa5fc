package dev.tidemark.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CausesTest {

    private static final Throwable FAILURE = new IllegalStateException(
            "it cannot start", new RuntimeException(new IOException("no space left", new IllegalStateException())));

    @Test
    void theMessagesOfAllCausesAreOneLineWithoutRepeats() {
        assertThat(Causes.of(FAILURE))
                .isEqualTo("it cannot start: java.io.IOException: no space left: IllegalStateException");
    }

    @Test
    void theLastCauseIsItsMessageOrElseItsClass() {
        assertThat(Causes.last(new IllegalStateException("it cannot start", new IOException("no space left"))))
                .isEqualTo("no space left");
        assertThat(Causes.last(FAILURE)).isEqualTo("java.lang.IllegalStateException");
        assertThat(Causes.last(new IOException("no space left"))).isEqualTo("no space left");
    }

    @Test
    void theNamedCauseIsTheLastOneByItsClassAndItsMessage() {
        assertThat(Causes.named(new IllegalStateException("it cannot start", new IOException("no space left"))))
                .isEqualTo("IOException: no space left");
        assertThat(Causes.named(FAILURE)).isEqualTo("IllegalStateException");
    }
}
