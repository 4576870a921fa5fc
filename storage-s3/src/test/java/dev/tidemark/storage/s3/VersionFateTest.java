package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.s3.KeyHistory.Marker;
import dev.tidemark.storage.s3.KeyHistory.Version;
import dev.tidemark.storage.s3.VersionIndex.Entry;
import dev.tidemark.storage.s3.VersionIndex.Found;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VersionFateTest {

    private static final long HOUR = 3_600_000;
    private static final long SWEPT = 100 * HOUR;
    private static final RunId RUN = new RunId("20261129-030000");
    private static final RunId LATER = new RunId("20261130-030000");
    private static final VersionFate KEEPS_ALL = new VersionFate(Set.of(), List.of(), Optional.empty());

    @Test
    void aVersionThatItsMarkerAloneHidesGoesWithTheMarker() {
        VersionFate fate = fate(hidden(List.of(version("v", 1)), marker("m", SWEPT)), taken("v", "m", 1));

        assertThat(fate.destroyed()).containsExactly("v");
        assertThat(fate.markers()).containsExactly("m");
        assertThat(fate.written()).isEmpty();
    }

    @Test
    void anOlderVersionKeepsTheMarker() {
        VersionFate fate =
                fate(hidden(List.of(version("v", 2), version("older", 1)), marker("m", SWEPT)), taken("v", "m", 2));

        assertThat(fate.destroyed()).containsExactly("v");
        assertThat(fate.markers()).isEmpty();
    }

    @Test
    void aVersionThatTheLifecycleHasDestroyedLeavesItsMarkers() {
        VersionFate fate =
                fate(hidden(List.of(), marker("again", SWEPT + HOUR), marker("m", SWEPT)), taken("v", "m", 1));

        assertThat(fate.destroyed()).isEmpty();
        assertThat(fate.markers()).containsExactly("again", "m");
    }

    @Test
    void aVersionThatIsThereAgainIsNotDestroyed() {
        VersionFate fate = fate(new KeyHistory(List.of(version("v", 1)), List.of(), false), taken("v", "m", 1));

        assertThat(fate).isEqualTo(KEEPS_ALL);
    }

    /** Even if the list of markers says that it was deleted. */
    @Test
    void theLatestVersionIsNeverDestroyed() {
        VersionFate fate =
                fate(new KeyHistory(List.of(version("v", 1)), List.of(marker("m", SWEPT)), false), taken("v", "m", 1));

        assertThat(fate.destroyed()).isEmpty();
    }

    @Test
    void aFileThatSomebodyElseHasDeletedSinceIsLeft() {
        VersionFate fate = fate(hidden(List.of(version("v", 1)), marker("theirs", SWEPT + HOUR)), taken("v", "m", 1));

        assertThat(fate.destroyed()).isEmpty();
        assertThat(fate.markers()).isEmpty();
    }

    @Test
    void theOldVersionOfWhatWasPushedAgainGoesAlone() {
        VersionFate fate = fate(
                new KeyHistory(
                        List.of(version("new", SWEPT + HOUR), version("v", 1)), List.of(marker("m", SWEPT)), false),
                taken("v", "m", 1));

        assertThat(fate.destroyed()).containsExactly("v");
        assertThat(fate.markers()).isEmpty();
    }

    @Test
    void aVersionThatWasWrittenBeforeTheDeletionKeepsAll() {
        Version between = version("between", SWEPT - 1);

        VersionFate fate = fate(hidden(List.of(between, version("v", 1)), marker("m", SWEPT)), taken("v", "m", 1));

        assertThat(fate.destroyed()).isEmpty();
        assertThat(fate.written()).contains(between);
    }

    /** It was pushed again, and deleted by the registry's API. */
    @Test
    void aVersionThatWasWrittenAfterTheDeletionIsNotOurs() {
        VersionFate fate = fate(
                hidden(
                        List.of(version("after", SWEPT + HOUR), version("v", 1)),
                        marker("theirs", SWEPT + 2 * HOUR),
                        marker("m", SWEPT)),
                taken("v", "m", 1));

        assertThat(fate.destroyed()).containsExactly("v");
        assertThat(fate.markers()).isEmpty();
        assertThat(fate.written()).isEmpty();
    }

    @Test
    void aFileThatWasTakenTwiceGoesWhole() {
        VersionFate fate = fate(
                hidden(
                        List.of(version("second", SWEPT - HOUR), version("first", 1)),
                        marker("m2", SWEPT),
                        marker("m1", SWEPT)),
                taken("first", "m1", 1),
                taken("second", "m2", SWEPT - HOUR));

        assertThat(fate.destroyed()).containsExactlyInAnyOrder("first", "second");
        assertThat(fate.markers()).containsExactly("m2", "m1");
        assertThat(fate.written()).isEmpty();
    }

    /** The sweeper was killed before it wrote down which marker it had made. */
    @Test
    void aMarkerThatIsNotKnownHasToBeOfTheTimeOfTheDeletion() {
        assertThat(fate(hidden(List.of(version("v", 1)), marker("m", SWEPT + 1000)), taken("v", null, 1))
                        .destroyed())
                .containsExactly("v");
        assertThat(fate(hidden(List.of(version("v", 1)), marker("m", SWEPT + 2 * HOUR)), taken("v", null, 1))
                        .destroyed())
                .isEmpty();
        assertThat(fate(hidden(List.of(version("v", 1)), marker("m", SWEPT - 2 * HOUR)), taken("v", null, 1))
                        .destroyed())
                .isEmpty();
    }

    /** The answer to the deletion was lost, and the list was written again when that was known. */
    @Test
    void aMarkerThatIsNotKnownMayBeOlderThanTheList() {
        assertThat(fate(hidden(List.of(version("v", 1)), marker("m", SWEPT - 60_000)), taken("v", null, 1))
                        .destroyed())
                .containsExactly("v");
    }

    /** Whatever the times say: the list of a later run has seen the version in place, or names the marker. */
    @Test
    void aMarkerOfALaterRunIsNotThatOfAKilledOne() {
        KeyHistory history = hidden(List.of(version("v", 1)), marker("m", SWEPT + 1000));
        Found killed = taken("v", null, 1);

        assertThat(fate(history, killed, later("v", "m", 1))).isEqualTo(KEEPS_ALL);
        assertThat(fate(history, killed, later("v", null, 1))).isEqualTo(KEEPS_ALL);
        assertThat(fate(history, killed, later("another", "m", 2))).isEqualTo(KEEPS_ALL);
    }

    @Test
    void ofTwoMarkersTheFirstIsThatOfAKilledRun() {
        KeyHistory history = hidden(
                List.of(version("second", SWEPT + 2000), version("v", 1)),
                marker("m2", SWEPT + 3000),
                marker("m1", SWEPT + 1000));

        VersionFate fate = fate(history, taken("v", null, 1), later("second", "m2", SWEPT + 2000));

        assertThat(fate.destroyed()).containsExactly("v");
        assertThat(fate.markers()).isEmpty();
        assertThat(fate.written()).isEmpty();
    }

    /** Both runs were killed, and one of them has deleted what was written in between. */
    @Test
    void aMarkerThatMayHideWhatAnotherKilledRunHasTakenIsInDoubt() {
        KeyHistory history =
                hidden(List.of(version("second", SWEPT + 2000), version("v", 1)), marker("m", SWEPT + 3000));

        assertThat(fate(history, taken("v", null, 1), later("second", null, SWEPT + 2000)))
                .isEqualTo(KEEPS_ALL);
    }

    /** In a bucket whose versioning was suspended in between, the id is that of another object by now. */
    @Test
    void aVersionWithoutAnIdIsKnownByItsTime() {
        assertThat(fate(hidden(List.of(version("null", 1)), marker("m", SWEPT)), taken("null", "m", 1))
                        .destroyed())
                .containsExactly("null");
        assertThat(fate(hidden(List.of(version("null", SWEPT - HOUR)), marker("m", SWEPT)), taken("null", "m", 1))
                        .destroyed())
                .isEmpty();
    }

    private static VersionFate fate(KeyHistory history, Found... all) {
        List<Found> taken =
                Stream.of(all).filter(found -> found.run().equals(RUN)).toList();
        return VersionFate.of(taken, new DeletionMarkers(List.of(all), history));
    }

    private static KeyHistory hidden(List<Version> versions, Marker... markers) {
        return new KeyHistory(versions, List.of(markers), true);
    }

    private static Version version(String id, long modified) {
        return new Version(id, 10, modified);
    }

    private static Marker marker(String id, long modified) {
        return new Marker(id, modified);
    }

    private static Found taken(String version, String marker, long modified) {
        return taken(RUN, version, marker, modified);
    }

    private static Found later(String version, String marker, long modified) {
        return taken(LATER, version, marker, modified);
    }

    private static Found taken(RunId run, String version, String marker, long modified) {
        return new Found(run, "batch", SWEPT, new Entry("blobs/sha256/aa/aa/data", version, marker, 10, modified));
    }
}
