package dev.tidemark.bench.part;

import dev.tidemark.bench.output.BenchException;
import dev.tidemark.embedded.EmbeddedKafka;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** The least that Kafka costs in this process: records of the size of the enumerator's, and nothing done with them. */
public final class KafkaFloor implements AutoCloseable {

    private static final String INPUT = "input";
    private static final String OUTPUT = "output";
    private static final String STORE = "store";
    private static final int KEY = 32;
    private static final int VALUE = 150;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final Path directory;
    private final long records;
    private final EmbeddedKafka kafka;

    public KafkaFloor(Path directory, int partitions, long records) {
        this.directory = directory;
        this.records = records;
        this.kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(INPUT, partitions, (short) 1), new NewTopic(OUTPUT, partitions, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new BenchException("cannot make topics: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        }
    }

    /** Produces all records, and waits for the broker to have them. In seconds. */
    public double produce() {
        long start = System.nanoTime();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "linger.ms",
                20,
                "batch.size",
                256 * 1024,
                "compression.type",
                "lz4",
                "buffer.memory",
                64L * 1024 * 1024);
        var random = new SplittableRandom(1);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < records; i++) {
                byte[] key = new byte[KEY];
                for (int at = 0; at < KEY; at += Long.BYTES) {
                    ByteBuffer.wrap(key).putLong(at, random.nextLong());
                }
                // As well to be compressed as a record in JSON with a digest in it: about to a half.
                byte[] value = new byte[VALUE];
                for (int at = 0; at < VALUE / 2; at += Long.BYTES) {
                    ByteBuffer.wrap(value).putLong(at, random.nextLong());
                }
                producer.send(new ProducerRecord<>(INPUT, key, value));
            }
            producer.flush();
        }
        return seconds(start);
    }

    /**
     * Passes all records through Kafka Streams, exactly once; from the first that comes to the last that is forwarded.
     * In seconds.
     */
    public double pass(boolean store, int threads) {
        Pass pass = new Pass(records, store);
        var topology = new Topology();
        topology.addSource(
                "source", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), INPUT);
        topology.addProcessor("pass", () -> new Passing(pass), "source");
        topology.addSink(
                "sink",
                OUTPUT,
                Serdes.ByteArray().serializer(),
                Serdes.ByteArray().serializer(),
                "pass");
        if (store) {
            topology.addStateStore(
                    Stores.keyValueStoreBuilder(
                                    Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray())
                            .withCachingDisabled(),
                    "pass");
        }
        String name = "pass-" + store + "-" + threads;
        Map<String, Object> settings = Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                name,
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                threads,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                1000,
                StreamsConfig.STATE_DIR_CONFIG,
                directory.resolve(name).toString(),
                StreamsConfig.consumerPrefix("auto.offset.reset"),
                "earliest",
                StreamsConfig.producerPrefix("compression.type"),
                "lz4",
                StreamsConfig.producerPrefix("batch.size"),
                256 * 1024,
                StreamsConfig.producerPrefix("linger.ms"),
                20);
        var properties = new Properties();
        properties.putAll(settings);
        try (var streams = new KafkaStreams(topology, properties)) {
            streams.start();
            if (!pass.done.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException("Kafka Streams has passed " + pass.passed + " of " + records + " records in "
                        + TIMEOUT.toMinutes() + " minutes");
            }
            return (pass.last - pass.first.get()) / 1e9;
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void close() {
        kafka.close();
    }

    /** How far it is, over all tasks. */
    private static final class Pass {

        final long records;
        final boolean store;
        final AtomicLong passed = new AtomicLong();
        final AtomicLong first = new AtomicLong();
        final CountDownLatch done = new CountDownLatch(1);
        volatile long last;

        Pass(long records, boolean store) {
            this.records = records;
            this.store = store;
        }

        void one() {
            long number = passed.incrementAndGet();
            if (number == 1) {
                first.set(System.nanoTime());
            } else if (number == records) {
                last = System.nanoTime();
                done.countDown();
            }
        }
    }

    /** With a store: a get and a put a record. */
    private static final class Passing implements Processor<byte[], byte[], byte[], byte[]> {

        private final Pass pass;
        private ProcessorContext<byte[], byte[]> context;
        private KeyValueStore<byte[], byte[]> store;

        Passing(Pass pass) {
            this.pass = pass;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> context) {
            this.context = context;
            this.store = pass.store ? context.getStateStore(STORE) : null;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            if (store != null) {
                store.get(record.key());
                store.put(record.key(), record.value());
            }
            context.forward(record);
            pass.one();
        }
    }
}
