package dev.tidemark.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.service.OperationsGuide;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each setting: its default, its values, what is said of one that is wrong, and its words in the documents. */
class SettingsTest extends GivenSettings {

    @Test
    void aSettingThatIsNotSetHasItsDefault() {
        Settings settings = of();
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(settings.prefix()).isEqualTo("tidemark.");
        assertThat(settings.partitions()).isEmpty();
        assertThat(settings.replication()).isEqualTo((short) -1);
        assertThat(settings.retention()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.runsRetention()).isEqualTo(Duration.ofDays(365));
        assertThat(settings.readers()).isEqualTo(Math.max(4, 2 * processors));
        assertThat(settings.threads())
                .isEqualTo(Buffers.threads(processors, Runtime.getRuntime().maxMemory()));
        assertThat(settings.standbys()).isEqualTo(1);
        assertThat(settings.stateDirectory()).isEqualTo(Path.of("/var/lib/tidemark"));
        assertThat(settings.stallTimeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.instance()).isEmpty();
        assertThat(settings.httpPort()).hasValue(8080);
        assertThat(settings.logJson()).isFalse();
        assertThat(settings.logLevel()).isEqualTo("info");
        assertThat(settings.schedule()).isEmpty();
        assertThat(settings.scheduleDryRun()).isFalse();
        assertThat(settings.scheduleDeleteUntagged()).isFalse();
        assertThat(settings.scheduleMinAge()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.scheduleMaxDelete()).isEqualTo(75);
        assertThat(settings.scheduleRepair()).isFalse();
    }

    @Test
    void aSettingThatIsSetHolds() {
        Settings settings = of(
                "TIDEMARK_REGISTRY",
                "/etc/registry/config.yml",
                "TIDEMARK_PREFIX",
                "gc-",
                "TIDEMARK_PARTITIONS",
                "10000",
                "TIDEMARK_REPLICATION",
                "3",
                "TIDEMARK_RETENTION",
                "1h30m",
                "TIDEMARK_RUNS_RETENTION",
                "7d",
                "TIDEMARK_READERS",
                "9",
                "TIDEMARK_THREADS",
                "3",
                "TIDEMARK_STANDBYS",
                "0",
                "TIDEMARK_STATE_DIR",
                "/state",
                "TIDEMARK_STALL_TIMEOUT",
                "30s",
                "TIDEMARK_INSTANCE",
                " a ",
                "TIDEMARK_HTTP_PORT",
                "off",
                "TIDEMARK_LOG_FORMAT",
                "JSON",
                "TIDEMARK_LOG_LEVEL",
                "debug");
        assertThat(settings.registry()).isEqualTo(Path.of("/etc/registry/config.yml"));
        assertThat(settings.prefix()).isEqualTo("gc-");
        assertThat(settings.partitions()).isEqualTo(OptionalInt.of(10_000));
        assertThat(settings.replication()).isEqualTo((short) 3);
        assertThat(settings.retention()).isEqualTo(Duration.ofMinutes(90));
        assertThat(settings.runsRetention()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.readers()).isEqualTo(9);
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(settings.standbys()).isZero();
        assertThat(settings.stateDirectory()).isEqualTo(Path.of("/state"));
        assertThat(settings.stallTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.instance()).hasValue("a");
        assertThat(settings.httpPort()).isEmpty();
        assertThat(settings.logJson()).isTrue();
        assertThat(settings.logLevel()).isEqualTo("debug");
    }

    @Test
    void aScheduleIsInItsZone() {
        Settings settings = of(
                "TIDEMARK_SCHEDULE",
                "0 3 * * 6",
                "TIDEMARK_SCHEDULE_ZONE",
                "Europe/Berlin",
                "TIDEMARK_SCHEDULE_DRY_RUN",
                "true",
                "TIDEMARK_SCHEDULE_DELETE_UNTAGGED",
                "TRUE",
                "TIDEMARK_SCHEDULE_MIN_AGE",
                "0",
                "TIDEMARK_SCHEDULE_MAX_DELETE",
                "0",
                "TIDEMARK_SCHEDULE_REPAIR",
                "true");
        assertThat(settings.schedule().orElseThrow().next(Instant.parse("2026-11-24T00:00:00Z")))
                .hasValue(Instant.parse("2026-11-28T02:00:00Z"));
        assertThat(settings.scheduleDryRun()).isTrue();
        assertThat(settings.scheduleDeleteUntagged()).isTrue();
        assertThat(settings.scheduleMinAge()).isZero();
        assertThat(settings.scheduleMaxDelete()).isZero();
        assertThat(settings.scheduleRepair()).isTrue();
    }

