package dev.tidemark.cli.chart;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the chart for each test. Where Helm doesn't run, they are skipped. */
abstract class CopiedChart {

    @TempDir
    Path directory;

    Chart chart;

    @BeforeAll
    static void helm() {
        Chart.assumeHelm();
    }

    @BeforeEach
    void aCopy() throws IOException {
        chart = new Chart(directory.resolve("tidemark"));
    }
}
