package dev.tidemark.evidence.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.evidence.compare.Comparison;
import dev.tidemark.evidence.compare.RunComparer;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.testkit.TestIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {

    /** All tags go, and nothing else is said. */
    private static final PolicyText ALL_GO = PolicyText.of("""
        policies:
          - name: all
            repositories: ["**"]
            tags: [{ match: ["*"], keep: none }]
        """);

    private static final PolicyText WITH_UNTAGGED = PolicyText.of("""
        policies:
          - name: all
            repositories: ["**"]
            tags: [{ match: ["*"], keep: none }]
            untagged: { keepPrevious: 1, deleteAfter: 1s }
        """);

    @TempDir
    private Path directory;

    private static Replay replay(Connection index, PolicyText policy) {
        return Replay.of(index, Optional.of(policy));
    }

    @Test
    void aRunOfWhichRecordsAreLostIsNotReplayed() throws SQLException {
        TestIndex index = TestIndex.index().lost(3);
        index.repo("app").tag("v1", index.repo("app").image("x"));

        try (Connection connection = index.open(directory.resolve("run.sqlite"))) {
            assertThatThrownBy(() -> replay(connection, ALL_GO))
                    .isInstanceOf(NotToldException.class)
                    .hasMessageContainingAll(index.run().text(), "of 6 blobs");
        }
    }

    @Test
    void aRunThatHasNotDecidedIsNotReplayed() throws SQLException {
        try (Connection connection = TestIndex.index().undecided().open(directory.resolve("run.sqlite"))) {
            assertThatThrownBy(() -> replay(connection, ALL_GO))
                    .isInstanceOf(NotToldException.class)
                    .hasMessageContaining("it has not decided");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereTagsAreLostEverythingIsKept(boolean untagged) {
        TopicsInMemory topics = RecordedRun.of(5, untagged, RecordedRun.policy(5)).topics;
        topics.partition(RecordedRun.TOPICS.tags(), 0).entries.clear();

        try (RunIndex index = RecordedRun.index(directory, topics);
                Replay replay = replay(index.connection(), ALL_GO)) {
            Replayed result = replay.result("all.yml");

            assertThat(result.caution())
                    .singleElement()
                    .asString()
                    .contains("have not all tags of", "all there is kept");
            assertThat(result.amounts().tagsGoing()).isZero();
            assertThat(result.amounts().manifests()).isZero();
        }
    }

    @Test
    void withoutTheHistoryOfTagsManifestsWithoutATagAreKeptAndThatIsSaid() {
        try (RunIndex index = RecordedRun.index(directory, RecordedRun.of(5, false, null).topics);
                Replay told = replay(index.connection(), ALL_GO);
                Replay untold = replay(index.connection(), WITH_UNTAGGED)) {
            assertThat(told.caution()).isEmpty();
            assertThat(told.result("all.yml").amounts().tagsGoing()).isPositive();
            assertThat(told.result("all.yml").amounts().manifests()).isPositive();
            assertThat(untold.caution()).singleElement().asString().contains("what tags have named before");
            assertThat(untold.result("untagged.yml").amounts().tagsGoing())
                    .isEqualTo(told.result("all.yml").amounts().tagsGoing());
            assertThat(untold.result("untagged.yml").amounts().manifests()).isZero();
        }
    }

    @Test
    void aSweptRunIsReplayedAsOfThenAndBesideIt() {
        try (RunIndex index = RecordedRun.index(directory, RecordedRun.of(1).topics);
                Replay recorded = Replay.recorded(index.connection());
                Replay replay = replay(index.connection(), ALL_GO)) {
            assertThat(Sql.number(index.connection(), "SELECT count(*) FROM deletion"))
                    .isPositive();

            Replayed result = replay.result("all.yml");
            Comparison comparison = RunComparer.compare(recorded.connection(), replay.connection(), List.of(), 10);

            assertThat(comparison.freedByEarlier().isEmpty()).isTrue();
            assertThat(comparison.added().isEmpty()).isTrue();
            assertThat(comparison.becameEligible().bytes())
                    .isEqualTo(result.more().bytes());
            assertThat(comparison.becameEligible().manifests())
                    .isEqualTo(result.more().manifests());
            assertThat(comparison.rescued().blobs()).isEqualTo(result.less().blobs());
            assertThat(comparison.caution()).isEmpty();
        }
    }

    @Test
    void nothingIsLeftOfACopyAndTheIndexIsAsItWas() throws IOException {
        Path file = directory.resolve(RecordedRun.RUN + ".sqlite");
        try (RunIndex index = RecordedRun.index(directory, RecordedRun.of(1).topics)) {
            byte[] before = Files.readAllBytes(file);
            try (Replay replay = replay(index.connection(), ALL_GO)) {
                assertThat(replay.result("all.yml").digest())
                        .isEqualTo(ALL_GO.digest().toString());
                assertThat(directory).isDirectoryContaining(path -> !path.equals(file));
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }
}
