package dev.tidemark.sweeper.cache;

import java.time.Duration;
import java.util.function.Function;

/** Calls a server again for some seconds: one that is started again, or replaced, is back soon. */
final class Tries {

    private static final int MOST = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private Tries() {}

    /**
     * Makes a call, five times at most.
     *
     * @param passing what it throws if a further try may help
     * @param failure makes the exception if none did
     */
    static void call(
            Runnable call, Class<? extends RuntimeException> passing, Function<Exception, CacheException> failure) {
        Duration pause = FIRST_PAUSE;
        for (int tries = 1; ; tries++) {
            try {
                call.run();
                return;
            } catch (RuntimeException e) {
                if (!passing.isInstance(e)) {
                    throw e;
                }
                if (tries == MOST) {
                    throw failure.apply(e);
                }
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure.apply(e);
            }
            pause = pause.multipliedBy(2);
        }
    }
}
