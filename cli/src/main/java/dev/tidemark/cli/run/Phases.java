package dev.tidemark.cli.run;

import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** The times that the phases of a run took, as its follower saw them. */
public final class Phases {

    /** The phases that a user waits for, in order. */
    public enum Phase {
        STARTING,
        ENUMERATING,
        MARKING,
        SWEEPING,
        /** The final look at what was swept, and the wait for it. */
        SETTLING
    }

    private final Map<Phase, Duration> took = new EnumMap<>(Phase.class);
    private Phase phase = Phase.STARTING;
    private Instant since;

    public Phases(Instant start) {
        since = start;
    }

    /** The phases of a run that was followed by nobody. */
    public static Phases of(RunHistory.Entry entry) {
        var phases = new Phases(Instant.ofEpochMilli(entry.run().requested().at()));
        phases.phase = Phase.ENUMERATING;
        entry.reached().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(reached -> phases.at(reached.getKey(), reached.getValue()));
        return phases;
    }

    /** The run was asked for. */
    public void requested(Instant now) {
        enter(Phase.ENUMERATING, now);
    }

    /** The run is in this state now. */
    public void at(Run.State state, Instant now) {
        switch (state) {
            case REQUESTED -> enter(Phase.ENUMERATING, now);
            case ENUMERATED -> enter(Phase.MARKING, now);
            case SWEEPING -> enter(Phase.SWEEPING, now);
            case DECIDED, WAITING, SWEPT, FAILED, CANCELLED -> enter(phase, now);
        }
    }

    /** The run has ended, and its trash is looked after. */
    public void settling(Instant now) {
        enter(Phase.SETTLING, now);
    }

    private void enter(Phase next, Instant now) {
        took.merge(phase, Duration.between(since, now), Duration::plus);
        since = now;
        phase = next;
    }

    public Phase current() {
        return phase;
    }

    Map<Phase, Duration> took() {
        return Map.copyOf(took);
    }
}
