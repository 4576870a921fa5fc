package dev.tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @TempDir private Path directory;

  @Test
  void whatIsNotSetHasItsDefault() {
    Settings settings = read(Map.of());

    assertThat(settings.prefix()).isEqualTo("tidemark.");
    assertThat(settings.partitions()).isEmpty();
    assertThat(settings.replication()).isEqualTo((short) -1);
    assertThat(settings.retention()).isEqualTo(Duration.ofDays(30));
    assertThat(settings.schedule()).isEmpty();
    assertThat(settings.stallTimeout()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.standbys()).isEqualTo(1);
    assertThat(settings.httpPort()).hasValue(8080);
    assertThat(settings.logJson()).isFalse();
    assertThat(settings.readers()).isGreaterThanOrEqualTo(4);
    assertThat(settings.scheduleMinAge()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void theEnvironmentGoesBeforeTheFileAndTheNamesAreTheSame() throws IOException {
    Path file = directory.resolve("tidemark.properties");
    Files.writeString(file, "TIDEMARK_PREFIX=of-file.\nTIDEMARK_PARTITIONS=7\nkafka.bootstrap.servers=file:1\nkafka.security.protocol=SSL\n");

    Settings settings = Settings.read(
        Map.of("TIDEMARK_CONFIG", file.toString(), "TIDEMARK_PREFIX", "of-environment.", "TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", "env:1"), Optional.empty());

    assertThat(settings.prefix()).isEqualTo("of-environment.");
    assertThat(settings.partitions()).hasValue(7);
    assertThat(settings.kafka()).containsOnly(Map.entry("bootstrap.servers", "env:1"), Map.entry("security.protocol", "SSL"));
    assertThat(Settings.read(Map.of(), Optional.of(file)).prefix()).isEqualTo("of-file.");
  }

  @Test
  void whatIsEmptyIsNotSet() {
    assertThat(read(Map.of("TIDEMARK_SCHEDULE", "", "TIDEMARK_PARTITIONS", " ")).schedule()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "TIDEMARK_PARTITIONS | many | write a number from 1 to 10000",
    "TIDEMARK_PARTITIONS | 0 | write a number from 1 to 10000",
    "TIDEMARK_REPLICATION | 99999999999 | write a number",
    "TIDEMARK_PREFIX | a b | letters, digits, dots",
    "TIDEMARK_RETENTION | soon | is no duration",
    "TIDEMARK_RETENTION | 0 | some time",
    "TIDEMARK_STALL_TIMEOUT | -5m | is no duration",
    "TIDEMARK_SCHEDULE | every day | no cron expression of five fields",
    "TIDEMARK_SCHEDULE | 0 0 3 * * ? | no cron expression of five fields",
    "TIDEMARK_SCHEDULE | 0 0 30 2 * | never comes",
    "TIDEMARK_SCHEDULE_ZONE | Mars/Olympus | write a time zone",
    "TIDEMARK_SCHEDULE_DRY_RUN | ja | one of true, false",
    "TIDEMARK_SCHEDULE_MAX_DELETE | 101 | from 0 to 100",
    "TIDEMARK_HTTP_PORT | http | from 0 to 65535",
    "TIDEMARK_LOG_FORMAT | xml | one of text, json",
    "TIDEMARK_LOG_LEVEL | loud | one of error, warn, info, debug",
    "TIDEMARK_READERS | 0 | from 1 to 1000",
  })
  void aWrongOneIsOneLineThatSaysWhichAndWhatToWrite(String name, String value, String message) {
    assertThatThrownBy(() -> read(Map.of(name, value)))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(name + "=" + value)
        .hasMessageContaining("the environment")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aNameThatIsNoneIsRefusedWithTheNearest() throws IOException {
    assertThatThrownBy(() -> read(Map.of("TIDEMARK_PARTITION", "3")))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage("TIDEMARK_PARTITION (in the environment) is no setting: did you mean TIDEMARK_PARTITIONS?");
    Path file = directory.resolve("tidemark.properties");
    Files.writeString(file, "partitions=3\n");
    assertThatThrownBy(() -> Settings.read(Map.of(), Optional.of(file))).hasMessageContaining("partitions (in " + file + ") is no setting");
  }

  @Test
  void whatIsRequiredIsAskedFor() {
    assertThatThrownBy(() -> Settings.read(Map.of(), Optional.empty())).hasMessageContaining("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS");
    assertThatThrownBy(() -> read(Map.of()).registry()).hasMessageContaining("TIDEMARK_REGISTRY");
    assertThatThrownBy(() -> Settings.read(Map.of(), Optional.of(directory.resolve("none")))).hasMessageContaining("cannot be read");
  }

  @Test
  void theReadmeHasTheTable() throws IOException {
    Path readme = Path.of("").toAbsolutePath().getParent().resolve("README.md");

    assertThat(readme).content().contains(Setting.table());
  }

  private static Settings read(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    all.put("kafka.bootstrap.servers", "localhost:9092");
    return Settings.read(all, Optional.empty());
  }
}
