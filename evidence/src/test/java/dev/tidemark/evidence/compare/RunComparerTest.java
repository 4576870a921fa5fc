package dev.tidemark.evidence.compare;

import static dev.tidemark.testkit.TestIndex.digest;
import static dev.tidemark.testkit.TestIndex.index;
import static dev.tidemark.testkit.TestIndex.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.compare.Comparison.Blob;
import dev.tidemark.evidence.compare.Comparison.Group;
import dev.tidemark.evidence.compare.Comparison.Growth;
import dev.tidemark.evidence.compare.Comparison.Manifest;
import dev.tidemark.testkit.TestIndex;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images have a manifest of 10 bytes; configs and layers have 100. */
class RunComparerTest {

    @TempDir
    private Path directory;

    private final TestIndex earlier = index("20260101-000000");
    private final TestIndex later = index("20260102-000000");

    @Test
    void anImageThatLostItsTagBecameEligible() {
        earlier.repo("app").tag("v1", earlier.repo("app").image("x"));
        later.repo("app").image("x");
        later.eligible();

        Group became = compare().becameEligible();

        assertThat(became.blobs()).isEqualTo(3);
        assertThat(became.bytes()).isEqualTo(210);
        assertThat(became.named()).containsExactly(new Manifest("app", digest("image x"), "v1"));
        assertThat(became.largest()).hasSize(3).contains(new Blob(layer("x"), 100, "app", null));
        assertThat(compare().stillEligible().isEmpty()).isTrue();
        assertThat(compare().rescued().isEmpty()).isTrue();
    }

    @Test
    void anImageThatWasTaggedAgainWasRescued() {
        earlier.repo("app").image("x");
        earlier.eligible();
        later.repo("app").tag("v1", later.repo("app").image("x"));

        Group rescued = compare().rescued();

        assertThat(rescued.blobs()).isEqualTo(3);
        assertThat(rescued.named()).containsExactly(new Manifest("app", digest("image x"), "v1"));
        assertThat(rescued.largest()).extracting(Blob::rule).containsOnly("tag", "reference");
    }

    @Test
    void aDigestEligibleInBothRunsIsReportedOnce() {
        earlier.repo("app").image("x");
        earlier.dryRun().eligible();
        later.repo("app").image("x");
        later.blob(digest("came"), 7).eligible();

        assertThat(compare().stillEligible().blobs()).isEqualTo(3);
        assertThat(compare().cameEligible().largest()).containsExactly(new Blob(digest("came"), 7, null, null));
        assertThat(compare().becameEligible().isEmpty()).isTrue();
    }

    @Test
    void deletionsOfEachRunAreToldFromDigestsThatAreGone() {
        earlier.blob(digest("first"), 1).swept();
        earlier.repo("app")
                .tag("v1", earlier.repo("app").image("x"))
                .tag("v2", earlier.repo("app").image("y"));
        later.blob(digest("second"), 5).swept();
        later.repo("app").tag("v2", later.repo("app").image("y"));

        Comparison comparison = compare();

        assertThat(comparison.freedByEarlier().largest())
                .extracting(Blob::digest)
                .containsExactly(digest("first"));
        assertThat(comparison.goneBetween().blobs()).isEqualTo(3);
        assertThat(comparison.goneBetween().named()).containsExactly(new Manifest("app", digest("image x"), "v1"));
        assertThat(comparison.freedByLater().largest()).extracting(Blob::digest).containsExactly(digest("second"));
        assertThat(comparison.added().largest()).extracting(Blob::digest).containsExactly(digest("second"));
    }

    @Test
    void aDigestThatWasDeletedAndPushedAgainIsNewAndNotRescued() {
        earlier.blob(digest("x"), 5).swept();
        later.blob(digest("x"), 5, TestIndex.YOUNG, null);

        assertThat(compare().rescued().isEmpty()).isTrue();
        assertThat(compare().added().blobs()).isEqualTo(1);
        assertThat(compare().freedByEarlier().blobs()).isEqualTo(1);
        assertThat(compare().goneBetween().isEmpty()).isTrue();
    }

