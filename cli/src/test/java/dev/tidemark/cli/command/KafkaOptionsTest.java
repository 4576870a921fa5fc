package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.exit.UsageException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaOptionsTest {

    private static final String SERVERS = "TIDEMARK_KAFKA_BOOTSTRAP_SERVERS";

    private final KafkaOptions options = new KafkaOptions();

    @Test
    void theEnvironmentNamesAClusterInEitherSpelling() {
        assertThat(options.namedAnywhere(options, Map.of(SERVERS, "one:9092"))).isPresent();
        assertThat(options.namedAnywhere(options, Map.of("kafka.bootstrap.servers", "one:9092")))
                .isPresent();
        assertThat(options.named(options, Map.of(SERVERS, "one:9092"))).isEmpty();
    }

    /** In a compose file, a variable that is not set is empty. */
    @Test
    void anEmptyVariableNamesNoCluster() {
        assertThat(options.namedAnywhere(options, Map.of(SERVERS, ""))).isEmpty();
        assertThatThrownBy(() -> options.required(options, Map.of(SERVERS, " ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("which Kafka?");
    }
}
