package dev.tidemark.sweeper.trash;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.Trash.Trashed;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a command that changes the trash: a line in the log at each step, and the records of the topic
 * {@code trash} after all of them. A command has to work where no Kafka does, on a full disk above all, and the room
 * that it frees may be needed for a Kafka to start. If it is cut off in between, there is no record: nothing follows
 * from that but a gap.
 *
 * <p>The records of a large trash would not fit into memory. All but the last wait in a temporary file; as long as the
 * disk has no room for it, they stay in memory.
 */
public final class DeferredRecords implements TrashJournal {

    private static final Logger LOG = LoggerFactory.getLogger(DeferredRecords.class);
    private static final ObjectWriter JSON = JsonSerde.MAPPER.writerFor(TrashRecord.class);
    private static final int MOST_IN_MEMORY = 10_000;

    private final String by;
    private final int mostInMemory;
    private final List<TrashRecord> records = new ArrayList<>();
    private Path spool;
    /** As much of the file is whole. */
    private long spooled;

    /** @param by on whose word: the user and the command */
    public DeferredRecords(String by) {
        this(by, MOST_IN_MEMORY);
    }

    DeferredRecords(String by, int mostInMemory) {
        this.by = by;
        this.mostInMemory = mostInMemory;
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
        if (record.isPresent() && records.size() % mostInMemory == 0) {
            spill();
        }
    }

    private void spill() {
        try {
            if (spool == null) {
                spool = Files.createTempFile("tidemark-trash-", ".jsonl");
                spool.toFile().deleteOnExit();
            }
            var lines = new ByteArrayOutputStream();
            for (TrashRecord record : records) {
                lines.write(JSON.writeValueAsBytes(record));
                lines.write('\n');
            }
            // Not a channel: a thread that is interrupted would close it.
            try (var file = new RandomAccessFile(spool.toFile(), "rw")) {
                file.seek(spooled);
                file.write(lines.toByteArray());
                spooled = file.getFilePointer();
            }
            records.clear();
        } catch (IOException e) {
            LOG.warn("{} records stay in memory: {}", records.size(), e.getMessage());
        }
    }

    /** Whether there is nothing to be written. */
    public synchronized boolean isEmpty() {
        return records.isEmpty() && spooled == 0;
    }

    /**
     * Hands out those that are kept so far, in their order.
     *
     * @throws UncheckedIOException if they can't be read again
     */
    public synchronized void each(Consumer<List<TrashRecord>> to) {
        if (spooled > 0) {
            try (var file = new RandomAccessFile(spool.toFile(), "rw")) {
                file.setLength(spooled);
                read(new BufferedInputStream(new FileInputStream(file.getFD())), to);
            } catch (IOException e) {
                throw new UncheckedIOException("what was done is not in " + spool + " any more", e);
            }
        }
        to.accept(List.copyOf(records));
    }

    private void read(BufferedInputStream in, Consumer<List<TrashRecord>> to) throws IOException {
        try (MappingIterator<TrashRecord> lines =
                JsonSerde.MAPPER.readerFor(TrashRecord.class).readValues(in)) {
            List<TrashRecord> some = new ArrayList<>();
            while (lines.hasNextValue()) {
                some.add(lines.nextValue());
                if (some.size() == mostInMemory) {
                    to.accept(List.copyOf(some));
                    some.clear();
                }
            }
            to.accept(List.copyOf(some));
        }
    }

    /**
     * Writes them to the topic.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka doesn't take one
     */
    public void write(Cluster cluster) {
        try (var topic = new TrashRecords(cluster)) {
            each(topic::write);
        }
    }

    @Override
    public synchronized void close() {
        if (spool != null) {
            try {
                Files.deleteIfExists(spool);
            } catch (IOException e) {
                LOG.warn("{} stays: {}", spool, e.getMessage());
            }
        }
    }
}
