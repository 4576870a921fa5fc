package dev.tidemark.service.settings;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.definition.CronNicknames;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.stream.Stream;

/** Times by a cron expression of five fields, as crontab(5) has them, or a word as {@code @daily}, in a time zone. */
public final class CronSchedule {

    private static final CronDefinition CRONTAB = crontab();

    private final ExecutionTime times;
    private final ZoneId zone;

    private CronSchedule(ExecutionTime times, ZoneId zone) {
        this.times = times;
        this.zone = zone;
    }

    /** The library's own of Unix knows no words. Nothing is ever started again for {@code @reboot}. */
    private static CronDefinition crontab() {
        CronDefinition fields = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
        return new CronDefinition(
                new ArrayList<>(fields.getFieldDefinitions()),
                fields.getCronConstraints(),
                EnumSet.complementOf(EnumSet.of(CronNicknames.REBOOT)),
                fields.isMatchDayOfWeekAndDayOfMonth());
    }

    /**
     * @throws IllegalArgumentException if it is none, or never comes
     */
    public static CronSchedule parse(String expression, ZoneId zone) {
        CronSchedule schedule;
        try {
            schedule = new CronSchedule(
                    ExecutionTime.forCron(
                            new CronParser(CRONTAB).parse(expression).validate()),
                    zone);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "it is no cron expression of five fields, as 0 3 * * 6, nor a word as @daily: " + e.getMessage(),
                    e);
        }
        if (schedule.next(Instant.EPOCH).isEmpty()) {
            throw new IllegalArgumentException("it never comes");
        }
        return schedule;
    }

    /** The next time after that one; empty if there is none. */
    public Optional<Instant> next(Instant after) {
        Optional<Instant> next = times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
        return Stream.concat(next.stream(), skipped(after, next).stream()).min(Comparator.naturalOrder());
    }

    /**
     * A time that the clocks skip comes as much later as they jump, as java.time has it: the library would leave it
     * out, and with it a day's run, or a week's.
     */
    private Optional<Instant> skipped(Instant after, Optional<Instant> next) {
        ZoneRules rules = zone.getRules();
        ZoneOffsetTransition last = rules.previousTransition(after.plusNanos(1));
        for (ZoneOffsetTransition jump = last != null ? last : rules.nextTransition(after);
                jump != null && next.map(jump.getInstant()::isBefore).orElse(false);
                jump = rules.nextTransition(jump.getInstant())) {
            if (jump.isGap()) {
                LocalDateTime time = jump.getDateTimeBefore().minusNanos(1);
                while (true) {
                    Optional<ZonedDateTime> wall = times.nextExecution(time.atZone(ZoneOffset.UTC));
                    if (wall.isEmpty() || !wall.get().toLocalDateTime().isBefore(jump.getDateTimeAfter())) {
                        break;
                    }
                    time = wall.get().toLocalDateTime();
                    Instant come = time.atZone(zone).toInstant();
                    if (come.isAfter(after)) {
                        return Optional.of(come);
                    }
                }
            }
        }
        return Optional.empty();
    }
}
