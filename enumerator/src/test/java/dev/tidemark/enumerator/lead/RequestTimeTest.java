package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A request by a clock that is ahead is refused: its cutoff would make what is young look old. */
class RequestTimeTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aClockThatIsAheadByLessThanTheMinimumAgeIsSeen() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RequestTime.require(request(Duration.ofMinutes(61), Duration.ofHours(24)), NOW))
                .withMessage("it was requested at 2026-01-01T01:01:00Z, in the future by the enumerator's clock, which "
                        + "says 2026-01-01T00:00:00Z: set the clocks right, of the machine where it was requested "
                        + "(by somebody) too");
    }

    @Test
    void aClockThatIsAheadByAYearIsSeenWhateverTheMinimumAge() {
        for (Duration minAge : new Duration[] {Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1000)}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> RequestTime.require(request(Duration.ofDays(365), minAge), NOW));
        }
    }

    @Test
    void aCutoffInTheFutureIsSeenWhateverTheTimeOfTheRequest() {
        var request = new Requested(
                RunId.next(NOW, Optional.empty()),
                NOW.toEpochMilli(),
                new Options(NOW.plus(Duration.ofHours(1)).toEpochMilli(), true, false),
                75,
                "somebody",
                null,
                null,
                null);

        assertThatIllegalStateException()
                .isThrownBy(() -> RequestTime.require(request, NOW))
                .withMessageStartingWith("its cutoff is 2026-01-01T01:00:00Z, in the future");
    }

    @Test
    void clocksMayDifferALittleAndARequestMayHaveWaited() {
        for (Duration ahead : new Duration[] {Duration.ofMinutes(1), Duration.ZERO, Duration.ofDays(-1)}) {
            assertThatCode(() -> RequestTime.require(request(ahead, Duration.ZERO), NOW))
                    .doesNotThrowAnyException();
        }
    }

    private static Requested request(Duration ahead, Duration minAge) {
        Instant at = NOW.plus(ahead);
        return new Requested(
                RunId.next(at, Optional.empty()),
                at.toEpochMilli(),
                new Options(at.minus(minAge).toEpochMilli(), true, false),
                75,
                "somebody",
                null,
                null,
                null);
    }
}