    @Test
    void theSameManifestInAnotherRepositoryIsAnotherOne() {
        earlier.repo("a").tag("v1", earlier.repo("a").image("x"));
        later.repo("b").tag("v1", later.repo("b").image("x"));

        Comparison comparison = compare();

        assertThat(comparison.added().manifests()).isEqualTo(1);
        assertThat(comparison.added().blobs()).isZero();
        assertThat(comparison.goneBetween().manifests()).isEqualTo(1);
        assertThat(comparison.newRepositories().first()).containsExactly("b");
        assertThat(comparison.goneRepositories().first()).containsExactly("a");
    }

    @Test
    void repositoriesAreOrderedByHowMuchTheyChanged() {
        earlier.repo("shrunk").push(digest("a"), 1000);
        earlier.repo("same").push(digest("a"), 1000);
        later.repo("same").push(digest("a"), 1000);
        later.repo("shrunk");
        later.repo("grown").push(digest("a"), 1000).push(digest("b"), 500);
        later.repo("little").push(digest("c"), 7);

        assertThat(compare().grown())
                .containsExactly(
                        new Growth("grown", 0, 1500), new Growth("shrunk", 1000, 0), new Growth("little", 0, 7));
    }

    @Test
    void aManifestThatIsLinkedAsALayerTooCountsOnce() {
        later.repo("app").push(later.repo("app").image("x"), 10);

        assertThat(compare().grown()).containsExactly(new Growth("app", 0, 210));
    }

    @Test
    void listsAreNoLongerThanIsWantedAndTheCountsAreWhole() {
        for (int i = 0; i < 30; i++) {
            later.blob(digest("b" + i), i).repo("r" + i);
        }
        later.eligible();

        Comparison comparison = compare(3);

        assertThat(comparison.cameEligible().blobs()).isEqualTo(30);
        assertThat(comparison.cameEligible().largest()).extracting(Blob::bytes).containsExactly(29L, 28L, 27L);
        assertThat(comparison.newRepositories().count()).isEqualTo(30);
        assertThat(comparison.newRepositories().first()).hasSize(3);
    }

    @Test
    void theTwoSidesAreSummedUp() {
        earlier.repo("app").tag("v1", earlier.repo("app").image("x"));
        earlier.blob(digest("orphan"), 40).eligible();

        Comparison.Side side = compare().earlier();

        assertThat(side.blobs()).isEqualTo(4);
        assertThat(side.bytes()).isEqualTo(250);
        assertThat(side.eligibleBytes()).isEqualTo(40);
        assertThat(side.liveBytes()).isEqualTo(210);
        assertThat(side.tags()).isEqualTo(1);
        assertThat(side.layerLinks()).isEqualTo(2);
    }

    @Test
    void differencesBetweenTheRunsAreACaution() {
        earlier.keepUntagged().dryRun();
        later.lost(3);

        assertThat(compare().caution())
                .containsExactly(
                        "of the run 20260102-000000 the topics still have 0 of 3 blobs: what is said here is as "
                                + "incomplete",
                        "only the run 20260102-000000 was to delete untagged manifests",
                        "the run 20260101-000000 was a dry run: it deleted nothing");
        assertThat(compareSelf().caution()).isEmpty();
    }

    private Comparison compareSelf() {
        return compare(index("20260105-000000"), index("20260106-000000"), 10);
    }

    private Comparison compare() {
        return compare(10);
    }

    private Comparison compare(int limit) {
        return compare(earlier, later, limit);
    }

    private Comparison compare(TestIndex one, TestIndex other, int limit) {
        Path here = directory.resolve(String.valueOf(System.nanoTime()));
        try (Connection a = one.open(Path.of(here + " a'.sqlite"));
                Connection b = other.open(Path.of(here + " b.sqlite"))) {
            return RunComparer.compare(a, b, List.of(), limit);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
