package dev.tidemark.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Settings of Kafka's clients. */
class KafkaSettingsTest extends GivenSettings {

    @Test
    void theEnvironmentIsFullOfOtherThings() {
        assertThat(of("PATH", "/bin", "KAFKA_HEAP_OPTS", "-Xmx1g").kafka()).containsOnlyKeys("bootstrap.servers");
    }

    @Test
    void kafkaIsNeededByAll() {
        assertThatThrownBy(() -> Settings.read(Map.of(), Optional.empty()))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("kafka.bootstrap.servers")
                .hasMessageContaining("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void kafkaSettingsHaveTwoSpellings() {
        Settings settings = of("kafka.sasl.mechanism", "PLAIN", "TIDEMARK_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        assertThat(settings.kafka())
                .isEqualTo(Map.of(
                        "bootstrap.servers", "kafka:9092", "sasl.mechanism", "PLAIN", "security.protocol", "SASL_SSL"));
    }

    @Test
    void ofTwoSpellingsTheOneWithDotsHolds() {
        assertThat(of("kafka.security.protocol", "SSL", "TIDEMARK_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
                        .kafka())
                .containsEntry("security.protocol", "SSL");
    }

    @Test
    void aSettingThatContradictsTheGroupProtocolIsRefused() {
        assertThat(of("kafka.group.protocol", "Consumer").kafka()).containsEntry("group.protocol", "Consumer");
        assertThatThrownBy(() -> of("TIDEMARK_KAFKA_GROUP_PROTOCOL", "newest"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("kafka.group.protocol=newest: write classic, or consumer");
        assertThatThrownBy(() -> of("kafka.group.protocol", "consumer", "kafka.session.timeout.ms", "6000"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("kafka.session.timeout.ms")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void secretsAreNotInMessages() {
        assertThatThrownBy(() -> of("TIDEMARK_KAFKA_SASL_JAAS_CONFIG", "hunter2", "TIDEMARK_PARTITIONS", "0"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageNotContaining("hunter2");
        assertThat(of("kafka.ssl.keystore.password", "hunter2").summary())
                .isNotEmpty()
                .doesNotContain("hunter2");
    }
}
