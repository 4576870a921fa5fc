package dev.tidemark.testkit;

import java.time.Duration;

/** A night that is spent on tests: {@code mvn verify -Psoak -Dminutes=60 -Dseed=42}. */
public final class Soak {

    private final long end =
            System.nanoTime() + Duration.ofMinutes(Long.getLong("minutes", 30)).toNanos();

    /** Whether there is time for another round. */
    public boolean goesOn() {
        return System.nanoTime() < end;
    }

    /** The seed of all that is left to chance. It is printed, so that a moment that went wrong can be met again. */
    public static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("-Dseed=" + seed);
        return seed;
    }
}
