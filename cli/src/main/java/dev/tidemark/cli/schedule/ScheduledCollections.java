package dev.tidemark.cli.schedule;

import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.Failure;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.service.metrics.ScheduleMetrics;
import dev.tidemark.service.metrics.ScheduleMetrics.Result;
import dev.tidemark.service.settings.InvalidSettingsException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;

/** Collections at the times of a schedule, one after the other, until the process is told to end. */
public final class ScheduledCollections {

    /** The clock is looked at so often: a machine that was suspended, or whose clock was set, is no later than that. */
    static final Duration LOOK = Duration.ofSeconds(30);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm VV");

    private final DueTimes times;
    private final ZoneId zone;
    private final InstantSource clock;
    private final Rest rest;
    private final Collector collector;
    private final ScheduleMetrics metrics;
    private final Terminal terminal;
    private final boolean quiet;
    private boolean looked;
    private boolean busy;

    /**
     * @param next the next time after another one, if there is any
     * @param zone that times are told in
     * @param quiet whether nothing but errors is said
     */
    public ScheduledCollections(
            Function<Instant, Optional<Instant>> next,
            ZoneId zone,
            InstantSource clock,
            Rest rest,
            Collector collector,
            ScheduleMetrics metrics,
            Terminal terminal,
            boolean quiet) {
        times = new DueTimes(next, clock.instant());
        this.zone = zone;
        this.clock = clock;
        this.rest = rest;
        this.collector = collector;
        this.metrics = metrics;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    /**
     * Looks at the runs so far, and collects until the process is told to end.
     *
     * @throws UsageException if it can never collect as it was asked to
     */
    public void run() {
        look();
        while (!rest.over()) {
            Instant now = clock.instant();
            if (!times.come(now) && !collector.approved()) {
                rest.rest(times.due()
                        .map(time -> Duration.between(now, time))
                        .filter(wait -> wait.compareTo(LOOK) < 0)
                        .orElse(LOOK));
            } else if (!collected(now) || collector.approved()) {
                // It could not even begin: it is tried again, and not at once.
                rest.rest(LOOK);
            }
        }
    }

    /** Whether it has seen what runs there were: until then its metrics know nothing of them. */
    public Optional<String> notReady() {
        return looked ? Optional.empty() : Optional.of("it has not looked at the runs so far yet");
    }

    private void look() {
        try {
            collector.look();
        } catch (UsageException | InvalidSettingsException e) {
            throw e;
        } catch (RuntimeException e) {
            Failure.tell(e, terminal);
        }
        looked = true;
    }

    /** Collects; false if another process works on the registry, which is waited for. */
    private boolean collected(Instant begun) {
        Result result;
        try {
            result = collector.collect();
        } catch (BusyException e) {
            if (!busy) {
                terminal.error(e.getMessage());
            }
            busy = true;
            return false;
        } catch (RuntimeException e) {
            Failure.tell(e, terminal);
            result = Result.FAILED;
        }
        busy = false;
        if (rest.over()) {
            return true;
        }
        metrics.ended(result);
        int leftOut = times.goOn(begun, clock.instant());
        metrics.leftOut(leftOut);
        if (leftOut > 0) {
            say(Counted.of(leftOut, "time") + " of the schedule came while this collection was under way, and "
                    + (leftOut == 1 ? "is" : "are") + " left out");
        }
        announce();
        return true;
    }

    /** Says when the next collection is. */
    public void announce() {
        metrics.next(times.due());
        times.due().ifPresent(time -> say("the next collection is at " + TIME.format(time.atZone(zone))));
    }

    private void say(String line) {
        if (!quiet) {
            terminal.error(line);
        }
    }
}
