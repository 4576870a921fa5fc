package dev.tidemark.report.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.evidence.index.TrashInventory;
import dev.tidemark.evidence.policy.TagGroup;
import dev.tidemark.report.data.ReportData.Age;
import dev.tidemark.report.data.ReportData.Past;
import dev.tidemark.report.data.ReportData.Repository;
import dev.tidemark.report.data.ReportData.Tile;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Tally;
import dev.tidemark.testkit.DefaultLocale;
import dev.tidemark.testkit.TestIndex;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The figures of a registry in its reports, of indexes that are filled by hand. */
class ReportQueriesTest {

    private static final Duration OLD = Duration.ofDays(10);

    @AutoClose
    private final ReportedRun index = new ReportedRun();

    @Test
    void aBlobThatSeveralRepositoriesHoldIsSharedAmongThemEvenly() {
        index.blob("base", 100, "a", "b", "c").blob("own", 40, "a");

        assertThat(index.report().repositories().listed())
                .containsExactly(
                        new Repository("a", 2, 74, 40, 0),
                        new Repository("b", 1, 33, 0, 0),
                        new Repository("c", 1, 33, 0, 0));
        assertThat(index.report().map().held()).isEqualTo(140);
    }

    @Test
    void bytesThatCannotBeSharedEvenlyGoToTheFirstRepositoryByName() {
        index.garbage("base", 11, OLD, "c", "b", "a");

        assertThat(index.report().repositories().listed())
                .extracting(Repository::name, Repository::freed)
                .containsExactly(tuple("a", 4L), tuple("b", 4L), tuple("c", 3L));
    }

    @Test
    void aManifestCountsForTheRepositoryThatHoldsIt() {
        index.manifest("m", 7, "a").blob("layer", 40, "a");

        assertThat(index.report().repositories().listed()).containsExactly(new Repository("a", 2, 47, 47, 0));
    }

    @Test
    void aBlobIsARepositorysOwnIfOnlyItStillNeedsIt() {
        index.blob("layer", 40, "a", "b").eligible(Kind.LAYER, "layer", "b", OLD);

        assertThat(index.report().largestOwn())
                .extracting(Repository::name, Repository::own)
                .containsExactly(tuple("a", 40L));
        assertThat(index.report().shared()).isEmpty();
    }

    @Test
    void anEligibleBlobIsNobodysOwnAndSharedByNobody() {
        index.garbage("dead", 40, OLD, "a").garbage("shared-and-dead", 50, OLD, "a", "b");

        assertThat(index.report().largestOwn()).isEmpty();
        assertThat(index.report().shared()).isEmpty();
    }

    @Test
    void sharedLayersAreOrderedByWhatTheySave() {
        index.blob("small-and-everywhere", 10, "a", "b", "c", "d")
                .blob("large-and-twice", 100, "a", "b")
                .blob("once", 1000, "a");

        assertThat(index.report().shared())
                .containsExactly(
                        new ReportData.Shared(TestIndex.digest("large-and-twice"), 100, 2, 100),
                        new ReportData.Shared(TestIndex.digest("small-and-everywhere"), 10, 4, 30));
    }

    @Test
    void blobsThatNoRepositoryLinksHaveATileOfTheirOwn() {
        index.blob("layer", 40, "a").garbage("orphan", 60, OLD);

        assertThat(index.report().map().tiles())
                .extracting(Tile::shape, Tile::held, Tile::freed)
                .containsExactlyInAnyOrder(tuple(Tile.Shape.REPOSITORY, 40L, 0L), tuple(Tile.Shape.UNLINKED, 60L, 60L));
        assertThat(index.report().repositories().count()).isEqualTo(1);
    }

    @Test
    void agesFallIntoTheirColumns() {
        index.garbage("minutes", 1, Duration.ofMinutes(5))
                .garbage("a-day", 2, Duration.ofHours(24))
                .garbage("six-days", 4, Duration.ofDays(6))
                .garbage("week", 8, Duration.ofDays(7))
                .garbage("years", 16, Duration.ofDays(900))
                .garbage("by-a-clock-that-is-ahead", 32, Duration.ofMinutes(-5));

        assertThat(index.report().ages())
                .extracting(Age::label, Age::bytes)
                .containsExactly(
                        tuple("under 1 day", 33L),
                        tuple("1 to 7 days", 6L),
                        tuple("7 to 30 days", 8L),
                        tuple("30 to 90 days", 0L),
                        tuple("90 days to 1 year", 0L),
                        tuple("1 to 2 years", 0L),
                        tuple("over 2 years", 16L));
    }

