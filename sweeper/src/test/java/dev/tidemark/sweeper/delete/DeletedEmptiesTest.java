package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.Watched;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Repositories and directories that have nothing: they go, unless somebody has pushed to them. */
class DeletedEmptiesTest extends OldRegistry {

    @Test
    void aRepositoryThatHasNothingGoesWithTheDirectoriesAboveIt() {
        registry.directory(Layout.layers("old/and/empty") + "/sha256");
        registry.directory(Layout.revisions("old/and/empty"));
        registry.ageDirectories(Duration.ofDays(8));

        assertThat(sweep(empty("old/and/empty", null)))
                .returns(Outcome.DELETED, DeletionRecord::outcome)
                .returns(null, DeletionRecord::keep);
        assertThat(registry.base().resolve("repositories/old")).doesNotExist();
        assertThat(app.directory()).exists();

        assertThat(sweep(empty("old/and/empty", null)).outcome()).isEqualTo(Outcome.ALREADY_GONE);
    }

    @Test
    void oneBelowTheOtherGoBothInAnyOrder() {
        for (List<String> order : List.of(List.of("a", "a/b"), List.of("a/b", "a"))) {
            order.forEach(name -> registry.directory(Layout.layers(name) + "/sha256"));
            registry.ageDirectories(Duration.ofDays(8));

            assertThat(order.stream().map(name -> sweep(empty(name, null)).outcome()))
                    .containsOnly(Outcome.DELETED);
            assertThat(registry.base().resolve("repositories/a")).doesNotExist();
        }
    }

    @Test
    void aRepositoryBelowKeepsTheDirectoryAndNotWhatIsEmptyInIt() {
        registry.directory(Layout.layers("team"));
        registry.ageDirectories(Duration.ofDays(8));

        assertThat(sweep(empty("team", null)).outcome()).isEqualTo(Outcome.DELETED);

        assertThat(registry.base().resolve(Layout.layers("team"))).doesNotExist();
        assertThat(app.revision(image)).exists();
    }

    @Test
    void aRepositoryStaysThatSomebodyHasPushedTo() {
        for (String name : List.of("begun", "young", "pushed")) {
            registry.directory(Layout.layers(name) + "/sha256");
            registry.directory(Layout.uploads(name));
        }
        registry.ageDirectories(Duration.ofDays(8));
        RegistryOnDisk.write(registry.base().resolve(Layout.uploadStart("begun", UPLOAD)), new byte[0]);
        RegistryOnDisk.age(registry.base().resolve(Layout.layers("young")), Duration.ofDays(6));
        var watched = new Watched(storage());
        watched.beforeRemoval = path ->
                RegistryOnDisk.write(registry.base().resolve(Layout.layerLink("pushed", digest(image))), new byte[0]);

        List<DeletionRecord> done = sweep(
                deleter(watched),
                Stream.of("begun", "young", "pushed")
                        .map(name -> new Candidate(empty(name, null), false, false))
                        .toList());

        assertThat(done).extracting(DeletionRecord::outcome).containsOnly(Outcome.SPARED);
        assertThat(done)
                .extracting(DeletionRecord::why)
                .containsExactly(WhyKept.NOT_EMPTY, WhyKept.YOUNG, WhyKept.NOT_EMPTY);
        for (String name : List.of("begun", "young", "pushed")) {
            assertThat(registry.base().resolve(Layout.layers(name) + "/sha256")).exists();
        }
    }

    /** The first try has changed the time of the rest by what it has removed. */
    @Test
    void aRemovalThatWasCutOffIsFinished() {
        registry.directory(Layout.layers("cut") + "/sha256");
        registry.directory(Layout.revisions("cut"));
        registry.ageDirectories(Duration.ofDays(8));
        RegistryOnDisk.remove(registry.base().resolve(Layout.layers("cut") + "/sha256"));

        assertThat(sweep(empty("cut", null)).why()).isEqualTo(WhyKept.YOUNG);
        assertThat(sweep(deleter(storage()), new Candidate(empty("cut", null), false, true))
                        .outcome())
                .isEqualTo(Outcome.DELETED);
        assertThat(registry.repo("cut").directory()).doesNotExist();
    }

    @Test
    void anEmptyDirectoryGoesAndWhatItIsInStays() {
        Digest gone = digest(RegistryOnDisk.sha256(new byte[0]));
        String path = "_layers/sha256/" + gone.hex();
        Path layer = registry.directory(Layout.layer("other", gone));
        Path blob = registry.directory(Layout.blob(gone));
        registry.ageDirectories(Duration.ofDays(8));

        assertThat(sweep(empty("other", path)))
                .returns(Outcome.DELETED, DeletionRecord::outcome)
                .returns(path, DeletionRecord::path);
        assertThat(sweep(empty(null, Layout.blob(gone))).outcome()).isEqualTo(Outcome.DELETED);

        assertThat(layer).doesNotExist();
        assertThat(layer.getParent()).exists();
        assertThat(blob).doesNotExist();
    }

    @Test
    void anEmptyDirectoryStaysThatIsPushedToOrYoung() {
        RegistryOnDisk.remove(app.layerPath(layerOf("image")));
        String path = "_layers/sha256/" + digest(layerOf("image")).hex();
        assertThat(sweep(empty("team/app", path)).why()).isEqualTo(WhyKept.YOUNG);

        app.layerLink(layerOf("image"));
        registry.ageDirectories(Duration.ofDays(8));
        assertThat(sweep(empty("team/app", path)).why()).isEqualTo(WhyKept.NOT_EMPTY);
        assertThat(app.layerPath(layerOf("image"))).exists();
    }
}
