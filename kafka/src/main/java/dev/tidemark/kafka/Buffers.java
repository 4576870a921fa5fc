package dev.tidemark.kafka;

import dev.tidemark.schemas.Topics;

/**
 * The sizes of the buffers of a service's Kafka clients. A heap of 256 MB has to do, however large the registry is and
 * however many partitions its topics have. So the bytes that all partitions may hold together are given here, and each
 * gets its part: {@code BuffersTest} and {@code MarkerServiceTest} add them up.
 *
 * @param partitions of the digest-keyed topics; one process may hold all of them
 */
public record Buffers(int partitions) {

    /**
     * The most bytes that the marker's consumers fetch at once of all partitions. They are in memory several times: as
     * they came, and uncompressed, where they wait to be worked off.
     */
    private static final int FETCHED = 12 << 20;

    /** The marker's tasks read four topics. */
    private static final int SOURCES = 4;

    /** Kafka's own default. Of few partitions no more is needed. */
    private static final int LARGEST_FETCH = 1 << 20;

    /** Larger ones bring nothing (bench/README.md). */
    private static final int LARGEST_BATCH = 256 << 10;

    /**
     * Each lane of an enumerator has a batch open for each partition of three topics, and as many lanes as there are
     * partitions may be one process's.
     */
    private static final int BATCHES_OF_LANES = 32 << 20;

    private static final int SINKS_OF_A_LANE = 3;

    /** Beside a record of the largest size, which a producer has to take. */
    private static final int ROOM = 4 << 20;

    /** From here on a pack costs so little of what its digests do that larger ones bring nothing. */
    private static final int LARGEST_PACK = 1_000;

    /** A task has a pack of each of its sources at hand, parsed: some 300 bytes a digest. */
    private static final int DIGESTS_AT_HAND = 48_000;

    /** The part of the heap that the producers of the marker's threads may fill. */
    private static final int PART_OF_PRODUCERS = 5;

    /** The most bytes that a consumer fetches of a partition at once. A larger batch is fetched, too, but alone. */
    public int fetchBytes() {
        return Math.min(LARGEST_FETCH, FETCHED / (SOURCES * partitions));
    }

    /** The most bytes that a consumer fetches at once. */
    public int allFetchBytes() {
        return FETCHED;
    }

    /** The largest batch of a producer for one partition, in bytes: no more than is fetched at once. */
    public int batchBytes() {
        return Math.min(LARGEST_BATCH, fetchBytes());
    }

    /** The same of a lane. A pack that is larger is a batch of its own. */
    int laneBatchBytes() {
        return (int) Math.min(batchBytes(), BATCHES_OF_LANES / ((long) SINKS_OF_A_LANE * partitions * partitions));
    }

    /** The most bytes that a producer holds until they are acknowledged. */
    public int producerBytes() {
        return Topics.LARGEST_RECORD + ROOM;
    }

    /** The most bytes that the producers of all lanes together hold until they are acknowledged. */
    public int inFlightBytes() {
        return producerBytes();
    }

    /** Digests of a pack, its own and those it names: some 100 bytes each. */
    public int packDigests() {
        return Math.max(1, Math.min(LARGEST_PACK, DIGESTS_AT_HAND / (SOURCES * partitions)));
    }

    /**
     * Threads of the marker, each of which has a producer.
     *
     * @param heap the largest that this JVM may have
     */
    public static int threads(int processors, long heap) {
        return Math.clamp(heap / PART_OF_PRODUCERS / new Buffers(1).producerBytes(), 1, processors);
    }
}
