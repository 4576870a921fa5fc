package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.schemas.PullsCollected;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topics {@code pulls} and {@code pulls.collected}. */
public final class PullTopics {

    private static final Logger LOG = LoggerFactory.getLogger(PullTopics.class);

    private final Cluster cluster;

    public PullTopics(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * A pull of a tag or manifest.
     *
     * @param key its reference
     * @param at no later than that, in ms since the epoch; empty if the record can't be read, and it may be any time
     */
    public record LastPull(String key, OptionalLong at) {}

    /**
     * From when on every pull is known, in ms since the epoch; empty if nobody collects them.
     *
     * @throws IllegalStateException if that can't be read
     */
    public OptionalLong since(Instant now) {
        String topic = cluster.topics().pullsCollected();
        String pulls = id();
        PullsCollected[] collected = {PullsCollected.none(pulls)};
        TopicLog.read(cluster, topic, PullsCollected.class, "pulls", record -> {
            switch (Parsed.of(record.value())) {
                case Parsed.Readable<PullsCollected>(PullsCollected said) -> collected[0] = said;
                case Parsed.Unreadable<PullsCollected> bad -> {
                    LOG.warn("{} can't be read ({}), so all counts as pulled", topic, bad.why());
                    collected[0] = PullsCollected.none(pulls);
                }
            }
        });
        return collected[0].known(now, pulls, retention());
    }

    /**
     * Hands out the pulls that there are now: of a key there may be several, and the latest counts.
     *
     * @throws IllegalStateException if they can't be read, or not all of them
     */
    public void eachPull(Consumer<LastPull> each) {
        TopicLog.read(cluster, cluster.topics().pulls(), PullRecord.class, "pulls", record -> {
            if (record.value() instanceof Parsed.Readable<PullRecord>(PullRecord pull)) {
                each.accept(new LastPull(record.key(), OptionalLong.of(pull.at())));
            } else if (record.value() != null) {
                LOG.warn("{}@{} can't be read, so {} counts as pulled", record.topic(), record.offset(), record.key());
                each.accept(new LastPull(record.key(), OptionalLong.empty()));
            }
        });
    }

    /**
     * The id of the topic {@code pulls}: another one, if it is made anew.
     *
     * @throws IllegalStateException if Kafka doesn't say
     */
    public String id() {
        String topic = cluster.topics().pulls();
        TopicDescription description = answer(
                admin -> admin.describeTopics(List.of(topic)).topicNameValues().get(topic),
                "the topic " + topic + " can't be looked at");
        return description.topicId().toString();
    }

    private static long number(Config configuration, String name) {
        return Long.parseLong(configuration.get(name).value());
    }

    /** How long the broker keeps the last pull of a tag that nobody pulls again. */
    private Duration retention() {
        var topic =
                new ConfigResource(ConfigResource.Type.TOPIC, cluster.topics().pulls());
        Config configuration = answer(
                admin -> admin.describeConfigs(List.of(topic)).values().get(topic),
                "how long " + topic.name() + " keeps its records is not known");
        if (number(configuration, TopicConfig.RETENTION_BYTES_CONFIG) >= 0) {
            // By size, what is as young as you like may be gone.
            return Duration.ZERO;
        }
        long millis = number(configuration, TopicConfig.RETENTION_MS_CONFIG);
        return Duration.ofMillis(millis < 0 ? Long.MAX_VALUE : millis);
    }

    /** @param unknown what is not known without an answer, in words */
    private <T> T answer(Function<Admin, KafkaFuture<T>> question, String unknown) {
        try (Admin admin = cluster.admin()) {
            return question.apply(admin).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(unknown + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
