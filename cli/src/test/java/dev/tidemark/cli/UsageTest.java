package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is typed wrong costs one line that says which word it is and what to write, and the exit code 2. */
class UsageTest {

  @TempDir private Path registry;

  @Test
  void durationsFollowTheSameRulesAsTheServicesSettings() {
    assertThat(error("collect", "--min-age", "200000000000d", registry.toString()))
        .contains("--min-age", "'200000000000d' is too long a duration");
  }

  private static String error(String... arguments) {
    Tidemark.Result result = Tidemark.run(arguments);
    assertThat(result.err()).hasLineCount(1).startsWith("tidemark: ");
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    return result.err();
  }
}
