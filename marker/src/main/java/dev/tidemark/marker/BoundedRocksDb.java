package dev.tidemark.marker;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One cache and one budget of write buffers for all partitions of the process, so that memory does not grow with their
 * number. Public for Kafka Streams, which makes it by its name.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    private static final long CACHE_BYTES = 64L << 20;
    private static final long WRITE_BUFFER_BYTES = 48L << 20;

    /** Of the process: closing it with a store would take it from the others. */
    private static final class Shared {
        static final LRUCache CACHE = new LRUCache(CACHE_BYTES);
        static final WriteBufferManager WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
        static final BloomFilter BLOOM = new BloomFilter(10, false);
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(Shared.CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        // Half of all reads ask for a digest that the run has not seen yet.
        table.setFilterPolicy(Shared.BLOOM);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(Shared.WRITE_BUFFERS);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES / 4);
    }

    @Override
    public void close(String storeName, Options options) {
        // Nothing is owned by one store.
    }
}
