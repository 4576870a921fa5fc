package dev.tidemark.enumerator.read;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Witness;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An enumerator reads nothing for a run that was planned on another storage than its own. */
class PlannedStorageTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final RunId NEXT = new RunId("20260101-000001");

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private String blob;
    private Witness witness;

    @BeforeEach
    void anOldRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        blob = registry.repo("app").image("v1");
        registry.age(Duration.ofDays(2));
        Digest digest = Digest.parse(blob);
        witness = new Witness(
                digest,
                storage(registry).stat(Layout.blobData(digest)).orElseThrow().modified());
    }

    @Test
    void theSameStorageOrACopyWithItsTimesWillDo() {
        Path copy = directory.resolve("copy");
        RegistryOnDisk.copy(registry.root(), copy);

        assertThatCode(() -> here(registry).require(RUN, witness)).doesNotThrowAnyException();
        assertThatCode(() -> here(RegistryOnDisk.at(copy)).require(RUN, witness))
                .doesNotThrowAnyException();
    }

    @Test
    void anotherRegistryWithTheSameRepositoriesIsRefused() {
        var other = RegistryOnDisk.at(directory.resolve("other"));
        other.repo("app").image("v2");

        assertThatIllegalStateException()
                .isThrownBy(() -> here(other).require(RUN, witness))
                .withMessageStartingWith("the storage here, " + other.root()
                        + ", is not the one that the run was planned on: the blob " + blob + " is not there. ")
                .withMessageContaining("TIDEMARK_PREFIX");
    }

    @Test
    void soIsOneThatHasTheSameImageOfAnotherTime() {
        var mirror = RegistryOnDisk.at(directory.resolve("mirror"));
        mirror.repo("app").image("v1");

        assertThatIllegalStateException()
                .isThrownBy(() -> here(mirror).require(RUN, witness))
                .withMessageContaining("the blob " + blob + " was written at ");
    }

    @Test
    void aWitnessIsLookedForOnceARun() {
        PlannedStorage here = here(registry);
        here.require(RUN, witness);
        RegistryOnDisk.remove(registry.blobDirectory(blob));

        assertThatCode(() -> here.require(RUN, witness)).doesNotThrowAnyException();
        assertThatIllegalStateException().isThrownBy(() -> here.require(NEXT, witness));
    }

    private static PlannedStorage here(RegistryOnDisk registry) {
        return new PlannedStorage(storage(registry));
    }

    private static Storage storage(RegistryOnDisk registry) {
        return FilesystemStorage.open(registry.root());
    }
}
