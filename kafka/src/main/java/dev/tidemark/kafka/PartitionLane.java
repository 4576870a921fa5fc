package dev.tidemark.kafka;

import dev.tidemark.schemas.Parsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of {@link Lanes}: a thread, a transactional producer, and the records that wait. When anything fails, it
 * opens anew: with a new producer, from the last commit on.
 */
final class PartitionLane<T> implements Lane {

  /** How long the group waits for an instance that says nothing any more. */
  interface Session {
    Duration length() throws InterruptedException;
  }

  /** What is done with a record that can't be read. */
  interface SetAside<T> {
    void setAside(ConsumerRecord<String, Parsed<T>> record, Parsed.Unreadable<T> unreadable, Lane lane);
  }

  private static final Logger LOG = LoggerFactory.getLogger(PartitionLane.class);

  /** The broker's own limit by default. A dead holder's transaction doesn't last so long: the next holder aborts it. */
  private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);

  private static final Duration COMMIT_EVERY = Duration.ofMillis(500);
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int TRIES = 5;
  private static final int MOST_AT_ONCE = 500;

  /** Longer than a commit takes by far. */
  private static final Duration LONGEST_CLAIM = Duration.ofMinutes(1);

  /** What is no standstill, but a storage that takes a while. */
  private static final Duration SHORTEST_STANDSTILL = Duration.ofSeconds(10);

  /** How Kafka says that the partition, or its transactional id, is another's. */
  private static final Set<Class<? extends Exception>> LOST = Set.of(
      CommitFailedException.class, ProducerFencedException.class, InvalidProducerEpochException.class, FencedInstanceIdException.class);

  private enum State {
    OPENING,
    AWAITING_POSITION,
    WORKING,
    STOPPED
  }

  private final Cluster cluster;
  private final TopicPartition partition;
  private final String transactionalId;
  private final Supplier<ConsumerGroupMetadata> group;
  private final Lanes.Start<T> startWork;
  private final SetAside<T> setAside;
  private final InFlightLimit inFlight;
  private final Consumer<Throwable> onFailure;
  private final Session session;
  private final Thread thread;
  private final BlockingQueue<ConsumerRecord<String, Parsed<T>>> waiting = new LinkedBlockingQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final int mostWaitingBytes;
  private final AtomicReference<Exception> sendFailure = new AtomicReference<>();

  private volatile State state = State.OPENING;
  private volatile boolean stopped;
  private volatile boolean cutOff;
  private volatile boolean closing;
  private volatile Optional<OffsetAndMetadata> committed = Optional.empty();

  private volatile Producer<String, byte[]> producer;
  private Work<T> work;
  private long position = -1;
  private boolean moved;
  /** When Kafka was last asked, and said that the partition is this instance's. */
  private volatile Optional<ClockReading> proven = Optional.empty();
  /** For how long that stands: its heartbeats are some of the session apart, and the next holder is not there at once. */
  private volatile Duration claim = Duration.ZERO;
  private boolean inTransaction;
  private long lastCommit;
  private String lastMetadata = "";

  private long atHand = -1;
  private long lastAtHand = -1;
  private long failedOffset = -1;
  /** Up to there, records are taken one by one, to know which of them it is that fails. */
  private long failedUntil = -1;
  private int failures;
  private RuntimeException lastFailure;

  PartitionLane(
      Cluster cluster, TopicPartition partition, String transactionalId, Supplier<ConsumerGroupMetadata> group, Session session,
      Lanes.Start<T> startWork, SetAside<T> setAside, InFlightLimit inFlight, Consumer<Throwable> onFailure) {
    this.cluster = cluster;
    this.partition = partition;
    this.transactionalId = transactionalId;
    this.group = group;
    this.startWork = startWork;
    this.setAside = setAside;
    this.inFlight = inFlight;
    this.onFailure = onFailure;
    this.session = session;
    mostWaitingBytes = cluster.buffers().waitingBytes();
    thread = new Thread(this::run, transactionalId);
    // It may wait for a storage that never answers.
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  // What the poller calls.

  boolean awaitsPosition() {
    return state == State.AWAITING_POSITION;
  }

  boolean positioned() {
    return state == State.WORKING;
  }

  boolean working() {
    return state == State.WORKING;
  }

  void begin(Optional<OffsetAndMetadata> from) {
    waiting.clear();
    waitingBytes.set(0);
    committed = from;
    state = State.WORKING;
  }

  void offer(ConsumerRecord<String, Parsed<T>> record) {
    waitingBytes.addAndGet(bytes(record));
    waiting.add(record);
  }

  boolean full() {
    return waitingBytes.get() >= mostWaitingBytes;
  }

  boolean hasRoom() {
    return waitingBytes.get() < mostWaitingBytes / 2;
  }

  private static int bytes(ConsumerRecord<?, ?> record) {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }

  void stop() {
    stopped = true;
  }

  /**
   * Waits for its end.
   *
   * @param deadline as {@link System#nanoTime}
   * @return whether it has ended by then
   */
  boolean ended(long deadline) {
    try {
      return thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !thread.isAlive();
    }
  }

  /** Goes on without it, as it does not end: whenever it does, it sends and commits nothing more. */
  synchronized void cutOff() {
    cutOff = true;
    if (!closing) {
      thread.interrupt();
    }
  }

  /** Aborts what a lane has left open that was cut off, and has not ended. */
  void closeProducer() {
    Producer<String, byte[]> open = producer;
    if (open != null) {
      cluster.close(open);
    }
  }

  // The lane's own thread.

  private void run() {
    int attempts = 0;
    while (!stopped) {
      try {
        open();
        attempts = 0;
        workOff();
        commit();
      } catch (LaneStoppedException e) {
        LOG.debug("{} is given back", partition);
      } catch (InterruptedException e) {
        stopped = true;
      } catch (RuntimeException e) {
        failed(e);
        attempts++;
      } catch (Error e) {
        // No memory left, say: no record's fault, and nothing that another try would mend.
        LOG.error("{} is worked off no more", partition, e);
        stopped = true;
        onFailure.accept(e);
      } finally {
        closing();
        abandon();
      }
      pause(attempts);
    }
    state = State.STOPPED;
  }

  /** Whoever was interrupted has gone on by that; what it holds is closed in peace. */
  private synchronized void closing() {
    closing = true;
    Thread.interrupted();
  }

  private void open() throws InterruptedException {
    state = State.OPENING;
    closing = false;
    sendFailure.set(null);
    position = -1;
    atHand = -1;
    moved = false;
    // The transactional id is anybody's for the asking.
    proven = Optional.empty();
    producer = cluster.transactional(transactionalId, LONGEST_TRANSACTION);
    producer.initTransactions();
    state = State.AWAITING_POSITION;
    while (state == State.AWAITING_POSITION) {
      requireGoing();
      TimeUnit.MILLISECONDS.sleep(1);
    }
    work = startWork.start(partition.partition(), committed);
    lastMetadata = committed.map(OffsetAndMetadata::metadata).orElse("");
    lastCommit = System.nanoTime();
  }

  private void workOff() throws InterruptedException {
    while (!stopped) {
      ConsumerRecord<String, Parsed<T>> record = waiting.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
      if (record != null) {
        waitingBytes.addAndGet(-bytes(record));
        position = record.offset();
        atHand = record.offset();
        position = on(record) + 1;
        moved = true;
      }
      work.between(this);
      if (waiting.isEmpty() || System.nanoTime() - lastCommit > COMMIT_EVERY.toNanos()) {
        commit();
      }
    }
  }

  /** Takes the record, and those that wait and join it; the offset of the last one. */
  private long on(ConsumerRecord<String, Parsed<T>> record) throws InterruptedException {
    switch (Parsed.of(record.value())) {
      case Parsed.Unreadable<T> unreadable -> {
        setAside.setAside(record, unreadable, this);
        return record.offset();
      }
      case Parsed.Readable<T> readable -> {
        ConsumerRecord<String, T> read = read(record, readable.value());
        if (record.offset() == failedOffset && failures >= TRIES) {
          LOG.error("{}@{} is given up after {} tries", partition, failedOffset, failures);
          work.givenUp(read, lastFailure, this);
          return record.offset();
        }
        if (record.offset() <= failedUntil) {
          lastAtHand = record.offset();
          work.on(read, this);
          return record.offset();
        }
        List<ConsumerRecord<String, T>> joined = joined(read);
        lastAtHand = joined.getLast().offset();
        work.on(joined, this);
        return lastAtHand;
      }
    }
  }

  private List<ConsumerRecord<String, T>> joined(ConsumerRecord<String, T> first) {
    List<ConsumerRecord<String, T>> joined = new ArrayList<>(List.of(first));
    while (joined.size() < MOST_AT_ONCE
        && waiting.peek() instanceof ConsumerRecord<String, Parsed<T>> next
        && Parsed.of(next.value()) instanceof Parsed.Readable<T>(T value)
        && work.joins(joined, value)) {
      waitingBytes.addAndGet(-bytes(waiting.remove()));
      joined.add(read(next, value));
    }
    return joined;
  }

  private void failed(RuntimeException failure) {
    if (stopped) {
      LOG.debug("{} is given back", partition, failure);
      return;
    }
    LOG.warn("{}: what was begun is undone, and tried again from the last commit on", partition, failure);
    if (atHand >= 0 && !saysLost(failure)) {
      failures = atHand == failedOffset ? failures + 1 : 1;
      failedOffset = atHand;
      failedUntil = Math.max(failedUntil, lastAtHand);
      lastFailure = failure;
    }
  }

  /** A partition that another has taken is no fault of the record at hand. */
  private static boolean saysLost(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).map(Throwable::getClass).anyMatch(LOST::contains);
  }

  private static <T> ConsumerRecord<String, T> read(ConsumerRecord<String, Parsed<T>> record, T value) {
    return new ConsumerRecord<>(
        record.topic(), record.partition(), record.offset(), record.timestamp(), record.timestampType(),
        record.serializedKeySize(), record.serializedValueSize(), record.key(), value, record.headers(), record.leaderEpoch());
  }

  @Override
  public int partition() {
    return partition.partition();
  }

  @Override
  public void send(ProducerRecord<String, byte[]> record) {
    requireSent();
    begin();
    // Whoever is told to stop may have deleted something, and says so.
    int taken = inFlight.acquire(record.value(), () -> stopped || sendFailure.get() != null);
    try {
      producer.send(record, (metadata, exception) -> {
        inFlight.release(taken);
        if (exception != null) {
          sendFailure.compareAndSet(null, exception);
        }
      });
    } catch (RuntimeException e) {
      inFlight.release(taken);
      throw e;
    }
  }

  private void begin() {
    if (cutOff) {
      throw new LaneStoppedException();
    }
    if (!inTransaction) {
      producer.beginTransaction();
      inTransaction = true;
    }
  }

  @Override
  public void commit() {
    if (inTransaction || moved || !work.metadata().equals(lastMetadata)) {
      commitAll();
    } else {
      lastCommit = System.nanoTime();
    }
  }

  private void commitAll() {
    ClockReading asked = ClockReading.now();
    lastCommit = System.nanoTime();
    begin();
    if (position >= 0) {
      String metadata = work.metadata();
      producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(position, metadata)), group.get());
      lastMetadata = metadata;
    }
    // Fails if any of what was sent did.
    producer.commitTransaction();
    inTransaction = false;
    moved = false;
    if (position >= 0) {
      proven = Optional.of(asked);
    }
  }

  @Override
  public boolean held() {
    return !stopped && provenWithin(claim);
  }

  @Override
  public boolean prove() throws InterruptedException {
    if (position < 0) {
      throw new IllegalStateException("no record of " + partition + " is at hand");
    }
    if (claim.isZero()) {
      claim = shorter(session.length().dividedBy(3), LONGEST_CLAIM);
    }
    boolean lately = provenWithin(claim) || provenWithin(SHORTEST_STANDSTILL);
    while (!provenWithin(claim.dividedBy(2))) {
      requireGoing();
      commitAll();
    }
    requireGoing();
    return lately;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private boolean provenWithin(Duration time) {
    ClockReading now = ClockReading.now();
    return proven.filter(moment -> now.since(moment).compareTo(time) <= 0).isPresent();
  }

  @Override
  public boolean stopped() {
    return stopped;
  }

  private void requireGoing() {
    if (stopped) {
      throw new LaneStoppedException();
    }
  }

  private void requireSent() {
    Exception failure = sendFailure.get();
    if (failure != null) {
      throw new KafkaException("a record could not be written to Kafka: " + failure.getMessage(), failure);
    }
  }

  private void abandon() {
    if (work != null) {
      work.close();
      work = null;
    }
    if (producer != null) {
      // Closing aborts what is open; if that can't be said to the broker, the next holder says it.
      cluster.close(producer);
      producer = null;
      inTransaction = false;
    }
  }

  private void pause(int attempts) {
    long deadline = System.nanoTime() + Math.min(LONGEST_PAUSE.toMillis(), 100L << Math.min(attempts, 10)) * 1_000_000;
    try {
      while (attempts > 0 && !stopped && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
  }
}
