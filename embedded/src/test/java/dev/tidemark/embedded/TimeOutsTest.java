package dev.tidemark.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;

/**
 * A new version of Kafka may bring time-outs that nobody has thought of: each is set, or listed here with the reason.
 */
class TimeOutsTest {

    private static final Pattern TIME_OUT =
            Pattern.compile(".*(timeout|session|idle|max\\.poll\\.interval|max\\.block).*ms");
    private static final long TEN_MINUTES_AND_MORE = 15 * 60 * 1000;

    /** They end nothing for whoever is slow. */
    private static final Set<String> HARMLESS_FOR_A_BROKER = Set.of(
            // With one voter there is nobody to wait for: it elects itself at once.
            "controller.quorum.election.timeout.ms",
            // The least that a member may ask for, or be given.
            "group.min.session.timeout.ms",
            "group.consumer.min.session.timeout.ms",
            "group.streams.min.session.timeout.ms",
            "group.share.min.session.timeout.ms",
            // How often a quiet controller writes a record that says so; off.
            "metadata.max.idle.interval.ms",
            // How soon a broker without a log directory gives up. It has one.
            "log.dir.failure.timeout.ms",
            // Of tiered storage and of SASL, which aren't used.
            "remote.list.offsets.request.timeout.ms",
            "remote.fetch.max.wait.ms",
            "sasl.login.connect.timeout.ms",
            "sasl.login.read.timeout.ms",
            // Of what is past its time-out, how often that is looked for.
            "transaction.abort.timed.out.transaction.cleanup.interval.ms");

    private static final Set<String> HARMLESS_FOR_A_CLIENT = Set.of(
            // Of SASL, which isn't used.
            "sasl.login.connect.timeout.ms",
            "sasl.login.read.timeout.ms",
            // Of names that can't be resolved: there is an address.
            "bootstrap.resolve.timeout.ms",
            // How long a producer remembers a topic that it doesn't write to: it asks again.
            "metadata.max.idle.ms",
            // How long a partition without a free connection is passed by: off.
            "partitioner.availability.timeout.ms");

    @Test
    void everyTimeOutOfTheBrokerIsDecidedUpon() {
        assertThat(undecided(AbstractKafkaConfig.CONFIG_DEF, TimeOuts.ofBroker(), HARMLESS_FOR_A_BROKER))
                .isEmpty();
    }

    @Test
    void everyTimeOutOfTheClientsIsDecidedUpon() {
        assertThat(undecided(ConsumerConfig.configDef(), TimeOuts.ofClients(), HARMLESS_FOR_A_CLIENT))
                .isEmpty();
        assertThat(undecided(ProducerConfig.configDef(), TimeOuts.ofClients(), HARMLESS_FOR_A_CLIENT))
                .isEmpty();
        assertThat(undecided(AdminClientConfig.configDef(), TimeOuts.ofClients(), HARMLESS_FOR_A_CLIENT))
                .isEmpty();
    }

    private static Map<String, Object> undecided(
            ConfigDef definition, Map<String, Object> decided, Set<String> harmless) {
        Map<String, Object> undecided = new TreeMap<>();
        definition.configKeys().forEach((name, key) -> {
            if (TIME_OUT.matcher(name).matches()
                    && !decided.containsKey(name)
                    && !harmless.contains(name)
                    && !(key.defaultValue instanceof Number standard && standard.longValue() > TEN_MINUTES_AND_MORE)) {
                undecided.put(name, String.valueOf(key.defaultValue));
            }
        });
        return undecided;
    }
}
