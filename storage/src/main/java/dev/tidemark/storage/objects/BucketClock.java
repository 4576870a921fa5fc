package dev.tidemark.storage.objects;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.StorageException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clock of a service: the time that it gives to a new object, which is removed again. */
public final class BucketClock {

    private static final Logger LOG = LoggerFactory.getLogger(BucketClock.class);

    private BucketClock() {}

    /**
     * An empty object, to see the time by.
     *
     * @param <V> what its removal has to know of it
     */
    public interface Probe<V> {

        V write(String key);

        /** When it was written, as early as that may have been; empty if it is not there. */
        Optional<Instant> written(String key);

        /** Why it was not removed. */
        Collection<StorageException> remove(String key, V version);
    }

    /** The time, in ms since the epoch: no later than it is, so that nothing is due too early. */
    public static <V> long now(Calls calls, TrashKeys keys, Probe<V> probe) {
        return calls.answer("look at", "the storage's clock", () -> {
            String key = keys.top() + "clock-" + UUID.randomUUID();
            V version = probe.write(key);
            try {
                return probe.written(key)
                        .orElseThrow(() -> new StorageException("an object that was written is not there: " + key))
                        .toEpochMilli();
            } finally {
                probe.remove(key, version)
                        .forEach(failure -> LOG.warn("an object stays in the bucket: {}", failure.getMessage()));
            }
        });
    }
}
