package dev.tidemark.evidence.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.index.TrashInventory.OfRepository;
import dev.tidemark.evidence.index.TrashInventory.OfRun;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrashInventoryTest {

    private static final Topics TOPICS = new Topics("t.", 2);
    private static final RunId FIRST = new RunId("20261101-000000");
    private static final RunId SECOND = new RunId("20261102-000000");

    private final TopicsInMemory topics = TopicsInMemory.of(TOPICS, 1, new Random(1));

    @Test
    void theBytesOfABlobAreThoseOfTheRepositoriesThatLostTheirLinksToIt() throws SQLException {
        swept(FIRST, Kind.LAYER, "shared", "a", 0, 500L);
        swept(FIRST, Kind.LAYER, "shared", "b", 0, 400L);
        swept(FIRST, Kind.BLOB, "shared", null, 100, 600L);
        swept(FIRST, Kind.MANIFEST, "image", "b", 0, 600L);
        swept(FIRST, Kind.LAYER, "image", "b", 0, 600L);
        swept(FIRST, Kind.BLOB, "image", null, 7, 600L);
        swept(FIRST, Kind.BLOB, "orphan", null, 30, 600L);

        assertThat(read())
                .containsExactly(new OfRun(
                        FIRST.toString(),
                        7,
                        137,
                        1400,
                        3,
                        List.of(
                                new OfRepository("b", 3, 57),
                                new OfRepository("a", 1, 50),
                                new OfRepository("", 0, 30))));
    }

    @Test
    void aFileThatHasLeftTheTrashOrWasNeverInItIsNotThere() throws SQLException {
        swept(FIRST, Kind.BLOB, "purged", null, 10, 500L);
        swept(SECOND, Kind.BLOB, "purged", null, 20, 500L);
        swept(FIRST, Kind.BLOB, "restored", null, 40, 500L);
        swept(FIRST, Kind.BLOB, "deleted at once", null, 80, null);
        out(FIRST, "purged", TrashRecord.Outcome.PURGED);
        out(SECOND, "purged", TrashRecord.Outcome.PURGING);
        out(FIRST, "restored", TrashRecord.Outcome.RESTORED);

        assertThat(read())
                .containsExactly(new OfRun(SECOND.toString(), 1, 20, 1500, 1, List.of(new OfRepository("", 0, 20))));
    }

    @Test
    void aRunListsTheLargestOfItsRepositories() throws SQLException {
        for (int i = 1; i <= 9; i++) {
            swept(FIRST, Kind.LAYER, "layer" + i, "repository" + i, 0, 1L);
            swept(FIRST, Kind.BLOB, "layer" + i, null, i, 1L);
        }

        OfRun run = read().getFirst();

        assertThat(run.repositories()).isEqualTo(9);
        assertThat(run.largest()).extracting(OfRepository::bytes).containsExactly(9L, 8L, 7L, 6L, 5L);
    }

    @Test
    void aTagIsThereUntilItLeaves() throws SQLException {
        for (String tag : List.of("v1", "v2")) {
            topics.append(
                    TOPICS.deletions(),
                    0,
                    digest("image").toString(),
                    DeletionRecord.class,
                    new DeletionRecord(
                            FIRST,
                            Kind.TAG,
                            digest("image"),
                            "app",
                            tag,
                            null,
                            DeletionRecord.Outcome.DELETED,
                            0,
                            null,
                            500L,
                            1000));
        }
        left("v1");

        assertThat(read())
                .containsExactly(new OfRun(FIRST.toString(), 1, 0, 1500, 1, List.of(new OfRepository("app", 1, 0))));
    }

    /** Its way out of the trash is recorded as that of a tag. An entry of a history has none. */
    @Test
    void aDanglingTagIsThereUntilItLeaves() throws SQLException {
        for (ManifestLink link :
                List.of(ManifestLink.current("v1"), ManifestLink.current("v2"), ManifestLink.past("v3", digest("a")))) {
            Digest path = Layout.leftoverDigest("app", link.path());
            topics.append(
                    TOPICS.deletions(),
                    0,
                    path.toString(),
                    DeletionRecord.class,
                    new DeletionRecord(
                            FIRST,
                            Kind.LINK,
                            path,
                            "app",
                            null,
                            link.path(),
                            DeletionRecord.Outcome.DELETED,
                            71,
                            null,
                            500L,
                            1000));
        }
        left("v1");

        assertThat(read())
                .containsExactly(new OfRun(FIRST.toString(), 1, 71, 1500, 1, List.of(new OfRepository("app", 1, 71))));
    }

    private void left(String tag) {
        topics.append(
                TOPICS.trash(),
                0,
                "app:" + tag,
                TrashRecord.class,
                new TrashRecord(
                        FIRST,
                        Kind.TAG,
                        null,
                        "app",
                        tag,
                        TrashRecord.Outcome.RESTORED,
                        71,
                        "its run is undone",
                        null,
                        null,
                        2000));
    }

    private List<OfRun> read() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            return TrashInventory.read(topics, TOPICS, connection);
        }
    }

    private void swept(RunId run, Kind kind, String name, String repository, long bytes, Long keep) {
        Digest digest = digest(name);
        topics.append(
                TOPICS.deletions(),
                TOPICS.partition(digest),
                digest.toString(),
                DeletionRecord.class,
                new DeletionRecord(
                        run,
                        kind,
                        digest,
                        repository,
                        null,
                        null,
                        DeletionRecord.Outcome.DELETED,
                        bytes,
                        null,
                        keep,
                        1000));
    }

    private void out(RunId run, String name, TrashRecord.Outcome outcome) {
        Digest digest = digest(name);
        topics.append(
                TOPICS.trash(),
                0,
                digest.toString(),
                TrashRecord.class,
                new TrashRecord(
                        run,
                        Kind.BLOB,
                        digest,
                        null,
                        null,
                        outcome,
                        1,
                        outcome == TrashRecord.Outcome.RESTORED ? "a link written since leads to it" : null,
                        null,
                        new TrashRecord.Due(0, 0, 1),
                        2000));
    }

    private static Digest digest(String name) {
        return Digest.Algorithm.SHA256.of(name.getBytes(StandardCharsets.UTF_8));
    }
}
