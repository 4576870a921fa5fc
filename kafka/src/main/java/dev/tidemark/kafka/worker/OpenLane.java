package dev.tidemark.kafka.worker;

import dev.tidemark.schemas.Parsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition that is worked off from its last commit on, until it is given back, or anything fails. */
final class OpenLane<T> implements Lane, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenLane.class);
    private static final Duration COMMIT_EVERY = Duration.ofMillis(500);
    private static final Duration TICK = Duration.ofMillis(50);

    /** As many as a consumer hands out at once by default. */
    private static final int MOST_AT_ONCE = 500;

    private final LaneContext<T> context;
    private final TopicPartition partition;
    private final StopSignal signal;
    private final Attempts attempts;
    private final Claim claim;
    private final LaneTransaction transaction;
    private PartitionReader<T> reader;
    private Work<T> work;
    private long position = -1;
    private boolean moved;
    private long lastCommit;
    private String lastMetadata = "";

    OpenLane(
            LaneContext<T> context,
            TopicPartition partition,
            String transactionalId,
            StopSignal signal,
            Attempts attempts) {
        this.context = context;
        this.partition = partition;
        this.signal = signal;
        this.attempts = attempts;
        claim = new Claim(context.session());
        transaction = new LaneTransaction(
                context.cluster(), partition, transactionalId, context.membership(), context.inFlight(), signal);
    }

    /** Takes the partition over from its last holder. */
    void open() throws InterruptedException {
        transaction.fence();
        signal.requireGoing();
        reader = new PartitionReader<>(context.cluster(), context.group(), partition, context.type());
        Optional<OffsetAndMetadata> committed = reader.seekToCommitted();
        signal.requireGoing();
        work = context.start().start(partition.partition(), committed);
        lastMetadata = committed.map(OffsetAndMetadata::metadata).orElse("");
        lastCommit = System.nanoTime();
    }

    /** Works the partition off until it is to be given back. */
    void workOff() throws InterruptedException {
        while (!signal.stopped()) {
            Optional<ConsumerRecord<String, Parsed<T>>> record = reader.next(TICK);
            if (record.isPresent()) {
                position = record.get().offset();
                position = on(record.get()) + 1;
                moved = true;
            }
            work.between(this);
            if (record.isEmpty() || System.nanoTime() - lastCommit > COMMIT_EVERY.toNanos() || reader.isEmpty()) {
                commit();
            }
        }
        commit();
    }

    /** Takes the record, and those that are here and join it; the offset of the last one. */
    private long on(ConsumerRecord<String, Parsed<T>> record) throws InterruptedException {
        attempts.begin(record.offset());
        switch (Parsed.of(record.value())) {
            case Parsed.Unreadable<T> unreadable -> {
                context.unreadable().setAside(record, unreadable, this);
                return record.offset();
            }
            case Parsed.Readable<T> readable -> {
                ConsumerRecord<String, T> read = read(record, readable.value());
                if (attempts.exhausted(record.offset())) {
                    LOG.error("{}@{} is given up after {} tries", partition, record.offset(), Attempts.MOST);
                    work.givenUp(read, attempts.lastFailure(), this);
                    return record.offset();
                }
                if (attempts.alone(record.offset())) {
                    attempts.upTo(record.offset());
                    work.on(read, this);
                    return record.offset();
                }
                List<ConsumerRecord<String, T>> joined = joined(read);
                attempts.upTo(joined.getLast().offset());
                work.on(joined, this);
                return joined.getLast().offset();
            }
        }
    }

    private List<ConsumerRecord<String, T>> joined(ConsumerRecord<String, T> first) {
        List<ConsumerRecord<String, T>> joined = new ArrayList<>(List.of(first));
        while (joined.size() < MOST_AT_ONCE
                && reader.peek().orElse(null) instanceof ConsumerRecord<String, Parsed<T>> next
                && Parsed.of(next.value()) instanceof Parsed.Readable<T>(T value)
                && work.joins(joined, value)) {
            reader.next(Duration.ZERO);
            joined.add(read(next, value));
        }
        return joined;
    }

    private static <T> ConsumerRecord<String, T> read(ConsumerRecord<String, Parsed<T>> record, T value) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                value,
                record.headers(),
                record.leaderEpoch());
    }

    @Override
    public int partition() {
        return partition.partition();
    }

    @Override
    public void send(ProducerRecord<String, byte[]> record) {
        transaction.send(record);
    }

    @Override
    public void commit() {
        if (transaction.begun() || moved || !work.metadata().equals(lastMetadata)) {
            commitAll();
        } else {
            lastCommit = System.nanoTime();
        }
    }

    private void commitAll() {
        ClockReading asked = ClockReading.now();
        lastCommit = System.nanoTime();
        if (position < 0) {
            transaction.commit();
            return;
        }
        String metadata = work.metadata();
        transaction.commit(new OffsetAndMetadata(position, metadata));
        lastMetadata = metadata;
        moved = false;
        claim.proven(asked);
    }

    @Override
    public boolean held() {
        return !signal.stopped() && claim.held();
    }

    @Override
    public boolean prove() throws InterruptedException {
        if (position < 0) {
            throw new IllegalStateException("no record of " + partition + " is at hand");
        }
        claim.measure();
        boolean lately = claim.lately();
        while (!claim.fresh()) {
            signal.requireGoing();
            commitAll();
        }
        signal.requireGoing();
        return lately;
    }

    @Override
    public boolean stopped() {
        return signal.stopped();
    }

    /** Aborts what is open. May be called by any thread. */
    void abort() {
        transaction.close();
    }

    @Override
    public void close() {
        try {
            if (work != null) {
                work.close();
            }
        } finally {
            abort();
            if (reader != null) {
                reader.close();
            }
        }
    }
}
