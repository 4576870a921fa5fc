package dev.tidemark.sweeper.trash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Tally;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.look.StoppedException;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Looks at a trash: what is needed comes back, and the rest is purged when it may be. */
class TrashLooksTest extends SweptRegistry {

    @Test
    void anImageThatIsPushedAgainWhileItIsSweptComesBackWhole() {
        String image = anOldImage();
        Map<String, String> before = registry.snapshot();
        List<String> taken = sweep(Duration.ZERO, image);

        // The registry has answered that all of it is there, and writes but the revision.
        RegistryOnDisk.write(app.revision(image), image.getBytes(StandardCharsets.UTF_8));
        TrashReport report = looks(Duration.ZERO).look(Optional.of(REQUEST), (run, keep) -> keep, () -> true);

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(report.restored().count()).isEqualTo(taken.size() - 1);
        assertThat(noted.restored).hasSize(taken.size() - 1).contains(data(image));
    }

    @Test
    void aLayerThatIsMountedWhileItIsSweptComesBack() {
        String layer = registry.blob("layer");
        registry.age(Duration.ofDays(3));
        trash.take(RUN, List.of(data(layer)), () -> true);

        registry.repo("other").layerLink(layer);
        look(Duration.ZERO);

        assertThat(registry.data(layer)).hasContent("layer");
    }

    @Test
    void anIndexThatIsPushedAgainBringsItsImagesBack() {
        String one = app.image("one");
        String two = app.image("two");
        String index = app.index(one, two);
        registry.age(Duration.ofDays(3));
        Map<String, String> before = registry.snapshot();
        sweep(Duration.ZERO, one, two);

        RegistryOnDisk.write(app.revision(index), index.getBytes(StandardCharsets.UTF_8));
        look(Duration.ZERO);

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void anImageThatAnEventNamesComesBackWhole() {
        String image = anOldImage();
        Map<String, String> before = registry.snapshot();
        sweep(Duration.ofDays(1), image);
        RegistryOnDisk.write(app.revision(image), image.getBytes(StandardCharsets.UTF_8));

        Tally restored = looks(Duration.ZERO)
                .heal(Optional.of(REQUEST), List.of(new Nominee("team/app", Digest.parse(image))), () -> true);

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(restored.count()).isEqualTo(noted.restored.size()).isPositive();
    }

    @Test
    void aLayerThatAnEventNamesComesBack() {
        String layer = registry.blob("layer");
        registry.age(Duration.ofDays(3));
        sweep(Duration.ofDays(1));
        trash.take(RUN, List.of(data(layer)), () -> true);
        registry.repo("other").layerLink(layer);

        looks(Duration.ZERO).heal(Optional.of(REQUEST), List.of(new Nominee("other", Digest.parse(layer))), () -> true);

        assertThat(registry.data(layer)).hasContent("layer");
    }

    @Test
    void anEventThatNoYoungLinkBearsOutBringsNothingBack() {
        String image = anOldImage();
        sweep(Duration.ofDays(1), image);
        Map<String, String> swept = registry.snapshot();

        Tally restored = looks(Duration.ZERO)
                .heal(
                        Optional.of(REQUEST),
                        List.of(
                                new Nominee("team/app", Digest.parse(image)),
                                new Nominee("no/such", Digest.parse(image)),
                                new Nominee("../../team/app", Digest.parse(image))),
                        () -> true);

        assertThat(restored).isEqualTo(Tally.NONE);
        assertThat(registry.snapshot()).isEqualTo(swept);
    }

    @Test
    void aFileThatIsWrittenWhileItIsTakenComesBack() {
        String image = anOldImage();
        Map<String, String> before = registry.snapshot();
        // The registry writes the link between the sweeper's last look and its move.
        RegistryOnDisk.write(app.revision(image), image.getBytes(StandardCharsets.UTF_8));
        sweep(Duration.ZERO, image);

        look(Duration.ZERO);

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void anythingElseIsPurgedAndRecordedFirst() {
        String image = anOldImage();
        List<String> taken = sweep(Duration.ZERO, image);

        TrashReport report = look(Duration.ZERO);

        assertThat(report.restored()).isEqualTo(Tally.NONE);
        assertThat(report.purged().count()).isEqualTo(taken.size());
        assertThat(noted.purged).containsExactlyInAnyOrderElementsOf(taken);
        assertThat(noted.gone)
                .hasSameSizeAs(taken)
                .allSatisfy((path, due) -> assertThat(due.get(2))
                        .as("when the look began that found no need of it")
                        .isGreaterThanOrEqualTo(due.get(0) + due.get(1)));
        assertThat(registry.root().resolve("tidemark")).doesNotExist();
    }

    @Test
    void nothingIsPurgedBeforeItHasSettled() {
        List<String> taken = sweep(Duration.ZERO, anOldImage());

        TrashReport report = look(Duration.ofMinutes(30));

        assertThat(report.purged()).isEqualTo(Tally.NONE);
        assertThat(report.left().count()).isEqualTo(taken.size());
        assertThat(report.nextDue().getAsLong()).isGreaterThan(System.currentTimeMillis() + 60_000);
    }

    @Test
    void nothingIsPurgedBeforeTheTimeThatItsOwnRunHasAskedFor() {
        sweep(Duration.ofDays(7), anOldImage());

        assertThat(look(Duration.ZERO).purged()).isEqualTo(Tally.NONE);
        assertThat(looks(Duration.ZERO)
                        .look(Optional.empty(), (run, keep) -> Duration.ZERO, () -> true)
                        .purged()
                        .count())
                .isPositive();
    }

    /** As terms may have it that were not written by this version: the sum of it and a time is long past. */
    @Test
    void nothingIsPurgedThatIsToBeKeptForLongerThanATimeCanSay() {
        for (Duration keep : List.of(Duration.ofMillis(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE))) {
            List<String> taken = sweep(keep, anOldImage());

            TrashReport report = look(Duration.ZERO);

            assertThat(report.purged()).isEqualTo(Tally.NONE);
            assertThat(report.left().count()).isGreaterThanOrEqualTo(taken.size());
            assertThat(report.nextDue().getAsLong()).isGreaterThan(System.currentTimeMillis());
        }
    }

    @Test
    void nothingIsPurgedAfterALookThatIsNotWhole() throws Exception {
        String image = anOldImage();
        List<String> taken = sweep(Duration.ZERO, image);
        // A young manifest that can't be read may need anything.
        String other = app.image("other");
        Files.delete(registry.data(other));
        Files.createSymbolicLink(registry.data(other), Path.of("/"));

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> look(Duration.ZERO));

        List<String> left = new ArrayList<>();
        trash.files(RUN, file -> left.add(file.path()));
        assertThat(left).containsExactlyInAnyOrderElementsOf(taken);
    }

    @Test
    void aSweeperThatLosesTheTrashPurgesNothingMore() {
        sweep(Duration.ZERO, anOldImage());

        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> looks(Duration.ZERO).look(Optional.of(REQUEST), (run, keep) -> keep, () -> false));

        assertThat(noted.purged).isEmpty();
    }
}
