package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkDoneRecord.Planned;
import dev.tidemark.schemas.WorkDoneRecord.Records;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkLedgerTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final RunId LATER = new RunId("20260101-000001");

    private final WorkLedger ledger = new WorkLedger();

    @Test
    void isCompleteWhenEveryPlannedItemIsDone() {
        assertThat(ledger.complete(RUN)).isFalse();
        ledger.add(planned(RUN, 0, 2));
        ledger.add(done(RUN, 1, "app", 3));
        assertThat(ledger.complete(RUN)).isFalse();
        ledger.add(done(RUN, 0, null, 4));

        assertThat(ledger.complete(RUN)).isTrue();
        assertThat(ledger.complete(LATER)).isFalse();
        ledger.add(planned(RUN, 1, 3));
        assertThat(ledger.complete(RUN)).isFalse();
        assertThat(ledger.rounds(RUN)).isEqualTo(2);
    }

    @Test
    void aRepeatedRecordCountsOnce() {
        ledger.add(planned(RUN, 0, 1));
        ledger.add(planned(RUN, 0, 7));
        ledger.add(done(RUN, 0, "app", 3));
        ledger.add(done(RUN, 0, "app", 3));

        assertThat(ledger.complete(RUN)).isTrue();
        assertThat(ledger.records(Input.BLOBS, 1).count()).isEqualTo(3);
        assertThat(ledger.enumerated("here"))
                .returns(1L, RunRecord.Enumerated::repositories)
                .returns(3L, RunRecord.Enumerated::blobs)
                .returns(Map.of(Problem.Kind.STRAY, 1L), RunRecord.Enumerated::problems);
    }

    @Test
    void aLaterRunBeginsAnewAndAnEarlierOneIsPast() {
        ledger.add(planned(RUN, 0, 1));
        ledger.add(done(RUN, 0, "app", 3));
        ledger.add(planned(LATER, 0, 1));
        ledger.add(done(RUN, 0, "app", 3));

        assertThat(ledger.rounds(RUN)).isZero();
        assertThat(ledger.complete(LATER)).isFalse();
        assertThat(ledger.records(Input.BLOBS, 1).count()).isZero();
        assertThat(ledger.repositories()).isEmpty();
    }

    @Test
    void checksumsAddUp() {
        Checksum one = Checksum.of(new byte[] {1});
        Checksum other = Checksum.of(new byte[] {2});
        ledger.add(planned(RUN, 0, 2));
        ledger.add(done(0, new Records(Input.BLOBS, 1, 2, one)));
        ledger.add(done(1, new Records(Input.BLOBS, 1, 3, other)));

        assertThat(ledger.records(Input.BLOBS, 1)).isEqualTo(new Records(Input.BLOBS, 1, 5, one.plus(other)));
        assertThat(ledger.records(Input.LAYERS, 1)).isEqualTo(new Records(Input.LAYERS, 1, 0, Checksum.NONE));
    }

    /** They are no names of images, and a repository that loses them alone loses none. */
    @Test
    void tagsOfReferrersDoNotCountAmongThoseThatARepositoryLoses() {
        ledger.add(planned(RUN, 0, 2));
        ledger.add(tags(0, "signatures", 12, 12));
        ledger.add(tags(1, "app", 13, 12));

        assertThat(ledger.enumerated("here").going()).isEqualTo(new TagsGoing(25, 1, List.of("app"), null));
    }

    @Test
    void otherFilesAddUpUnlessSomeWereNotRead() {
        var disk = new OtherFiles.Disk(100, 200);
        ledger.add(new Planned(
                RUN, 0, 3, null, null, "here", Checksum.NONE, List.of(), null, null, List.of(), new Tally(1, 10)));
        ledger.add(done(0, new OtherFiles(new Tally(2, 20), new Tally(3, 30), new Tally(4, 40), Tally.NONE, null)));
        ledger.add(done(1, new OtherFiles(Tally.NONE, Tally.NONE, Tally.NONE, new Tally(5, 50), disk)));

        assertThat(ledger.enumerated("here").otherFiles())
                .isEqualTo(
                        new OtherFiles(new Tally(2, 20), new Tally(3, 30), new Tally(5, 50), new Tally(5, 50), disk));

        ledger.add(done(2, new OtherFiles(new Tally(1, 1), null, Tally.NONE, null, null)));

        assertThat(ledger.enumerated("here").otherFiles())
                .isEqualTo(new OtherFiles(new Tally(3, 21), null, new Tally(5, 50), null, disk));
        ledger.add(planned(LATER, 0, 1));
        assertThat(ledger.enumerated("here").otherFiles()).isEqualTo(OtherFiles.NONE);
    }

    private static Done tags(int item, String repository, long going, long orphans) {
        return new Done(
                RUN,
                item,
                repository,
                0,
                going,
                going,
                orphans,
                0,
                0,
                0,
                0,
                List.of(),
                null,
                null,
                Checksum.NONE,
                Fingerprint.NONE,
                OtherFiles.NONE);
    }

    private static Done done(int item, OtherFiles otherFiles) {
        return done(item, List.of(), otherFiles);
    }

    private static Done done(int item, Records records) {
        return done(item, List.of(records), OtherFiles.NONE);
    }

    private static Done done(int item, List<Records> records, OtherFiles otherFiles) {
        return new Done(
                RUN, item, null, 0, 0, 0, 0, 0, 0, 0, 0, records, null, null, null, Fingerprint.NONE, otherFiles);
    }

    private static Planned planned(RunId run, int round, int items) {
        return new Planned(
                run, round, items, null, null, "here", Checksum.NONE, List.of(), null, null, List.of(), Tally.NONE);
    }

    private static Done done(RunId run, int item, String repository, long blobs) {
        return new Done(
                run,
                item,
                repository,
                0,
                0,
                0,
                0,
                0,
                0,
                blobs,
                10,
                List.of(new Records(Input.BLOBS, 1, blobs, Checksum.NONE)),
                Map.of(Problem.Kind.STRAY, 1L),
                null,
                Checksum.NONE,
                Fingerprint.NONE,
                OtherFiles.NONE);
    }
}
