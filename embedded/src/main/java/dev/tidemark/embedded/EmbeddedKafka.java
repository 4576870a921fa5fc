package dev.tidemark.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A whole Kafka cluster in this process: one node, broker and controller at once, that listens on the loopback
 * interface only.
 *
 * <p>Its data lives in a directory that survives restarts (on whatever ports), {@code kill -9}, and being copied. One
 * process at a time can use a directory. The broker never prints, never adds a shutdown hook and never ends the
 * process: a fault for which Kafka would end its process completes {@link #failure()} instead.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);

    private final DataDir dataDir;
    private final ReservedSockets sockets;
    private final Faults faults;
    private volatile KraftNode node;
    private boolean closed;

    private EmbeddedKafka(DataDir dataDir, ReservedSockets sockets) {
        this.dataDir = dataDir;
        this.sockets = sockets;
        this.faults = Faults.of(dataDir.path());
    }

    /** Starts on any free port. */
    public static EmbeddedKafka start(Path dataDir) {
        return start(dataDir, 0, elapsed -> {});
    }

    /**
     * Starts, and returns once clients can connect. On a busy machine that takes as long as it takes.
     *
     * @param dataDir  where everything is kept; made and formatted when it isn't there
     * @param port     the clients' port on the loopback interface; 0 for any free one
     * @param starting told every second how long the start has taken so far
     * @throws EmbeddedKafkaException when the directory is in use or broken, or the port is taken
     */
    public static EmbeddedKafka start(Path dataDir, int port, Consumer<Duration> starting) {
        DataDir dir = DataDir.open(dataDir);
        EmbeddedKafka kafka = null;
        try {
            kafka = new EmbeddedKafka(dir, ReservedSockets.bind(port));
            kafka.start(starting);
            return kafka;
        } catch (RuntimeException e) {
            if (kafka == null) {
                dir.close();
            } else {
                kafka.close();
            }
            throw e;
        }
    }

    /** The address, as clients take it for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return sockets.client();
    }

    /** The settings of clients in this process: the address, and time-outs by which a slow broker is never given up. */
    public Map<String, Object> clientSettings() {
        Map<String, Object> settings = new HashMap<>(TimeOuts.ofClients());
        settings.put("bootstrap.servers", bootstrapServers());
        return settings;
    }

    /**
     * Completes if the broker stops by itself, say because its disk is full: clients would only see time-outs. Never
     * completes in a normal life, {@link #close()} included.
     */
    public CompletableFuture<EmbeddedKafkaException> failure() {
        return faults.failure().copy();
    }

    /** Why it has stopped by itself, if it has. */
    public Optional<String> trouble() {
        return Optional.ofNullable(faults.failure().getNow(null)).map(EmbeddedKafkaException::getMessage);
    }

    /** Stops the broker in order; its directory can be started again at once. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean failed = faults.failure().isDone();
        faults.ignoreFromNowOn();
        if (node != null) {
            node.stop(failed ? Duration.ZERO : SHUTDOWN_TIMEOUT);
        }
        sockets.close();
        dataDir.close();
    }

    /**
     * Kafka starts in a thread of its own: a fatal fault in one of its threads can leave the one that starts it waiting
     * for ever.
     */
    private void start(Consumer<Duration> starting) {
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread starter = new Thread(
                () -> {
                    try {
                        startServers();
                        started.complete(null);
                    } catch (Throwable e) {
                        started.completeExceptionally(e);
                    }
                },
                "embedded-kafka-start");
        starter.setDaemon(true);
        starter.start();
        try {
            await(started, starting);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EmbeddedKafkaException known
                    ? known
                    : StartFailure.of(dataDir.path(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedKafkaException("Interrupted while Kafka was starting on " + dataDir.path(), e);
        }
        Optional<EmbeddedKafkaException> fault =
                Optional.ofNullable(faults.failure().getNow(null));
        if (fault.isPresent()) {
            throw StartFailure.of(
                    dataDir.path(),
                    fault.get().getCause() == null ? fault.get() : fault.get().getCause());
        }
    }

    private void await(CompletableFuture<Void> started, Consumer<Duration> starting)
            throws ExecutionException, InterruptedException {
        CompletableFuture<Object> ended = CompletableFuture.anyOf(started, faults.failure());
        StartTimeout timeout = new StartTimeout();
        while (true) {
            try {
                ended.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                starting.accept(timeout.elapsed());
                timeout.check(dataDir.path());
            }
        }
    }

    private void startServers() throws Exception {
        dataDir.formatIfNew();
        if (dataDir.wasKilled()) {
            KraftNode.endSessionOfKilledBroker(dataDir, faults);
        }
        node = new KraftNode(BrokerSettings.of(dataDir, sockets), faults, sockets);
        node.start(bootstrapServers());
    }
}
