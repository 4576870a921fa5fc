package dev.tidemark.enumerator.known;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Parsed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that earlier runs have written for later ones: a compacted topic, as a table on disk. It is opened when
 * it is first asked. If it can't be had, nothing is known.
 *
 * @param <V> the records of the topic
 */
final class KnownTable<V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KnownTable.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final String topic;
    private final String name;
    private final Path stateDirectory;
    private final Deserializer<Parsed<V>> parser;
    private volatile Optional<KafkaStreams> streams = Optional.empty();
    private Optional<ReadOnlyKeyValueStore<String, byte[]>> store = Optional.empty();
    private boolean opened;
    private volatile boolean closed;
    /** The thread that waits for the table to be read; null if none does. */
    private volatile Thread opening;

    /**
     * @param name of the table
     * @param stateDirectory where the table is kept. A table that is lost is read from the topic again
     */
    KnownTable(Cluster cluster, String topic, String name, Path stateDirectory, Class<V> type) {
        this.cluster = cluster;
        this.topic = topic;
        this.name = name;
        this.stateDirectory = stateDirectory;
        parser = new JsonSerde<>(type).parser();
    }

    /** Whether somebody has asked it for something. */
    synchronized boolean opened() {
        return opened;
    }

    /** Whether it can be had. */
    boolean there() {
        return open().isPresent();
    }

    /** The record of a key; empty if there is none that can be read. */
    Optional<V> get(String key) {
        try {
            return open().flatMap(known -> read(known.get(key)));
        } catch (StreamsException e) {
            LOG.debug("{} is not known", key, e);
            return Optional.empty();
        }
    }

    private Optional<V> read(byte[] value) {
        return parser.deserialize(null, value) instanceof Parsed.Readable<V>(V record)
                ? Optional.of(record)
                : Optional.empty();
    }

    /** Hands out the keys of all records but those that are good, as far as the table knows. */
    void forEachBut(Predicate<V> good, Consumer<String> each) {
        open().ifPresent(known -> {
            try (KeyValueIterator<String, byte[]> all = known.all()) {
                all.forEachRemaining(row -> {
                    if (read(row.value).filter(good).isEmpty()) {
                        each.accept(row.key);
                    }
                });
            } catch (StreamsException e) {
                LOG.debug("what is old stays known until the next run", e);
            }
        });
    }

    private synchronized Optional<ReadOnlyKeyValueStore<String, byte[]>> open() {
        if (!opened && !closed) {
            opened = true;
            try {
                var started = new KafkaStreams(topology().build(), configuration());
                streams = Optional.of(started);
                opening = Thread.currentThread();
                // Returns when the table has all that is in the topic.
                started.start();
                store = Optional.of(
                        started.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore())));
            } catch (StreamsException | IllegalStateException e) {
                LOG.warn("what earlier runs have written to {} is not known: {}", topic, e.getMessage(), e);
            } finally {
                opening = null;
            }
        }
        return store;
    }

    private StreamsBuilder topology() {
        var builder = new StreamsBuilder();
        builder.globalTable(
                topic,
                Consumed.with(Serdes.String(), Serdes.ByteArray()),
                Materialized.<String, byte[], KeyValueStore<Bytes, byte[]>>as(name));
        return builder;
    }

    private Properties configuration() {
        var properties = new Properties();
        properties.putAll(cluster.clients());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, cluster.topics().prefix() + "enumerator-" + name);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        properties.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        return properties;
    }

    /** Does not wait until the table is read: Kafka Streams can't be closed while it starts. */
    @Override
    public void close() {
        closed = true;
        Thread waiting = opening;
        if (waiting != null) {
            waiting.interrupt();
        }
        streams.ifPresent(running -> running.close(LONGEST_CLOSE));
    }
}
