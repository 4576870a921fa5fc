package dev.tidemark.cli.schedule;

import dev.tidemark.schemas.Run;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** The times of a schedule, by a clock that may jump: which is waited for, and whether it has come. */
final class DueTimes {

    private final Function<Instant, Optional<Instant>> next;
    private Instant seen;
    private Optional<Instant> due;

    /**
     * @param next the next time after another one, if there is any
     * @param now no time is due that came before
     */
    DueTimes(Function<Instant, Optional<Instant>> next, Instant now) {
        this.next = next;
        startFrom(now);
    }

    private void startFrom(Instant now) {
        seen = now;
        due = next.apply(now);
    }

    /** The time that is waited for, or that has come; empty if there is none. */
    Optional<Instant> due() {
        return due;
    }

    /** Whether it has come. If the clock was set back by much it was wrong before, and so is the time. */
    boolean come(Instant now) {
        if (now.isBefore(seen.minus(Run.CLOCKS_DIFFER))) {
            startFrom(now);
        }
        seen = now;
        return due.filter(time -> !now.isBefore(time)).isPresent();
    }

    /**
     * Goes on after a collection. All times that came before it began are done with it.
     *
     * @return how many came while it was under way: they are left out
     */
    int goOn(Instant begun, Instant ended) {
        startFrom(begun);
        int leftOut = 0;
        for (; due.filter(time -> !ended.isBefore(time)).isPresent(); due = next.apply(due.get())) {
            leftOut++;
        }
        return leftOut;
    }
}
