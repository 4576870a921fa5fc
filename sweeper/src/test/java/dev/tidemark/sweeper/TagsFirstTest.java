package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.TagsSwept;
import dev.tidemark.sweeper.order.PartitionProgress;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tags of a run with a policy go before all else, in every partition. */
class TagsFirstTest extends EligiblePartition {

    private static final String NOWHERE = RegistryOnDisk.sha256(new byte[] {7});

    private String old;

    @BeforeEach
    void aTag() {
        old = app.image("old");
        app.tag("v1", image).tag("v1", old);
        registry.age(Duration.ofDays(2));
    }

    @Test
    void aTagGoesWithItsHistoryAndThenTheRest() throws InterruptedException {
        FakeRuns runs = runs();
        runs.comes(new TagsSwept(RUN, 1, 2));
        var work = work(runs, "");

        on(work, tag("v1", old), 0);
        assertThat(app.tagDirectory("v1")).doesNotExist();
        assertThat(said()).isEmpty();
        on(work, manifest(old), 1);
        on(work, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 2);

        assertThat(app.revision(old)).doesNotExist();
        assertThat(app.revision(image)).exists();
        assertThat(deletions())
                .extracting(DeletionRecord::kind, DeletionRecord::tag, DeletionRecord::outcome)
                .containsExactly(tuple(Kind.TAG, "v1", Outcome.DELETED), tuple(Kind.MANIFEST, null, Outcome.DELETED));
        assertThat(said().getFirst()).isEqualTo(new TagsSwept(RUN, 0, 2));
        assertThat(said().getLast()).isInstanceOf(Swept.class);
    }

    @Test
    void nothingElseGoesBeforeTheTagsOfAllPartitions() {
        FakeRuns runs = runs();

        assertThatExceptionOfType(LaneStoppedException.class)
                .as("the other partition's tags may be there")
                .isThrownBy(() -> on(work(runs, ""), manifest(image), 0));

        assertThat(app.revision(image)).exists();
        assertThat(deletions()).isEmpty();
        assertThat(said()).containsExactly(new TagsSwept(RUN, 0, 2));
    }

    @Test
    void aTagThatCannotBeDeletedEndsTheRunBeforeAnyImageIsTouched() throws Exception {
        // Nothing is deleted behind a symbolic link.
        var tags = app.tagDirectory("v1").getParent();
        Files.move(tags, directory.resolve("elsewhere"));
        Files.createSymbolicLink(tags, directory.resolve("elsewhere"));
        FakeRuns runs = runs();
        runs.comes(new TagsSwept(RUN, 1, 2));
        var work = work(runs, "");

        on(work, tag("v1", old), 0);
        on(work, manifest(old), 1);

        assertThat(deletions()).singleElement().returns(Outcome.FAILED, DeletionRecord::outcome);
        assertThat(app.revision(old)).exists();
        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why())
                                .startsWith("1 tag can't be deleted")
                                .contains("no image"));
    }

    @Test
    void aTagThatHasMovedOrIsYoungStays() throws InterruptedException {
        var work = work(new FakeRuns(withPolicy()), "");

        on(work, tag("v1", image), 0);
        app.tag("v2", old);
        on(work, tag("v2", old), 1);

        assertThat(app.currentLink("v1")).exists();
        assertThat(app.currentLink("v2")).exists();
        assertThat(deletions())
                .extracting(DeletionRecord::why)
                .containsExactly("the tag names another manifest by now", "written again since the run began");
    }

    @Test
    void aNextTryTakesWhatIsLeftOfATag() throws Exception {
        var first = work(new FakeRuns(withPolicy()), "");
        String metadata = first.metadata();
        Files.delete(app.currentLink("v1"));
        Files.delete(app.history("v1", old));

        on(work(new FakeRuns(withPolicy()), metadata), tag("v1", old), 0);

        assertThat(app.tagDirectory("v1")).doesNotExist();
        assertThat(deletions()).singleElement().returns(Outcome.ALREADY_GONE, DeletionRecord::outcome);
    }

    @Test
    void aYoungEntryOfATagsHistoryIsOfAPushThatIsOnItsWay() throws IOException, InterruptedException {
        Files.delete(app.currentLink("v1"));
        RegistryOnDisk.write(app.history("v1", image), image.getBytes(StandardCharsets.UTF_8));

        on(work(new FakeRuns(withPolicy()), ""), tag("v1", old), 0);

        assertThat(app.history("v1", image)).exists();
        assertThat(app.history("v1", old)).exists();
        assertThat(deletions()).singleElement().returns(Outcome.SPARED, DeletionRecord::outcome);
    }

    @Test
    void aTagOfReferrersStaysWhoseSubjectIsThereAgain() throws InterruptedException {
        for (String subject : List.of(image, orphan, NOWHERE)) {
            app.tag(signatures(subject), old);
        }
        registry.age(Duration.ofDays(2));
        var work = work(runs(), "");

        on(work, tag(signatures(image), old), 0);
        on(work, tag(signatures(orphan), old), 1);
        on(work, tag(signatures(NOWHERE), old), 2);

        assertThat(deletions())
                .extracting(DeletionRecord::outcome, DeletionRecord::why)
                .containsExactly(
                        tuple(Outcome.SPARED, "what it refers to is there again"),
                        tuple(Outcome.SPARED, "what it refers to is there again"),
                        tuple(Outcome.DELETED, null));
        assertThat(app.currentLink(signatures(image))).exists();
        assertThat(app.currentLink(signatures(NOWHERE))).doesNotExist();
    }

    /** The blob of an image that could not be deleted is no tag. */
    @Test
    void anotherSweeperLearnsFirstThatTheTagsWereSwept() throws InterruptedException {
        PartitionProgress before = PartitionProgress.begin(RUN);
        before.done(
                new DeletionRecord(
                        RUN, Kind.BLOB, Digest.parse(orphan), null, Outcome.FAILED, 0, "permission denied", 0),
                new byte[0]);
        FakeRuns runs = runs();
        runs.comes(new TagsSwept(RUN, 0, 2));
        runs.comes(new TagsSwept(RUN, 1, 2));

        on(work(runs, before.metadata()), manifest(old), 1);

        assertThat(said()).isEmpty();
        assertThat(app.revision(old)).doesNotExist();
    }

    @Test
    void anotherSweeperLearnsFirstThatTheRunHasFailed() throws InterruptedException {
        FakeRuns runs = runs();
        runs.comes(new Failed(RUN, SweeperService.NAME, "a tag could not be deleted"));
        runs.comes(new TagsSwept(RUN, 1, 2));

        on(work(runs, ""), manifest(old), 1);

        assertThat(said()).isEmpty();
        assertThat(app.revision(old)).exists();
    }

    private static String signatures(String of) {
        return of.replace(':', '-') + ".sig";
    }

    /** They hear what the lane says. */
    private FakeRuns runs() {
        var runs = new FakeRuns(withPolicy());
        lane.onCommit = () -> {
            if (!said().isEmpty()) {
                runs.add(said().getLast());
            }
        };
        return runs;
    }

    private static List<RunRecord> withPolicy() {
        List<RunRecord> run = new ArrayList<>(decided(RUN));
        run.set(
                0,
                new Requested(
                        RUN,
                        0,
                        new Options(CUTOFF, false, false),
                        100,
                        "test",
                        null,
                        null,
                        PolicyText.of("policies: []")));
        return run;
    }

    private static Eligible tag(String name, String digest) {
        return new Eligible(RUN, Kind.TAG, Digest.parse(digest), "app", name, 0, "test", 0, List.of(), RUN);
    }
}
