package dev.tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CronScheduleTest {

  @Test
  void comesWhenCrontabSays() {
    CronSchedule saturdays = CronSchedule.parse("0 3 * * 6", ZoneOffset.UTC);

    assertThat(saturdays.next(Instant.parse("2026-11-24T00:00:00Z"))).contains(Instant.parse("2026-11-28T03:00:00Z"));
    assertThat(saturdays.next(Instant.parse("2026-11-28T03:00:00Z"))).contains(Instant.parse("2026-12-05T03:00:00Z"));
    assertThat(CronSchedule.parse("*/5 * * * *", ZoneOffset.UTC).next(Instant.parse("2026-11-24T00:01:30Z")))
        .contains(Instant.parse("2026-11-24T00:05:00Z"));
  }

  @Test
  void followsItsZoneThroughTheChangeOfClocks() {
    CronSchedule nightly = CronSchedule.parse("30 3 * * *", ZoneId.of("Europe/Berlin"));

    assertThat(nightly.next(Instant.parse("2026-03-28T12:00:00Z"))).contains(Instant.parse("2026-03-29T01:30:00Z"));
    assertThat(nightly.next(Instant.parse("2026-10-24T12:00:00Z"))).contains(Instant.parse("2026-10-25T02:30:00Z"));
  }
}
