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
import dev.tidemark.storage.layout.ManifestLink;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.testkit.RegistryOnDisk;
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

    /** An entry of a history whose manifest a client has deleted may have gone alone, and has no other name. */
    @Test
    void theManifestOfAnEntryThatIsBackIsNamedToBeHeld() {
        String first = app.image("first");
        app.tag("v1", first).tag("v1", app.image("second"));
        take(RUN, List.of(ManifestLink.past("v1", Digest.parse(first)).file("team/app")));

        Undo.Outcome preview = undo(UndoFilter.NONE).preview();
        Undo.Outcome outcome = undo(UndoFilter.NONE).restore();

        assertThat(app.history("v1", first)).exists();
        assertThat(outcome)
                .isEqualTo(preview)
                .returns(List.of("team/app@" + first), Undo.Outcome::manifests)
                .returns(List.of(), Undo.Outcome::tags);
    }

    @Test
    void aRevisionWhoseBlobIsNotThereIsBackAndSaidToLackIt() {
        String lost = app.image("lost");
        RegistryOnDisk.remove(registry.data(lost));
        take(RUN, List.of(ManifestLink.revision(Digest.parse(lost)).file("team/app")));

        assertThat(undo(UndoFilter.NONE).restore().failed())
                .containsExactly("team/app@" + lost + " is back, and its blob is not there");
        assertThat(app.revision(lost)).exists();
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
