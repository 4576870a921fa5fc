package dev.tidemark.marker;

import dev.tidemark.marker.rows.MarkStore;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * The marker's store of rows. It tells when a commit is due, before what is in the store is committed: Kafka Streams
 * flushes caches of its own at that moment, and lets no processor know of it, so this store poses as such a cache.
 */
final class RowStore extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]> {

    private Runnable beforeCommit = () -> {};

    RowStore(KeyValueStore<Bytes, byte[]> store) {
        super(store);
    }

    /** Makes the store that another builder makes, wrapped. */
    record Builder(StoreBuilder<KeyValueStore<Bytes, byte[]>> of) implements StoreBuilder<RowStore> {

        @Override
        public RowStore build() {
            return new RowStore(of.build());
        }

        @Override
        public StoreBuilder<RowStore> withCachingEnabled() {
            throw new UnsupportedOperationException("rows are cached in front of this store");
        }

        @Override
        public StoreBuilder<RowStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<RowStore> withLoggingEnabled(Map<String, String> config) {
            return new Builder(of.withLoggingEnabled(config));
        }

        @Override
        public StoreBuilder<RowStore> withLoggingDisabled() {
            return new Builder(of.withLoggingDisabled());
        }

        @Override
        public Map<String, String> logConfig() {
            return of.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return of.loggingEnabled();
        }

        @Override
        public String name() {
            return of.name();
        }
    }

    /** Sets the action that is run before each commit. */
    void beforeCommit(Runnable action) {
        beforeCommit = action;
    }

    @Override
    public void flushCache() {
        beforeCommit.run();
        super.flushCache();
    }

    byte[] get(byte[] key) {
        return wrapped().get(Bytes.wrap(key));
    }

    void putAll(List<MarkStore.Entry> rows) {
        wrapped()
                .putAll(rows.stream()
                        .map(row -> KeyValue.pair(Bytes.wrap(row.key()), row.value()))
                        .toList());
    }

    void delete(byte[] key) {
        wrapped().delete(Bytes.wrap(key));
    }

    KeyValueIterator<Bytes, byte[]> from(byte[] key) {
        return key.length == 0 ? wrapped().all() : wrapped().range(Bytes.wrap(key), null);
    }
}
