package dev.tidemark.cli.live;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Kills a registry again and again, at moments that are left to chance, and starts it again. */
final class KilledAgain implements AutoCloseable {

    private static final int LONGEST_LIFE = 15_000;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CompletableFuture<Void> kills;

    KilledAgain(LiveRegistry live, Random random) {
        var own = new Random(random.nextLong());
        kills = CompletableFuture.runAsync(() -> kill(live, own), work -> new Thread(work, "kills").start());
    }

    private void kill(LiveRegistry live, Random random) {
        try {
            while (!stop.await(random.nextInt(LONGEST_LIFE), TimeUnit.MILLISECONDS)) {
                live.killAndRestart();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        kills.join();
    }
}
