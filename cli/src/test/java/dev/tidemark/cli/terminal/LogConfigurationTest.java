package dev.tidemark.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogConfigurationTest {

    @TempDir
    private Path directory;

    /** A bucket is looked at before its data directory is known, and the SDK has its loggers by then. */
    @Test
    void logsOfLoggersThatWereThereBeforeGoToTheFile() {
        Logger logger = LoggerFactory.getLogger("dev.tidemark.before");
        logger.error("nobody asked for this");

        LogConfiguration.to(directory.resolve("first.log"));
        logger.info("of the first");
        logger.debug("too much");
        LogConfiguration.to(directory.resolve("second.log"));
        logger.info("of the second");

        assertThat(directory.resolve("first.log"))
                .content()
                .contains("INFO  before of the first")
                .hasLineCount(1);
        assertThat(directory.resolve("second.log"))
                .content()
                .contains("INFO  before of the second")
                .hasLineCount(1);
    }
}
