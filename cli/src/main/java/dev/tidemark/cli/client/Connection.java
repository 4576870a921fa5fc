package dev.tidemark.cli.client;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.kafka.topic.TopicsException;
import dev.tidemark.schemas.text.Causes;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;

/**
 * A Kafka cluster as the user names it: the settings of its clients, and the prefix of a registry's topics.
 *
 * @param kafka {@code bootstrap.servers} and whatever else the clients need
 * @param prefix of the topics
 */
public record Connection(Map<String, Object> kafka, String prefix) {

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Topics that aren't there are made as the services make them. */
    public TopicSettings topicSettings() {
        TopicSettings defaults = TopicSettings.defaults();
        return new TopicSettings(
                prefix,
                OptionalInt.empty(),
                defaults.workPartitions(),
                defaults.replication(),
                defaults.retention(),
                defaults.runsRetention());
    }

    /** The cluster's name in messages. */
    public String name() {
        return "Kafka at " + kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    /** The cluster and the registry's topics there, as a title. */
    public String title() {
        return kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) + " (prefix " + prefix + ")";
    }

    /**
     * Waits for its first answer, as long as its clients wait for one.
     *
     * @param silence told again and again how long there has been none
     * @throws CollectionException if there is none, or it can't be reached
     */
    public void awaitAnswer(Consumer<Duration> silence) {
        long start = System.nanoTime();
        try (Admin admin = Admin.create(GroupProtocol.without(kafka))) {
            KafkaFuture<String> answer = admin.describeCluster().clusterId();
            while (true) {
                try {
                    answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    silence.accept(since(start));
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException
                    ? new CollectionException(
                            name() + " does not answer, tried for "
                                    + since(start).toSeconds()
                                    + " s: see whether it is there, and whether it wants TLS or a password "
                                    + "(--command-config)",
                            e)
                    : failed(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectionException("interrupted at the start", e);
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /**
     * Does something with the cluster and its topics, once it answers. That it does so no more is said with where it
     * is.
     *
     * @param patience how long topics are waited for, that services which are just being started make
     * @param silence told again and again how long there has been no answer
     * @throws CollectionException if it can't be reached, or has no topics by then
     */
    public <T> T with(Duration patience, Consumer<Duration> silence, Function<Cluster, T> work) {
        awaitAnswer(silence);
        try {
            return work.apply(cluster(patience));
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /**
     * The cluster, with the topics that are there.
     *
     * @throws CollectionException if it can't be reached, or has none by then
     */
    public Cluster cluster(Duration patience) {
        try (Admin admin = Admin.create(GroupProtocol.without(kafka))) {
            return new Cluster(kafka, TopicCreation.existing(admin, prefix, patience));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectionException("interrupted at the start", e);
        } catch (TopicsException | KafkaException e) {
            throw failed(e);
        }
    }

    /** The failure, with the name of this Kafka. */
    public CollectionException failed(Throwable why) {
        boolean misnamed = why.getCause() instanceof ConfigException;
        return new CollectionException(
                name() + (misnamed ? " cannot be reached: " : ": ") + Causes.of(misnamed ? why.getCause() : why), why);
    }
}
