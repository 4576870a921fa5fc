package dev.tidemark.evidence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was killed in mid-sweep can't be proved: what it took last may have no record. */
class CutOffRunTest {

    private static final Topics TOPICS = RecordedRun.TOPICS;

    @TempDir
    private Path directory;

    @Test
    void ofARunThatWasKilledInMidSweepItIsSaidHowMuchHasNoRecord() {
        TopicsInMemory topics = RecordedRun.of(7).topics;
        long deletions = topics.all().stream()
                .filter(entry -> entry.topic().equals(TOPICS.deletions()) && ofTheRun(entry.value()))
                .count();
        assertThat(deletions).isGreaterThan(1);
        topics.partitions
                .values()
                .forEach(of -> of.values()
                        .forEach(partition -> partition.entries.removeIf(entry ->
                                Set.of(TOPICS.deletions(), TOPICS.trash()).contains(entry.topic())
                                        || (entry.topic().equals(TOPICS.runs())
                                                && Set.of("swept", "verified")
                                                        .contains(Tampering.tree(entry)
                                                                .path("type")
                                                                .asText())))));

        try (RunIndex index = RecordedRun.index(directory, topics)) {
            Audit audit = Audit.of(index);

            assertThat(audit.verdict()).isInstanceOf(Verdict.Unprovable.class);
            assertThat(audit.gaps())
                    .contains("it may have taken some of " + deletions
                            + " eligible files of which there is no record: it takes a batch before it records that");
        }
    }

    private static boolean ofTheRun(byte[] record) {
        return new String(record, StandardCharsets.UTF_8).contains("\"run\":\"" + RecordedRun.RUN.text() + "\"");
    }
}
