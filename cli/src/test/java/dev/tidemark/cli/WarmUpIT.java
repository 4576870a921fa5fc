package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.DefaultLocale;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If it failed, nobody would be told: every start would only be slower. */
class WarmUpIT {

  @TempDir private Path directory;

  @Test
  void sweepsItsBucketAndItsDirectory() {
    Tidemark.Result result = Tidemark.run("warm-up", directory.toString());

    assertSwept(result);
  }

  /** The port in the bucket's configuration is a number to whoever reads it. */
  @Test
  void sweepsThemInEveryLocale() {
    try (var abroad = DefaultLocale.of(DefaultLocale.ARABIC)) {
      assertSwept(Tidemark.run("warm-up", directory.toString()));
    }
  }

  private void assertSwept(Tidemark.Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .containsSubsequence(
            "s3://sample", "65 manifests deleted", "390 blobs deleted",
            directory.resolve("registry").toString(), "650 manifests deleted", "3,900 blobs deleted");
  }
}
