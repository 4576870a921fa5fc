package dev.tidemark.kafka.worker;

import java.time.Duration;
import java.util.Optional;

/**
 * The time for which a partition is known to be this instance's: Kafka has taken a commit, and the group waits for a
 * silent instance longer than the claim holds, so that the next holder can't have begun.
 */
final class Claim {

    /** How long the group waits for an instance that says nothing any more. */
    interface Session {
        Duration length() throws InterruptedException;
    }

    /** Longer than a commit takes by far. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** A shorter pause is no standstill, but a storage that takes a while. */
    private static final Duration SHORTEST_STANDSTILL = Duration.ofSeconds(10);

    private final Session session;
    /** When Kafka was last asked, and said that the partition is this instance's. */
    private volatile Optional<ClockReading> proven = Optional.empty();
    /**
     * For how long that stands: an instance's heartbeats are some of the session apart, and the next holder is not
     * there at once.
     */
    private volatile Duration length = Duration.ZERO;

    Claim(Session session) {
        this.session = session;
    }

    /** Learns how long a claim holds, once it is needed. Until then none holds. */
    void measure() throws InterruptedException {
        if (length.isZero()) {
            Duration third = session.length().dividedBy(3);
            length = third.compareTo(LONGEST) < 0 ? third : LONGEST;
        }
    }

    /** Kafka took a commit that was asked for at that time. */
    void proven(ClockReading asked) {
        proven = Optional.of(asked);
    }

    boolean held() {
        return provenWithin(length);
    }

    /** Whether so much of it is left that no other proof is needed. */
    boolean fresh() {
        return provenWithin(length.dividedBy(2));
    }

    /** Whether the process has not been at a standstill since the last proof. */
    boolean lately() {
        return held() || provenWithin(SHORTEST_STANDSTILL);
    }

    private boolean provenWithin(Duration time) {
        ClockReading now = ClockReading.now();
        return proven.filter(asked -> now.since(asked).compareTo(time) <= 0).isPresent();
    }
}