    @Test
    void agesAreTheSameInEveryLocale() {
        index.garbage("six-days", 4, Duration.ofDays(6));

        try (var abroad = DefaultLocale.of(DefaultLocale.ARABIC)) {
            assertThat(index.report().ages()).extracting(Age::bytes).startsWith(0L, 4L, 0L);
        }
    }

    @Test
    void growthEndsWithTheRunItself() {
        index.blob("layer", 40, "a")
                .past("20260901-030000", 10, 0)
                .past("20261001-030000", 30, 20)
                .past("20261201-030000", 99, 0);

        assertThat(index.report().growth())
                .extracting(Past::run, Past::held, Past::freed)
                .containsExactly(
                        tuple("20260901-030000", 10L, 0L),
                        tuple("20261001-030000", 30L, 20L),
                        tuple(ReportedRun.RUN.toString(), 40L, 0L));
    }

    @Test
    void theLatestRunsOfTheTrashAreListedAndTheRestIsCounted() {
        for (int i = 0; i < 12; i++) {
            index.trash(new TrashInventory.OfRun("run" + i, 2, 10, 1, 0, List.of()));
        }

        ReportData.Trash trash = index.report().trash();

        assertThat(trash.files()).isEqualTo(new Tally(24, 120));
        assertThat(trash.runs()).isEqualTo(12);
        assertThat(trash.listed())
                .hasSize(10)
                .extracting(TrashInventory.OfRun::run)
                .startsWith("run0", "run1");
    }

    @Test
    void holdsThatAreOverAreNotListed() {
        long now = index.report().made();
        index.hold(new Hold("over", null, null, "ada", 1, now - 1))
                .hold(new Hold("without an end", null, null, "ada", 1, null))
                .hold(new Hold("later", null, null, "ada", 1, now + 2))
                .hold(new Hold("soon", null, "an audit", "ada", 1, now + 1));

        ReportData.Holds holds = index.report().holds();

        assertThat(holds.count()).isEqualTo(3);
        assertThat(holds.listed()).extracting(ReportData.Held::of).containsExactly("soon", "later", "without an end");
    }

    @Test
    void rowsNameTagsAndThoseWhoHold() {
        index.manifest("m", 7, "a")
                .eligible(Kind.MANIFEST, "m", "a", OLD, "v1", "latest")
                .garbage("dead", 60, OLD, "a", "b", "c", "d", "e");

        List<ReportRow> rows = index.report().listing().rows();

        assertThat(rows)
                .filteredOn(row -> row.kind() == Kind.MANIFEST)
                .extracting(ReportRow::tags)
                .containsExactly(List.of("v1", "latest"));
        assertThat(rows)
                .filteredOn(row -> row.kind() == Kind.BLOB)
                .extracting(ReportRow::repositories, ReportRow::holders)
                .containsExactly(tuple(List.of("a", "b", "c"), 5L));
    }

    @Test
    void theTableIsBoundedAndTheListIsNot() {
        for (int i = 0; i < 2100; i++) {
            index.garbage("dead" + i, 1 + i, OLD, "a");
        }

        ReportData report = index.report();
        var all = new ArrayList<ReportRow>();
        index.queries().list(all::add);

        assertThat(report.listing().count()).containsOnly(entry(Kind.BLOB, 2100L), entry(Kind.LAYER, 2100L));
        assertThat(report.listing().rows())
                .filteredOn(row -> row.kind() == Kind.BLOB)
                .hasSize(2000)
                .extracting(ReportRow::bytes)
                .first()
                .isEqualTo(2100L);
        assertThat(report.listing().rows())
                .filteredOn(row -> row.kind() == Kind.LAYER)
                .hasSize(500);
        assertThat(all).hasSize(4200);
    }

    @Test
    void tagsAreToldByRuleWhereThereIsAPolicy() throws SQLException {
        try (ReportedRun index = TestReports.byPolicy()) {
            ReportData.ByPolicy policy = index.report().policy();

            assertThat(policy.kept()).isEqualTo(3);
            assertThat(policy.going()).isEqualTo(3);
            assertThat(policy.bytes()).isEqualTo(3000);
            assertThat(policy.text()).contains("name: builds");
            assertThat(policy.moreRules()).isZero();
            assertThat(policy.rules())
                    .extracting(TagGroup::repository, TagGroup::rule, TagGroup::bytes)
                    .containsExactly(
                            tuple("team/app", "builds, line 5: main-*", 3000L), tuple("library/base", null, 0L));
        }
        try (ReportedRun index = TestReports.small()) {
            assertThat(index.report().policy()).isNull();
        }
    }
}
