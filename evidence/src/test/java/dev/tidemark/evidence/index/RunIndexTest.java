package dev.tidemark.evidence.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.audit.Audit;
import dev.tidemark.evidence.audit.Verdict;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Topics;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunIndexTest {

    private static final Topics TOPICS = RecordedRun.TOPICS;
    private static final Digest DIGEST = RandomRegistry.digest("layer0");

    @TempDir
    private Path directory;

    private TopicsInMemory topics;
    private final List<RunIndex.Progress> progress = new ArrayList<>();

    @BeforeEach
    void aRun() {
        topics = RecordedRun.of(7).topics;
    }

    private RunIndex open() {
        progress.clear();
        return RunIndex.open(directory, topics, TOPICS, RecordedRun.RUN, progress::add);
    }

    private Path file() {
        return directory.resolve(RecordedRun.RUN + ".sqlite");
    }

    private static long count(RunIndex index, String table) {
        return Sql.number(index.connection(), "SELECT count(*) FROM " + table);
    }

    @Test
    void isBuiltOnceAndThenOnlyBroughtUpToDate() {
        long deletions;
        try (RunIndex index = open()) {
            assertThat(progress).contains(new RunIndex.Progress("marking", 0, 0));
            assertThat(count(index, "live")).isPositive();
            deletions = count(index, "deletion");
        }
        try (RunIndex index = open()) {
            assertThat(progress).isEmpty();
            assertThat(count(index, "deletion")).isEqualTo(deletions);
        }
        var late = new DeletionRecord(
                RecordedRun.RUN, Kind.BLOB, DIGEST, null, DeletionRecord.Outcome.ALREADY_GONE, 0, null, 1);
        topics.append(TOPICS.deletions(), TOPICS.partition(DIGEST), DIGEST.toString(), DeletionRecord.class, late);
        try (RunIndex index = open()) {
            assertThat(progress).as("what is live does not depend on it").isEmpty();
            assertThat(count(index, "deletion")).isEqualTo(deletions + 1);
        }
    }

    @Test
    void appendedRecordsAreSeenAsIfTheyHadBeenThereFromTheBeginning() {
        TopicsInMemory all = topics;
        TopicsInMemory part = all.copy();
        for (var of : part.partitions.values()) {
            for (TopicsInMemory.Partition partition : of.values()) {
                int left = partition.entries.size() / 2;
                partition.end = left == 0
                        ? partition.start
                        : partition.entries.get(left - 1).offset() + 1;
            }
        }
        topics = part;
        open().close();
        topics = all;
        try (RunIndex index = open()) {
            assertThat(Audit.of(index).verdict()).isEqualTo(new Verdict.Proved());
        }
    }

    @Test
    void oneThatIsCutOffOrOfAnotherFormatOrNoneAtAllIsBuiltAnew() throws IOException {
        open().close();
        byte[] whole = Files.readAllBytes(file());

        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(whole.length / 2);
        }
        assertBuiltAnew();
        Files.write(file(), new byte[100]);
        assertBuiltAnew();
        try (RunIndex index = open()) {
            Sql.runAll(index.connection(), List.of("PRAGMA user_version = 1"));
        }
        assertBuiltAnew();
        topics.partition(TOPICS.blobs(), 0).end = 1;
        topics.partition(TOPICS.blobs(), 0).entries.clear();
        assertBuiltAnew();
    }

    private void assertBuiltAnew() {
        try (RunIndex index = open()) {
            assertThat(progress).isNotEmpty();
            assertThat(count(index, "live")).isPositive();
            assertThat(directory.toFile().list())
                    .containsExactly(file().getFileName().toString());
        }
    }
}
