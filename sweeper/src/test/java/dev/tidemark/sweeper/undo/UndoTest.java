package dev.tidemark.sweeper.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.sweeper.trash.TrashKeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UndoTest extends UndoneRun {

    private static final RunId LATER = RunId.next(Instant.now().minusSeconds(10), Optional.of(RUN));

    @Test
    void allOfARunComesBack() {
        app.image("one");
        site.image("two");
        Map<String, String> before = swept(RUN);

        Undo.Outcome preview = undo(UndoFilter.NONE).preview();
        Undo.Outcome outcome = undo(UndoFilter.NONE).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(outcome).isEqualTo(preview);
        assertThat(outcome.failed()).isEmpty();
        assertThat(trash.runs()).isEmpty();
        assertThat(said())
                .hasSize((int) outcome.restored().count())
                .allMatch(record -> record.outcome() == TrashRecord.Outcome.RESTORED
                        && record.why().equals("its run is undone")
                        && record.by().equals("operator (tidemark undo)"));
    }

    /** The trash may have a tag for longer than its image. */
    @Test
    void aTagWhoseImageIsPurgedIsSaidToNameNothing() {
        String image = app.image("one");
        app.tag("v1", image);
        swept(RUN);
        List<String> files = new ArrayList<>();
        trash.files(RUN, file -> files.add(file.path()));
        files.removeIf(file -> LayoutEntry.tagOf(file).isPresent());
        assertThat(trash.purge(RUN, files, () -> true)).isEmpty();

        Undo.Outcome outcome = undo(UndoFilter.NONE).restore();

        assertThat(outcome.tags()).containsExactly("team/app:v1");
        assertThat(said())
                .extracting(TrashRecord::kind, TrashRecord::key, TrashRecord::outcome)
                .containsExactly(tuple(Kind.TAG, "team/app:v1", TrashRecord.Outcome.RESTORED));
        assertThat(outcome.failed())
                .containsExactly(
                        "team/app:v1 is back, and names " + image + ", which is not there: hold the tag until it is");
    }

    /** A layer that two runs have swept, as one of the two repositories was collected later. */
    @Test
    void aFileThatAnotherRunHasSweptComesBackIfItIsNeededAndIsCounted() {
        String image = app.image("one");
        Map<String, String> before = registry.snapshot();
        List<String> blobs = collected(before).stream()
                .filter(file -> file.startsWith(Layout.BLOBS))
                .filter(file -> !file.contains(Digest.parse(image).hex()))
                .toList();
        take(LATER, blobs);
        swept(RUN);

        Undo.Outcome preview = undo(digests(image)).preview();
        Undo.Outcome outcome = undo(digests(image)).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(outcome).isEqualTo(preview);
        assertThat(outcome.restored().count()).isEqualTo(collected(before).size());
    }

    @Test
    void aFileThatIsThereAgainIsLeftAsItIs() {
        String layer = registry.blob("layer");
        app.layerLink(layer);
        Map<String, String> before = swept(RUN);
        registry.blob("layer");

        Undo.Outcome preview = undo(digests(layer)).preview();
        Undo.Outcome outcome = undo(digests(layer)).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(outcome).isEqualTo(preview);
        assertThat(outcome.inPlace()).isEqualTo(1);
        assertThat(outcome.restored().count()).isEqualTo(1);
    }

    /** What the run goes on to take is needed by what is back: the look at the end of its sweep finds that. */
    @Test
    void anUndoBesideItsOwnSweepLosesNothing() {
        app.tag("v1", app.image("one"));
        site.index(site.image("two"), site.image("three"));
        Map<String, String> before = registry.snapshot();
        registry.age(Duration.ofDays(3));
        List<String> blobs = collected(before).stream()
                .filter(file -> file.startsWith(Layout.BLOBS))
                .toList();
        take(
                RUN,
                collected(before).stream().filter(file -> !blobs.contains(file)).toList());
        take(RUN, blobs.subList(0, 3));

        Undo.Outcome outcome = undo(UndoFilter.NONE).restore();
        take(RUN, blobs.subList(3, blobs.size()));
        TrashKeeper.recordingLater(storage, trash, Duration.ZERO, Optional.empty(), records)
                .look(Optional.empty(), () -> true);

        assertThat(outcome.failed()).isEmpty();
        assertThat(registry.snapshot()).isEqualTo(before);
        trash.files(RUN, file -> fail(file + " stays in the trash"));
    }
}
