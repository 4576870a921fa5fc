package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.Trash.Trashed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command does to the trash: in the log as it does it, and as records of the topic {@code trash} after that. A
 * command has to work where no Kafka does, on a full disk above all, and it may be what it frees that lets a Kafka
 * start. If it is cut off in between, there is no record: nothing follows from that but a gap.
 */
public final class DeferredRecords implements TrashJournal {

    private static final Logger LOG = LoggerFactory.getLogger(DeferredRecords.class);

    private final String by;
    private final List<TrashRecord> records = new ArrayList<>();

    /** @param by on whose word: the user and the command */
    public DeferredRecords(String by) {
        this.by = by;
    }

    @Override
    public void restored(Trashed file, String why) {
        LOG.info("{} restored {}: {}", file.run(), file.path(), why);
        keep(TrashRecords.restored(file, why, by));
    }

    @Override
    public void purging(List<Trashed> files, long least, long looked) {
        // It is taken down when it is done.
    }

    @Override
    public void purged(List<Trashed> files, long least, long looked) {
        for (Trashed file : files) {
            LOG.info("{} purged {}", file.run(), file.path());
            keep(TrashRecords.purged(file, by, least, looked));
        }
    }

    private synchronized void keep(Optional<TrashRecord> record) {
        record.ifPresent(records::add);
    }

    /** Whether there is nothing to be written. */
    public synchronized boolean isEmpty() {
        return records.isEmpty();
    }

    /** Those that are kept so far. */
    synchronized List<TrashRecord> records() {
        return List.copyOf(records);
    }

    /**
     * Writes them to the topic.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka doesn't take one
     */
    public void write(Cluster cluster) {
        try (var topic = new TrashRecords(cluster)) {
            topic.write(records());
        }
    }

    @Override
    public void close() {}
}
