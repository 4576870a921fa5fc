package dev.tidemark.service;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** Times by a cron expression of five fields, as crontab(5) has them, in a time zone. */
public final class CronSchedule {

  private final ExecutionTime times;
  private final ZoneId zone;

  private CronSchedule(ExecutionTime times, ZoneId zone) {
    this.times = times;
    this.zone = zone;
  }

  /**
   * @throws IllegalArgumentException if it is none, or never comes
   */
  public static CronSchedule parse(String expression, ZoneId zone) {
    CronSchedule schedule;
    try {
      var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
      schedule = new CronSchedule(ExecutionTime.forCron(parser.parse(expression).validate()), zone);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is no cron expression of five fields, as 0 3 * * 6: " + e.getMessage(), e);
    }
    if (schedule.next(Instant.EPOCH).isEmpty()) {
      throw new IllegalArgumentException("it never comes");
    }
    return schedule;
  }

  /** The next time after that one; empty if there is none. */
  public Optional<Instant> next(Instant after) {
    return times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
  }
}
