package dev.tidemark.service.settings;

import dev.tidemark.kafka.GroupProtocol;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;

/**
 * The properties of Kafka clients that an environment, or a file, has: as {@code kafka.a.b}, or for shells as {@code
 * TIDEMARK_KAFKA_A_B}.
 */
public final class KafkaProperties {

    private static final String PREFIX = "kafka.";
    private static final String FOR_SHELLS = "TIDEMARK_KAFKA_";

    private KafkaProperties() {}

    /** Whether that is the name of such a property. */
    static boolean isOne(String name) {
        return name.startsWith(PREFIX) || name.startsWith(FOR_SHELLS);
    }

    /** The properties, by their names in Kafka. Of two spellings of one, that with dots holds. */
    public static Map<String, Object> in(Map<String, String> variables) {
        var properties = new HashMap<String, Object>();
        // In the order of their names: those with dots come last.
        new TreeMap<>(variables).forEach((name, value) -> {
            if (isOne(name)) {
                properties.put(inKafka(name), value);
            }
        });
        // Empty means something to Kafka, as in ssl.endpoint.identification.algorithm, but not where its brokers are.
        properties.computeIfPresent(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                (name, value) -> value.toString().isBlank() ? null : value);
        return properties;
    }

    /**
     * Checks that a Kafka is named, and that the group protocol is one.
     *
     * @throws InvalidSettingsException with one line that says what to write
     */
    static void check(Map<String, Object> kafka) {
        if (!kafka.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new InvalidSettingsException(
                    "no Kafka is named: set kafka.bootstrap.servers, or TIDEMARK_KAFKA_BOOTSTRAP_SERVERS, to "
                            + "host:port,host:port…");
        }
        try {
            GroupProtocol.named(kafka);
        } catch (ConfigException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    private static String inKafka(String name) {
        return name.startsWith(PREFIX)
                ? name.substring(PREFIX.length())
                : name.substring(FOR_SHELLS.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
