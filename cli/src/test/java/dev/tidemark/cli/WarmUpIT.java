package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.DefaultLocale;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If it failed, nobody would be told: every start would only be slower. */
class WarmUpIT {

    @TempDir
    private Path directory;

    /**
     * In a locale in which the port in the bucket's configuration would be no number to whoever reads it, if it were
     * written as there.
     */
    @Test
    void aWarmUpSweepsItsBucketAndItsDirectoryInEveryLocale() {
        Tidemark.Result result;
        try (var abroad = DefaultLocale.of(DefaultLocale.ARABIC)) {
            result = Tidemark.run("warm-up", "--images", "200", directory.toString());
        }

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "s3://sample",
                        "7 manifests deleted",
                        "70 blobs deleted",
                        directory.resolve("registry").toString(),
                        "65 manifests deleted",
                        "390 blobs deleted");
    }
}
