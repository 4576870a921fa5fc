package dev.tidemark.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol by which the members of a group share its partitions: by agreement, or by the broker's word (KIP-848,
 * since Kafka 4.0).
 */
public enum GroupProtocol {
    CLASSIC,
    CONSUMER;

    private static final Logger LOG = LoggerFactory.getLogger(GroupProtocol.class);
    private static final String FEATURE = "group.version";
    private static final String SESSION = "consumer.session.timeout.ms";

    /** The shortest that a broker gives, if it is not told otherwise. */
    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(6);

    /** Time-outs that a member of the classic protocol sets for itself, and the broker for members of the other. */
    private static final List<String> TIMES =
            List.of(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

    /**
     * The protocol that the settings name; empty if they name none.
     *
     * @throws ConfigException with one line, if it is unknown, or other settings contradict it
     */
    public static Optional<GroupProtocol> named(Map<String, ?> kafka) {
        Object name = kafka.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        if (name == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (name.toString().toLowerCase(Locale.ROOT)) {
                    case "classic" -> CLASSIC.unlessContradicted(kafka);
                    case "consumer" -> CONSUMER.unlessContradicted(kafka);
                    default ->
                        throw new ConfigException(
                                "kafka.group.protocol=%s: write classic, or consumer".formatted(name));
                });
    }

    private GroupProtocol unlessContradicted(Map<String, ?> kafka) {
        if (this == CONSUMER) {
            TIMES.stream().filter(kafka::containsKey).findFirst().ifPresent(time -> {
                throw new ConfigException(
                        ("kafka.%s is for the classic protocol: leave it out, and set the group's consumer.%s on "
                                        + "the broker,"
                                        + " or leave kafka.group.protocol=consumer out")
                                .formatted(time, time));
            });
        } else if (kafka.containsKey(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG)) {
            throw new ConfigException("kafka.%s says nothing with kafka.group.protocol=classic: leave one of them out"
                    .formatted(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG));
        }
        return this;
    }

    /**
     * The protocol that members take: the one that is named; the classic one, for those who set its times; else the
     * newest that all brokers have. A group whose members differ, as they may while they are restarted one by one, is
     * one group.
     *
     * @throws ConfigException as {@link #named}
     * @throws KafkaException if Kafka does not answer
     */
    static GroupProtocol chosen(Map<String, ?> kafka, Admin admin) throws InterruptedException {
        Optional<GroupProtocol> named = named(kafka);
        if (named.isPresent()) {
            return named.get();
        }
        return TIMES.stream().noneMatch(kafka::containsKey) && allBrokersHaveConsumer(admin) ? CONSUMER : CLASSIC;
    }

    /** The session that members of the classic protocol ask for. */
    static Duration sessionOf(Map<String, ?> kafka) {
        String name = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
        Object set = Optional.<Object>ofNullable(kafka.get(name))
                .orElseGet(() -> ConsumerConfig.configDef().defaultValues().get(name));
        return Duration.ofMillis((int) ConfigDef.parseType(name, set, ConfigDef.Type.INT));
    }

    /**
     * The session that the broker gives members of the consumer protocol; if it doesn't let its settings be read, the
     * shortest.
     */
    static Duration sessionOf(String group, Admin admin) throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        try {
            return Duration.ofMillis(Long.parseLong(admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(SESSION)
                    .value()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                LOG.warn(
                        "the settings of the group {} may not be read: grant DescribeConfigs on it. Its session is "
                                + "taken for the shortest, {} s",
                        group,
                        SHORTEST_SESSION.toSeconds());
                return SHORTEST_SESSION;
            }
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        }
    }

    private static boolean allBrokersHaveConsumer(Admin admin) throws InterruptedException {
        try {
            FinalizedVersionRange version = admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get(FEATURE);
            return version != null && version.maxVersionLevel() > 0;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        }
    }

    /** The settings without those that are for members of a group only, and refused by other clients. */
    public static Map<String, Object> without(Map<String, Object> kafka) {
        var others = new HashMap<>(kafka);
        others.keySet()
                .removeAll(List.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG));
        return others;
    }
}
