package dev.tidemark.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Settings in a file, and in the environment beside it. */
class SettingsFileTest extends GivenSettings {

    @Test
    void theEnvironmentGoesBeforeTheFile() throws IOException {
        Path file = file("kafka.bootstrap.servers=one:1", "TIDEMARK_PARTITIONS=3", "TIDEMARK_STANDBYS=2");
        Settings settings = Settings.read(
                Map.of("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", "two:2", "TIDEMARK_PARTITIONS", "4"), Optional.of(file));
        assertThat(settings.kafka()).isEqualTo(Map.of("bootstrap.servers", "two:2"));
        assertThat(settings.partitions()).hasValue(4);
        assertThat(settings.standbys()).isEqualTo(2);
    }

    @Test
    void aSettingThatIsEmptyInTheEnvironmentIsNotSet() throws IOException {
        Settings settings = Settings.read(
                Map.of("TIDEMARK_PARTITIONS", "", "TIDEMARK_STANDBYS", " "),
                Optional.of(file("kafka.bootstrap.servers=one:1", "TIDEMARK_STANDBYS=2")));
        assertThat(settings.partitions()).isEmpty();
        assertThat(settings.standbys()).isEqualTo(2);
    }

    @Test
    void theEnvironmentMayNameTheFile() throws IOException {
        Path file = file("kafka.bootstrap.servers=one:1");
        assertThat(Settings.read(Map.of("TIDEMARK_CONFIG", file.toString()), Optional.empty())
                        .kafka())
                .isEqualTo(Map.of("bootstrap.servers", "one:1"));
    }

    @Test
    void aSettingThatIsWrongInAFileNamesTheFile() throws IOException {
        Path wrong = file("kafka.bootstrap.servers=one:1", "TIDEMARK_STANDBYS=lots");
        assertThatThrownBy(() -> Settings.read(Map.of(), Optional.of(wrong)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("TIDEMARK_STANDBYS=lots")
                .hasMessageContaining(wrong.toString());
        Path unknown = file("partitions=3");
        assertThatThrownBy(() -> Settings.read(Map.of(), Optional.of(unknown)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("partitions")
                .hasMessageContaining(unknown.toString());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path none = directory.resolve("none.properties");
        assertThatThrownBy(() -> Settings.read(Map.of(), Optional.of(none)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage(none + " cannot be read: there is no such file");
    }

    @Test
    void aSettingThatIsEmptyInAComposeFileIsNotSet() throws IOException {
        assertThat(of("TIDEMARK_CONFIG", "").partitions()).isEmpty();
        Path file = file("kafka.bootstrap.servers=one:1");
        assertThat(Settings.read(Map.of("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", ""), Optional.of(file))
                        .kafka())
                .isEqualTo(Map.of("bootstrap.servers", "one:1"));
        assertThatThrownBy(() -> Settings.read(Map.of("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", ""), Optional.empty()))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("no Kafka is named");
        assertThat(of("kafka.ssl.endpoint.identification.algorithm", "").kafka())
                .containsEntry("ssl.endpoint.identification.algorithm", "");
    }

    @Test
    void aFileThatIsNotUtf8IsToldSo() throws IOException {
        Path file = Files.writeString(directory.resolve("latin.properties"), "kafka.x=ü", StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Settings.read(Map.of(), Optional.of(file)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aPathThatIsNoneIsRefused() throws IOException {
        Path file = file("kafka.bootstrap.servers=one:1", "TIDEMARK_STATE_DIR=a\\u0000b");
        assertThatThrownBy(() -> Settings.read(Map.of(), Optional.of(file)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("TIDEMARK_STATE_DIR");
    }
}
