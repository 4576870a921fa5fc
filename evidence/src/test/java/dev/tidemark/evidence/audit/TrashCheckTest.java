package dev.tidemark.evidence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.schemas.TrashRecord.Due;
import dev.tidemark.schemas.TrashRecord.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is purged that was not swept, looked for afterwards, and due; and what says otherwise is found. */
class TrashCheckTest {

    private static final long KEEP = RecordedRun.KEEP;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir
    private Path directory;

    /** Of a run that has deleted, and spared, and has deleted an upload. */
    private final TopicsInMemory topics = LongStream.rangeClosed(1, 100)
            .mapToObj(seed -> RecordedRun.of(seed).topics)
            .filter(recorded ->
                    deletions(recorded, DeletionRecord.Outcome.SPARED).findAny().isPresent()
                            && uploads(recorded).findAny().isPresent())
            .findFirst()
            .orElseThrow();

    private final DeletionRecord deleted = deletion(DeletionRecord.Outcome.DELETED);
    private List<String> notes;

    @Test
    void aPurgeInItsTimeIsProved() {
        purged(null, new Due(deleted.at(), KEEP, deleted.at() + KEEP), deleted.at() + KEEP + 1);

        assertThat(findings()).isEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void aRestorationIsProved() {
        write(deleted, Outcome.RESTORED, "its run is undone", "ada (tidemark undo)", null, deleted.at() + 1);

        assertThat(findings()).isEmpty();
    }

    @Test
    void aPurgeAfterALookThatBeganTooEarlyIsFound() {
        purged(null, new Due(deleted.at(), KEEP, deleted.at() + KEEP - 1), deleted.at() + KEEP);

        assertThat(findings()).singleElement().asString().contains("had been in the trash for 86399999 ms");
    }

    /** A user may purge before the time, and not without a look. */
    @Test
    void aUsersPurgeWithoutALookIsFoundAsWell() {
        purged("ada (tidemark trash empty)", new Due(deleted.at(), 30_000, deleted.at() + 29_999), deleted.at() + KEEP);

        assertThat(findings()).singleElement().asString().contains("had been in the trash for 29999 ms");
    }

    @Test
    void aPurgeBeforeTheTimeThatTheSweepHasAskedForIsFound() {
        purged(null, new Due(deleted.at(), KEEP - 1, deleted.at() + KEEP), deleted.at() + KEEP);

        assertThat(findings()).singleElement().asString().contains("was to be kept for 86400000");
    }

    @Test
    void theSameOnAUsersWordIsSaid() {
        purged("ada (tidemark trash empty)", new Due(deleted.at(), 0, deleted.at() + 1), deleted.at() + 2);

        assertThat(findings()).isEmpty();
        assertThat(notes)
                .singleElement()
                .asString()
                .startsWith("1 file of the trash")
                .endsWith("on the word of ada (tidemark trash empty)");
    }

    @Test
    void aPurgeAfterALookThatBeganBeforeTheSweepIsFound() {
        long looked = deleted.at() - 2 * HOUR;
        purged(null, new Due(looked - KEEP, KEEP, looked), deleted.at());

        assertThat(findings()).singleElement().asString().contains("a look that began before it was swept");
    }

    /** A sweeper that is killed in between may have destroyed it. */
    @Test
    void aPurgeThatWasBegunIsCheckedOnce() {
        var early = new Due(deleted.at(), KEEP - 1, deleted.at() + KEEP);
        write(deleted, Outcome.PURGING, null, null, early, deleted.at() + KEEP);

        assertThat(findings()).singleElement().asString().contains("may have been purged after 86399999 ms");

        purged(null, early, deleted.at() + KEEP);
        assertThat(findings()).singleElement().asString().contains("was purged after 86399999 ms");
    }

    @Test
    void aPurgeBeforeItsLookIsFound() {
        long looked = deleted.at() + KEEP;
        purged(null, new Due(deleted.at(), KEEP, looked), looked - 2 * HOUR);

        assertThat(findings()).singleElement().asString().contains("before the look that found no need of it");
    }

    @Test
    void aFileThatLeavesTheTrashAndWasNotSweptIsFound() {
        Digest other = Digest.Algorithm.SHA256.of("nobody's".getBytes(StandardCharsets.UTF_8));
        write(
                new DeletionRecord(RecordedRun.RUN, Kind.BLOB, other, null, DeletionRecord.Outcome.DELETED, 1, null, 1),
                Outcome.PURGED,
                null,
                null,
                new Due(1, 0, 2),
                3);

        assertThat(findings()).singleElement().asString().contains("was purged from the trash, and was not swept");
    }

    @Test
    void soIsATagThatWasNotSwept() {
        write(
                new DeletionRecord(
                        RecordedRun.RUN,
                        Kind.TAG,
                        Digest.Algorithm.SHA256.of(new byte[0]),
                        "app",
                        "nobodys",
                        null,
                        DeletionRecord.Outcome.DELETED,
                        0,
                        null,
                        null,
                        1),
                Outcome.PURGED,
                null,
                null,
                new Due(1, 0, 2),
                3);

        assertThat(findings())
                .singleElement()
                .asString()
                .contains("the tag nobodys in app was purged from the trash, and was not swept");
    }

    /** A sweeper that is killed after it moved a file, and before it said so, finds it pushed again, and spares it. */
    @Test
    void theTrashOfASweepThatWasCutOffIsNoException() {
        DeletionRecord spared = deletion(DeletionRecord.Outcome.SPARED);
        write(spared, Outcome.PURGED, null, null, new Due(spared.at(), KEEP, spared.at() + KEEP), spared.at() + KEEP);

        assertThat(findings()).isEmpty();
        assertThat(notes).singleElement().asString().contains("a sweep that was cut off");
    }

    /** Its digest is that of its path, and its name is the id. */
    @Test
    void aFileOfAnUploadIsThatOfTheUploadThatWasSwept() {
        DeletionRecord upload = uploads(topics).findFirst().orElseThrow();
        write(upload, Outcome.PURGED, null, null, new Due(upload.at(), KEEP, upload.at() + KEEP), upload.at() + KEEP);

        assertThat(findings()).isEmpty();
    }

    private DeletionRecord deletion(DeletionRecord.Outcome outcome) {
        return deletions(topics, outcome).findFirst().orElseThrow();
    }

    private static Stream<DeletionRecord> uploads(TopicsInMemory recorded) {
        return deletions(recorded, DeletionRecord.Outcome.DELETED).filter(deletion -> deletion.kind() == Kind.UPLOAD);
    }

    private static Stream<DeletionRecord> deletions(TopicsInMemory recorded, DeletionRecord.Outcome outcome) {
        return recorded.all().stream()
                .filter(entry -> entry.topic().equals(RecordedRun.TOPICS.deletions()))
                .map(entry -> TopicsInMemory.read(DeletionRecord.class, entry))
                .filter(deletion -> deletion.run().equals(RecordedRun.RUN) && deletion.outcome() == outcome);
    }

    private void purged(String by, Due due, long at) {
        write(deleted, Outcome.PURGED, null, by, due, at);
    }

    private void write(DeletionRecord of, Outcome outcome, String why, String by, Due due, long at) {
        topics.append(
                RecordedRun.TOPICS.trash(),
                0,
                of.digest().toString(),
                TrashRecord.class,
                new TrashRecord(
                        of.run(),
                        of.kind(),
                        of.kind() == Kind.TAG ? null : of.digest(),
                        of.repository(),
                        of.tag(),
                        of.path(),
                        outcome,
                        1,
                        why,
                        by,
                        due,
                        at));
    }

    private List<String> findings() {
        List<String> findings = new ArrayList<>();
        try (RunIndex index = RecordedRun.index(directory, topics)) {
            Audit audit = Audit.of(index);
            audit.eachFinding(20, finding -> findings.add(finding.what()));
            assertThat(audit.gaps()).isEmpty();
            notes = audit.notes();
        }
        return findings;
    }
}
