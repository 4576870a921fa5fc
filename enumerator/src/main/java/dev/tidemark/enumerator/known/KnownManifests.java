package dev.tidemark.enumerator.known;

import dev.tidemark.enumerator.read.ManifestSource;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.KnownManifest;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.storage.manifest.StoredManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
 * The manifests that earlier runs have read: the topic {@code manifests.known}, as a table on disk. It only ever saves
 * requests. If it can't be had, everything is read from the storage.
 *
 * <p>A manifest that no run has seen for long is forgotten. Each record names a run that has seen its manifest; when
 * half of the time of retention is over, a run that sees it too puts its own name there, so most runs write nothing.
 * The enumerator that leads a run removes the records that are too old.
 */
public final class KnownManifests implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KnownManifests.class);
    private static final Deserializer<Parsed<KnownManifest>> PARSER = new JsonSerde<>(KnownManifest.class).parser();
    private static final String TABLE = "known-manifests";
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Path stateDirectory;
    private final Duration retention;
    private volatile Optional<KafkaStreams> streams = Optional.empty();
    private Optional<ReadOnlyKeyValueStore<String, byte[]>> table = Optional.empty();
    private boolean opened;
    private volatile boolean closed;
    /** The thread that waits for the table to be read; null if none does. */
    private volatile Thread opening;

    /**
     * @param stateDirectory where the table is kept. A table that is lost is read from the topic again
     * @param retention how long a manifest is known that no run sees
     */
    public KnownManifests(Cluster cluster, Path stateDirectory, Duration retention) {
        this.cluster = cluster;
        this.stateDirectory = stateDirectory;
        this.retention = retention;
    }

    /**
     * The manifests of a storage: the known ones from the table, if to read costs a request, the others from the
     * storage.
     */
    public Reading reading(Storage storage, RunId run) {
        return new Reading(
                new ManifestReader(storage), run, retention.dividedBy(2), pays(storage) ? this::open : Optional::empty);
    }

    private static boolean pays(Storage storage) {
        return storage.parallelism() > 1;
    }

    /**
     * Hands out what no run has seen for the time of retention, as far as the table knows: what was seen a moment ago
     * may be among it, and is then read once more.
     *
     * @param run that has just seen all there is
     * @param each told of the key of each in the topic
     */
    public void forEachExpired(Storage storage, RunId run, Consumer<String> each) {
        if (!pays(storage)) {
            return;
        }
        open().ifPresent(known -> {
            try (KeyValueIterator<String, byte[]> all = known.all()) {
                all.forEachRemaining(row -> {
                    boolean lately = PARSER.deserialize(null, row.value)
                                    instanceof Parsed.Readable<KnownManifest>(KnownManifest manifest)
                            && !manifest.olderThan(retention, run);
                    if (!lately) {
                        each.accept(row.key);
                    }
                });
            } catch (StreamsException e) {
                LOG.debug("what is old stays known until the next run", e);
            }
        });
    }

    /** The manifests that are read for one item. */
    public static final class Reading implements ManifestSource {

        private final ManifestReader reader;
        private final RunId run;
        private final Duration renewal;
        private final Supplier<Optional<ReadOnlyKeyValueStore<String, byte[]>>> table;
        private final Map<Digest, KnownManifest> updates = new ConcurrentHashMap<>();

        /**
         * @param renewal the age of a record from which on it is written anew
         * @param table asked for when there is a manifest to read
         */
        Reading(
                ManifestReader reader,
                RunId run,
                Duration renewal,
                Supplier<Optional<ReadOnlyKeyValueStore<String, byte[]>>> table) {
            this.reader = reader;
            this.run = run;
            this.renewal = renewal;
            this.table = table;
        }

        @Override
        public Optional<StoredManifest> read(Digest digest) {
            Optional<ReadOnlyKeyValueStore<String, byte[]>> earlier = table.get();
            Optional<KnownManifest> known = earlier.flatMap(from -> known(from, digest));
            if (known.isPresent()) {
                known.filter(manifest -> manifest.olderThan(renewal, run))
                        .ifPresent(manifest -> updates.put(digest, manifest.seenBy(run)));
                return known.map(Reading::stored);
            }
            Optional<StoredManifest> read = reader.read(digest);
            if (earlier.isPresent()) {
                read.flatMap(this::known).ifPresent(manifest -> updates.put(digest, manifest));
            }
            return read;
        }

        /** The record to write for later runs; none of a manifest that isn't understood. */
        private Optional<KnownManifest> known(StoredManifest manifest) {
            return manifest.content() instanceof ManifestContent.Understood understood
                    ? Optional.of(new KnownManifest(
                            run,
                            ManifestReader.VERSION,
                            understood.mediaType(),
                            understood.index(),
                            manifest.size(),
                            understood.references(),
                            Sizes.of(understood.references(), understood.sizes()),
                            understood.foreign(),
                            understood.subject()))
                    : Optional.empty();
        }

        /**
         * The records to write for later runs: manifests that no earlier run has read, and those that none has seen for
         * long.
         */
        public Map<Digest, KnownManifest> updates() {
            return updates;
        }

        private static Optional<KnownManifest> known(ReadOnlyKeyValueStore<String, byte[]> table, Digest digest) {
            try {
                return PARSER.deserialize(null, table.get(digest.toString()))
                                        instanceof Parsed.Readable<KnownManifest>(KnownManifest known)
                                && known.reader() == ManifestReader.VERSION
                        ? Optional.of(known)
                        : Optional.empty();
            } catch (StreamsException e) {
                LOG.debug("{} is read from the storage", digest, e);
                return Optional.empty();
            }
        }

        private static StoredManifest stored(KnownManifest known) {
            return new StoredManifest(
                    known.size(),
                    new ManifestContent.Understood(
                            known.mediaType(),
                            known.index(),
                            known.references(),
                            known.foreign(),
                            known.subject(),
                            known.sizes().by(known.references())));
        }
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
                table = Optional.of(started.store(
                        StoreQueryParameters.fromNameAndType(TABLE, QueryableStoreTypes.keyValueStore())));
            } catch (StreamsException | IllegalStateException e) {
                LOG.warn(
                        "which manifests earlier runs have read is not known, so all are read again: {}",
                        e.getMessage(),
                        e);
            } finally {
                opening = null;
            }
        }
        return table;
    }

    private StreamsBuilder topology() {
        var builder = new StreamsBuilder();
        builder.globalTable(
                cluster.topics().knownManifests(),
                Consumed.with(Serdes.String(), Serdes.ByteArray()),
                Materialized.<String, byte[], KeyValueStore<Bytes, byte[]>>as(TABLE));
        return builder;
    }

    private Properties configuration() {
        var properties = new Properties();
        properties.putAll(cluster.clients());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, cluster.topics().prefix() + "enumerator-" + TABLE);
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
