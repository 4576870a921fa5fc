package dev.tidemark.cli.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.service.metrics.ScheduleMetrics;
import dev.tidemark.service.metrics.ScheduleMetrics.Result;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.settings.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop, by a clock that nothing but its rests and its collections move. */
class ScheduledCollectionsTest implements Rest, Collector {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NIGHT = Instant.parse("2026-11-25T02:00:00Z");

    private final Screen screen = Screen.wide();
    private final ServiceMetrics scraped = new ServiceMetrics("collect", "one");
    private final List<Instant> begun = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private Instant end = now.plus(Duration.ofDays(3));
    private Supplier<Result> collection = () -> Result.DONE;
    private Instant approvedAt = Instant.MAX;
    private boolean looked;
    private RuntimeException failure;
    private int rests;
    private ScheduledCollections collections;

    @BeforeEach
    void aSchedule() {
        var metrics = new ScheduleMetrics(() -> now);
        metrics.bindTo(scraped);
        metrics.ofRun().bindTo(scraped);
        collections = new ScheduledCollections(
                CronSchedule.parse("0 3 * * *", BERLIN)::next,
                BERLIN,
                () -> now,
                this,
                this,
                metrics,
                screen.terminal(),
                false);
    }

    @AfterEach
    void close() {
        scraped.close();
    }

    @Test
    void aCollectionBeginsAtEachTimeToTheSecond() {
        collections.announce();
        collections.run();

        assertThat(begun).containsExactly(NIGHT, NIGHT.plus(Duration.ofDays(1)), NIGHT.plus(Duration.ofDays(2)));
        assertThat(screen.err().lines())
                .first()
                .isEqualTo("tidemark: the next collection is at 2026-11-25 03:00 Europe/Berlin");
        assertThat(scraped.scrape())
                .contains(
                        "tidemark_schedule_collections_total{instance=\"one\",result=\"done\",service=\"collect\"} 3.0",
                        "tidemark_schedule_last{instance=\"one\",result=\"done\",service=\"collect\"} 1.0",
                        "tidemark_run_success_age_seconds{instance=\"one\",service=\"collect\"} 36000.0",
                        "tidemark_schedule_next_seconds{instance=\"one\",service=\"collect\"} 50400.0");
    }

    /** A machine that is suspended must not sleep on for as long again. */
    @Test
    void theClockIsLookedAtEveryHalfMinute() {
        end = now.plus(Duration.ofHours(1));
        collections.run();

        assertThat(rests).isEqualTo(120);
    }

    @Test
    void aTimeThatComesWhileACollectionIsUnderWayIsLeftOut() {
        collection = () -> {
            now = now.plus(Duration.ofHours(25));
            return Result.DONE;
        };
        collections.run();

        assertThat(begun).containsExactly(NIGHT, NIGHT.plus(Duration.ofDays(2)));
        assertThat(screen.err())
                .contains("1 time of the schedule came while this collection was under way, and is left out");
        assertThat(scraped.scrape())
                .contains("tidemark_schedule_left_out_total{instance=\"one\",service=\"collect\"} 1.0");
    }

    @Test
    void aFailureIsSaidAndCountedAndTheNextTimeComes() {
        collection = () -> {
            throw begun.size() == 1 ? new CollectionException("the disk is full") : new IllegalStateException();
        };
        collections.run();

        assertThat(begun).hasSize(3);
        assertThat(screen.err())
                .contains("tidemark: the disk is full\n", "tidemark: java.lang.IllegalStateException\n");
        assertThat(scraped.scrape())
                .contains(
                        "total{instance=\"one\",result=\"failed\",service=\"collect\"} 3.0",
                        "tidemark_run_success_age_seconds{instance=\"one\",service=\"collect\"} 259200.0");
    }

    @Test
    void aRegistryThatIsBusyIsWaitedForAndThatIsSaidOnce() {
        collection = () -> {
            if (begun.size() < 10) {
                throw new BusyException("a run is under way");
            }
            return Result.DONE;
        };
        end = now.plus(Duration.ofDays(1));
        collections.run();

        assertThat(begun).hasSize(10).first().isEqualTo(NIGHT);
        assertThat(begun).last().isEqualTo(NIGHT.plus(ScheduledCollections.LOOK.multipliedBy(9)));
        assertThat(screen.err().lines().filter("tidemark: a run is under way"::equals))
                .hasSize(1);
        assertThat(scraped.scrape()).contains("result=\"failed\",service=\"collect\"} 0.0");
    }

    @Test
    void anApprovalIsActedOnAtOnceAndTheNextTimeComesAllTheSame() {
        collection = () -> begun.size() == 1 ? Result.WAITING : Result.DONE;
        Instant morning = NIGHT.plus(Duration.ofHours(5));
        approvedAt = morning;
        end = NIGHT.plus(Duration.ofHours(30));
        collections.run();

        assertThat(begun).containsExactly(NIGHT, morning, NIGHT.plus(Duration.ofDays(1)));
    }

    @Test
    void anApprovalThatCannotBeActedOnIsTriedAgainAndNotAtOnce() {
        collection = () -> {
            approvedAt = begun.size() < 5 ? begun.getFirst() : Instant.MAX;
            throw new CollectionException("config.yml is no configuration");
        };
        approvedAt = now;
        end = now.plus(Duration.ofHours(1));
        Instant first = now;
        collections.run();

        assertThat(begun).hasSize(5).last().isEqualTo(first.plus(ScheduledCollections.LOOK.multipliedBy(4)));
    }

    @Test
    void itIsReadyOnceItHasLookedAtTheRunsSoFar() {
        assertThat(collections.notReady()).isPresent();
        collections.run();

        assertThat(looked).isTrue();
        assertThat(collections.notReady()).isEmpty();
    }

    @Test
    void aLookThatFailsIsSaidAndOneThatNeverCanSucceedEndsIt() {
        failure = new CollectionException("the storage does not answer");
        collections.run();
        assertThat(screen.err()).startsWith("tidemark: the storage does not answer\n");
        assertThat(begun).hasSize(3);

        failure = new UsageException("a newer Tidemark has used it");
        assertThatThrownBy(collections::run).isSameAs(failure);
    }

    @Test
    void aProcessThatIsToldToEndInACollectionSaysNoMore() {
        collection = () -> {
            end = now;
            return Result.FAILED;
        };
        collections.run();

        assertThat(begun).hasSize(1);
        assertThat(screen.err()).isEmpty();
    }

    @Override
    public void rest(Duration atMost) {
        assertThat(atMost).isPositive();
        rests++;
        now = now.plus(atMost);
    }

    @Override
    public boolean over() {
        return !now.isBefore(end);
    }

    @Override
    public void look() {
        looked = true;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public Result collect() {
        begun.add(now);
        if (!now.isBefore(approvedAt)) {
            approvedAt = Instant.MAX;
        }
        return collection.get();
    }

    @Override
    public boolean approved() {
        return !now.isBefore(approvedAt);
    }
}
