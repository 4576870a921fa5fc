package dev.tidemark.embedded;

import dev.tidemark.schemas.text.Causes;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.internals.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of faults for which Kafka ends its process. Here a fault completes {@link #failure()} instead.
 *
 * <p>Most come through the fault handlers that this factory makes. The loss of a data directory (a full disk is one)
 * doesn't: it calls {@link Exit}, which is one for the whole process, so it is reported to every embedded broker that
 * is alive.
 */
final class Faults implements FaultHandlerFactory {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final Set<Faults> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Exit.setHaltProcedure((status, message) -> stopped(message));
        Exit.setExitProcedure((status, message) -> stopped(message));
        Exit.setShutdownHookAdder((name, hook) -> {});
    }

    private final Path dataDir;
    private final CompletableFuture<EmbeddedKafkaException> failure = new CompletableFuture<>();

    private Faults(Path dataDir) {
        this.dataDir = dataDir;
    }

    static Faults of(Path dataDir) {
        Faults faults = new Faults(dataDir);
        ALIVE.add(faults);
        return faults;
    }

    CompletableFuture<EmbeddedKafkaException> failure() {
        return failure;
    }

    void ignoreFromNowOn() {
        ALIVE.remove(this);
    }

    @Override
    public FaultHandler build(String name, boolean fatal, Runnable action) {
        return fatal ? (message, cause) -> report(name, message, cause, action) : new LoggingFaultHandler(name, action);
    }

    private RuntimeException report(String name, String message, Throwable cause, Runnable action) {
        action.run();
        String why = message + (cause == null ? "" : ": " + Causes.named(cause));
        EmbeddedKafkaException fault = new EmbeddedKafkaException(
                "Kafka's " + name + " in " + dataDir + " failed (" + why
                        + "). See that the disk is sound and not full, then start again.",
                cause);
        if (ALIVE.contains(this) && failure.complete(fault)) {
            LOG.error(fault.getMessage(), fault);
        }
        return fault;
    }

    private static void stopped(String message) {
        for (Faults faults : ALIVE) {
            EmbeddedKafkaException fault = new EmbeddedKafkaException("Kafka had to stop: it can no longer use "
                    + faults.dataDir + (message == null ? "" : " (" + message + ")")
                    + ". See that the disk is sound, writable and not full, then start again.");
            if (faults.failure.complete(fault)) {
                LOG.error(fault.getMessage());
            }
        }
        throw new IllegalStateException("Kafka wanted to end the process");
    }
}
