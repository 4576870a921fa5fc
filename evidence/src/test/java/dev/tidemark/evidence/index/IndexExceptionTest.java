package dev.tidemark.evidence.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The message of a faulty index names the root of the fault. */
class IndexExceptionTest {

    @Test
    void theRootIsSaidWhereTheDriverKeepsItToItself() {
        var opening = new SQLException(
                "Error opening connection", new Exception("no native library", new UnsatisfiedLinkError("noexec")));

        assertThat(IndexException.because(opening))
                .hasMessage("the index of the run cannot be written or read: Error opening connection: noexec");
    }

    @Test
    void theDriversMessageIsNotRepeated() {
        assertThat(IndexException.because(new SQLException("[SQLITE_FULL] disk is full")))
                .hasMessageEndingWith("read: [SQLITE_FULL] disk is full");
        assertThat(IndexException.because(new SQLException("it failed: noexec", new Exception("noexec"))))
                .hasMessageEndingWith("read: it failed: noexec");
    }
}
