package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If it failed, nobody would be told: every start would only be slower. */
class WarmUpIT {

    @TempDir
    private Path directory;

    @Test
    void aWarmUpSweepsItsDirectory() {
        Tidemark.Result result = Tidemark.run("warm-up", "--images", "200", directory.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        directory.resolve("registry").toString(), "65 manifests deleted", "390 blobs deleted");
    }
}
