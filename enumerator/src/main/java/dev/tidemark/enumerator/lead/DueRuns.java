package dev.tidemark.enumerator.lead;

import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides by the schedule which run is due. A run that is due while another is under way is left out. */
final class DueRuns {

    private static final Logger LOG = LoggerFactory.getLogger(DueRuns.class);

    /** A run that was due while no enumerator led is made up for, if that is not longer ago. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final Optional<Schedule> schedule;
    private final Clock clock;
    private Optional<Instant> due;

    DueRuns(Optional<Schedule> schedule) {
        this(schedule, Clock.systemUTC());
    }

    DueRuns(Optional<Schedule> schedule, Clock clock) {
        this.schedule = schedule;
        this.clock = clock;
        Instant from = clock.instant().minus(GRACE);
        due = schedule.flatMap(t -> t.next().apply(from));
    }

    /** The run to ask for now, if any; each once. */
    Optional<Requested> due(Optional<Run> latest) {
        Instant now = clock.instant();
        if (due.isEmpty() || now.isBefore(due.get())) {
            return Optional.empty();
        }
        Instant time = due.get();
        Optional<RunId> ahead = latest.map(Run::id).filter(known -> known.time().isAfter(now));
        Requested run = schedule.orElseThrow().run(time, ahead);
        due = schedule.get().next().apply(time);
        boolean past = latest.filter(
                        known -> known.id().compareTo(run.run()) >= 0 || Schedule.asked(known.requested(), time))
                .isPresent();
        if (past || due.filter(next -> !now.isBefore(next)).isPresent()) {
            return Optional.empty();
        }
        if (latest.filter(known -> !known.ended()).isPresent()) {
            LOG.warn(
                    "{} was due by the schedule and is left out: the run {} is under way",
                    run.run(),
                    latest.get().id());
            return Optional.empty();
        }
        ahead.ifPresent(known -> LOG.warn(
                "the id of the run {} is in the future by the clock here, {}: the schedule goes on after it, with {}",
                known,
                now,
                run.run()));
        return Optional.of(run);
    }
}
