package dev.tidemark.cli.schedule;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The rests of a process between its collections, until it is told to end. */
public interface Rest {

    /** Lets so much time pass, or less. */
    void rest(Duration atMost);

    /** Whether the process was told to end. */
    boolean over();

    /** The rests of this process: Ctrl-C and SIGTERM end them. */
    static Rest ofProcess() {
        var told = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(told::countDown, "end"));
        return new Rest() {
            @Override
            public void rest(Duration atMost) {
                // Of a Kafka that had stopped by itself, in the last collection: it is said already.
                Thread.interrupted();
                try {
                    told.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    // The same, a moment later. It was a short rest.
                }
            }

            @Override
            public boolean over() {
                return told.getCount() == 0;
            }
        };
    }
}
