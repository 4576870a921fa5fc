package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Services that don't have the same storage: those of two registries under one prefix, and those of a registry and of
 * its copy. No run of theirs deletes anything.
 */
class OtherStorageIT extends ServicesInProcess {

    private static final List<String> REPOSITORIES = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    @Test
    void anEnumeratorOfAnotherRegistryWithTheSameRepositoriesFailsTheRun() {
        RegistryOnDisk other = another();
        REPOSITORIES.forEach(name -> image(registry, name, "an image of " + name));
        registry.age(Duration.ofDays(2));
        startMarker();
        EnumeratorService here = startEnumerator(storage(), STALL);
        EnumeratorService there = startEnumerator(FilesystemStorage.open(other.root()), STALL);
        startSweeper(storage());
        Processes.await("both have their share of the work", () -> here.ready() && there.ready());

        assertRefused(other, "enumerator", "is not the one that the run was planned on: the blob sha256:");
    }

    @Test
    void aSweeperOfAnotherRegistryDeletesNothing() {
        RegistryOnDisk other = another();
        startMarker();
        startEnumerator(storage(), STALL);
        startSweeper(FilesystemStorage.open(other.root()));

        assertRefused(
                other, "sweeper", "the storage here, " + other.root() + ", is not the one that the run was planned on");
    }

    /** What nothing needed when the copy was made is part of an image by now, which is older than the minimum age. */
    @Test
    void aPlanOfACopyDeletesNothingOfItsOriginalThatWasPushedToSince() {
        RegistryOnDisk copy = copied();
        String pushed = app.image(RegistryOnDisk.OCI_IMAGE, orphan);
        RegistryOnDisk.age(app.revision(pushed), Duration.ofHours(36));
        RegistryOnDisk.age(app.layerLink(orphan).layerPath(orphan), Duration.ofHours(36));
        app.tag("pushed", pushed);
        RegistryOnDisk.age(app.currentLink("pushed"), Duration.ofHours(36));
        startMarker();
        startEnumerator(FilesystemStorage.open(copy.root()), STALL);
        startSweeper(storage());

        assertRefused(copy, "sweeper", "it was planned on a copy of " + registry.root());
        assertThat(registry.data(orphan))
                .as("the image that was pushed needs it")
                .exists();
    }

    @Test
    void aPlanOfTheOriginalDeletesNothingOfAnOlderCopy() {
        RegistryOnDisk copy = copied();
        RegistryOnDisk.remove(app.tagDirectory("latest"));
        app.tag("newer", app.image("newer"));
        registry.age(Duration.ofDays(2));
        startMarker();
        startEnumerator(storage(), STALL);
        startSweeper(FilesystemStorage.open(copy.root()));

        assertRefused(copy, "sweeper", "is not the one that the run was planned on");
        assertThat(copy.data(kept)).as("a tag of the copy names it").exists();
    }

    @Test
    void aPlanOfACopyThatIsTheSameIsSwept() {
        RegistryOnDisk copy = copied();
        startMarker();
        startEnumerator(FilesystemStorage.open(copy.root()), STALL);
        startSweeper(storage());
        Map<String, String> before = copy.snapshot();

        Tidemark.Result swept = collect();

        assertThat(swept.exitCode()).as(swept.err()).isZero();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(registry.data(untagged)).doesNotExist();
        assertThat(registry.data(kept)).exists();
        assertThat(copy.snapshot()).isEqualTo(before);
    }

    private void assertRefused(RegistryOnDisk other, String service, String why) {
        Map<String, String> before = registry.snapshot();
        Map<String, String> there = other.snapshot();

        Tidemark.Result refused = collect();

        assertThat(refused.exitCode()).as(refused.out()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains(why);
        assertThat(latest().end())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why()).contains(why).doesNotContain("\n"));
        assertThat(latest())
                .returns(service, run -> ((Failed) run.end()).service())
                .returns(Run.State.FAILED, Run::state);
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(other.snapshot()).isEqualTo(there);
    }

    private Tidemark.Result collect() {
        return tidemark("run", "--delete-untagged", "--max-delete", "100");
    }

    /** The repositories have the same names. */
    private RegistryOnDisk another() {
        var other = RegistryOnDisk.at(directory.resolve("other"));
        REPOSITORIES.forEach(name -> image(other, name, "another image of " + name));
        image(other, app.name(), "another image");
        // Both have it, and here it is in use.
        other.blob("orphan");
        RepositoryOnDisk needs = other.repo(app.name());
        needs.tag("needs", needs.image(RegistryOnDisk.OCI_IMAGE, orphan));
        return other.age(Duration.ofDays(2));
    }

    private static void image(RegistryOnDisk of, String repository, String seed) {
        RepositoryOnDisk repo = of.repo(repository);
        repo.tag("latest", repo.image(seed));
    }

    private RegistryOnDisk copied() {
        Path copy = directory.resolve("copy");
        RegistryOnDisk.copy(registry.root(), copy);
        return RegistryOnDisk.at(copy);
    }
}
