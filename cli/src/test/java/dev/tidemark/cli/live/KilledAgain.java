package dev.tidemark.cli.live;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Kills processes again and again, at moments that are left to chance, and starts them again. */
final class KilledAgain implements AutoCloseable {

    private static final int LONGEST_PAUSE = 15_000;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CompletableFuture<Void> killing;
    private int killed;

    /** @param kills each kills one process, and starts it again; one at a time */
    KilledAgain(Random random, List<Runnable> kills) {
        var own = new Random(random.nextLong());
        killing = CompletableFuture.runAsync(() -> kill(kills, own), work -> new Thread(work, "kills").start());
    }

    private void kill(List<Runnable> kills, Random random) {
        try {
            while (!stop.await(random.nextInt(LONGEST_PAUSE), TimeUnit.MILLISECONDS)) {
                kills.get(random.nextInt(kills.size())).run();
                killed++;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        killing.join();
        System.out.println("killed processes " + killed + " times");
    }
}