    @Test
    void portZeroIsAnyFreeOne() {
        assertThat(of("TIDEMARK_HTTP_PORT", "0").httpPort()).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TIDEMARK_PREFIX|no spaces|letters",
                "TIDEMARK_PARTITIONS|0|1 to 10000",
                "TIDEMARK_PARTITIONS|10001|1 to 10000",
                "TIDEMARK_PARTITIONS|many|1 to 10000",
                "TIDEMARK_REPLICATION|-2|-1",
                "TIDEMARK_REPLICATION|0|1 to 32767",
                "TIDEMARK_REPLICATION|32768|32767",
                "TIDEMARK_REPLICATION|three|1 to 32767, or -1",
                "TIDEMARK_RETENTION|0|7d",
                "TIDEMARK_RETENTION|99999999999999d|too long",
                "TIDEMARK_RETENTION|30|24h",
                "TIDEMARK_RUNS_RETENTION|a year|24h",
                "TIDEMARK_READERS|0|or auto",
                "TIDEMARK_READERS|off|or auto",
                "TIDEMARK_THREADS|x|1 to",
                "TIDEMARK_STANDBYS|-1|0 to",
                "TIDEMARK_STALL_TIMEOUT|0|24h",
                "TIDEMARK_HTTP_PORT|65536|65535, or off",
                "TIDEMARK_LOG_FORMAT|xml|text, json",
                "TIDEMARK_LOG_LEVEL|loud|error, warn, info, debug",
                "TIDEMARK_SCHEDULE|daily|five fields",
                "TIDEMARK_SCHEDULE|0 3 30 2 *|never comes",
                "TIDEMARK_SCHEDULE_ZONE|Atlantis|Europe/Berlin",
                "TIDEMARK_SCHEDULE_DRY_RUN|perhaps|true, false",
                "TIDEMARK_SCHEDULE_DELETE_UNTAGGED|1|true, false",
                "TIDEMARK_SCHEDULE_MIN_AGE|old|24h",
                "TIDEMARK_SCHEDULE_MAX_DELETE|101|0 to 100"
            })
    void oneLineSaysWhatIsWrongAndWhere(String name, String value, String remedy) {
        assertThatThrownBy(() -> of(name, value))
                .isInstanceOf(InvalidSettingsException.class)
                .message()
                .contains(name + "=" + value, "the environment")
                .doesNotContain("\n")
                .satisfies(message ->
                        assertThat(message.substring(message.indexOf("): "))).contains(remedy));
    }

    @Test
    void aTypoIsToldTheNearestName() {
        assertThatThrownBy(() -> of("TIDEMARK_PARTITION", "3"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("TIDEMARK_PARTITION (in the environment)")
                .hasMessageContaining("TIDEMARK_PARTITIONS?");
    }

    @Test
    void aServiceThatNeedsARegistryIsToldThatNoneIsNamed() {
        Settings settings = of();
        assertThatThrownBy(settings::registry)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("TIDEMARK_REGISTRY");
    }

    @Test
    void aSummarySaysWhatIsServed() {
        assertThat(of(
                                "TIDEMARK_REGISTRY",
                                "/r/config.yml",
                                "TIDEMARK_PREFIX",
                                "mine.",
                                "TIDEMARK_KAFKA_SASL_JAAS_CONFIG",
                                "hunter2")
                        .summary())
                .isEqualTo("registry /r/config.yml, Kafka at kafka:9092, topics mine.*");
        assertThat(of().summary()).isEqualTo("registry (none named), Kafka at kafka:9092, topics tidemark.*");
    }

    @Test
    void theTableHasEverySettingOnce() {
        String table = SettingTexts.table();
        assertThat(SettingDefinitions.ALL.names())
                .allSatisfy(name -> assertThat(table).containsOnlyOnce("| `" + name + "` |"));
        assertThat(table.lines()).allSatisfy(row -> assertThat(row).matches("\\|([^|]*\\|){4}"));
        assertThat(table.lines())
                .anySatisfy(
                        row -> assertThat(row).contains("kafka.bootstrap.servers", "TIDEMARK_KAFKA_BOOTSTRAP_SERVERS"));
    }

    @Test
    void theGuideToOperationsHasEverySetting() throws IOException {
        OperationsGuide.assertThatItHas("settings", SettingTexts.table());
    }

    @Test
    void theHelpOfAServiceHasItsSettings() {
        assertThat(SettingTexts.of("marker"))
                .containsKeys("kafka.…", "TIDEMARK_PREFIX", "TIDEMARK_THREADS", "TIDEMARK_STATE_DIR")
                .doesNotContainKeys("TIDEMARK_REGISTRY", "TIDEMARK_SCHEDULE")
                .containsEntry("TIDEMARK_LOG_FORMAT", "text, or json: one object a line (default: text)");
        assertThat(SettingTexts.of("sweeper")).containsKey("TIDEMARK_REGISTRY").doesNotContainKey("TIDEMARK_THREADS");
    }

    @Test
    void aTimeForTheTrashThatIsSaidIsToldFromTheDefault() {
        assertThat(of().keepTrash()).contains(Duration.ofHours(24));
        assertThat(of().trashAsked()).isFalse();
        assertThat(of("TIDEMARK_KEEP_TRASH", "24h").trashAsked()).isTrue();
        assertThat(of("TIDEMARK_KEEP_TRASH", "").trashAsked()).isFalse();
    }

    @Test
    void wordsAreReadInAnyCase() {
        assertThat(of("TIDEMARK_HTTP_PORT", "OFF").httpPort()).isEmpty();
        assertThat(of("TIDEMARK_THREADS", "Auto").threads()).isEqualTo(of().threads());
    }

    @Test
    void settingsOfTheLauncherAreNotForTheServices() {
        Map<String, String> environment =
                Map.of("TIDEMARK_JAVA_OPTS", "-Xmx1g", "kafka.bootstrap.servers", "localhost:9092");

        assertThat(Settings.read(environment, Optional.empty()).prefix()).isEqualTo("tidemark.");
    }
}
