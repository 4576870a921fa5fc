package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a registry whose storage does not show all that is in use. */
class CollectableTest {

    private static final String REPOSITORY = "team/app";

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
    }

    @Test
    void layerLinksWithoutAnyManifestAreRefused() {
        registry.repo(REPOSITORY).layer("old");
        registry.age(Duration.ofDays(2));
        registry.repo(REPOSITORY).layer("young");

        assertThatThrownBy(this::find)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(registry.root().toString(), "not one manifest", "push one image");
    }

    /** As OpenShift's registry leaves them, which writes no links. */
    @Test
    void blobsWithoutAnyManifestAreRefused() {
        registry.blob("old");
        registry.age(Duration.ofDays(2));

        assertThatThrownBy(this::find).hasMessageContaining("not one manifest");
    }

    @Test
    void aFirstPushIsYoung() {
        registry.repo(REPOSITORY).layer("young");

        assertThatCode(this::find).doesNotThrowAnyException();
    }

    @Test
    void oneManifestIsEnough() {
        registry.repo(REPOSITORY).layer("old");
        registry.repo("other").image("image");
        registry.age(Duration.ofDays(2));

        assertThatCode(this::find).doesNotThrowAnyException();
    }

    @Test
    void anEmptyRegistryIsNotRefused() {
        assertThatCode(this::find).doesNotThrowAnyException();
    }

    @Test
    void aMetadataDatabaseThatCameIntoUseIsRefused() throws Exception {
        Collectable collectable = collectable(Optional.empty());
        collectable.require(request(true));

        RegistryOnDisk.write(registry.root().resolve("docker/registry/lockfiles/database-in-use"), new byte[] {1});

        assertThatThrownBy(() -> collectable.require(request(false))).hasMessageContaining("metadata database");
        Files.delete(registry.root().resolve("docker/registry/lockfiles/database-in-use"));
        collectable.require(request(false));
    }

    @Test
    void untaggedManifestsMayBeInUse() {
        collectable(Optional.of("is a cache")).require(request(false));
        assertThatThrownBy(() -> collectable(Optional.of("is a cache")).require(request(true)))
                .hasMessage(registry.root() + " is a cache");

        RegistryOnDisk.write(registry.root().resolve("scheduler-state.json"), new byte[] {1});
        collectable(Optional.empty()).require(request(false));
        assertThatThrownBy(() -> collectable(Optional.empty()).require(request(true)))
                .hasMessageContaining("pull-through cache");
    }

    /** One request that writes for a day is all that happens to an upload in that time. */
    @Test
    void uploadsHaveToBeOlderThanAnyRequestThatTheStorageDoesNotShow() {
        Storage files = FilesystemStorage.open(registry.root());
        var bucket = new Collectable(
                (Storage) Proxy.newProxyInstance(
                        Storage.class.getClassLoader(),
                        new Class<?>[] {Storage.class},
                        (self, method, given) -> method.getName().equals("unseenWrites")
                                ? Duration.ofDays(2)
                                : method.invoke(files, given)),
                Optional.empty());

        bucket.require(leftovers(Duration.ofDays(1), Duration.ofDays(2)));
        bucket.require(leftovers(Duration.ofDays(2), Duration.ZERO));
        assertThatThrownBy(() -> bucket.require(leftovers(Duration.ofDays(1), Duration.ofHours(47))))
                .hasMessageContaining("--leftovers has to be 2d or more");
        new Collectable(files, Optional.empty()).require(leftovers(Duration.ZERO, Duration.ZERO));
    }

    private static Requested leftovers(Duration minAge, Duration age) {
        Instant now = Instant.now();
        var options = new Options(
                now.minus(minAge).toEpochMilli(), false, false, now.minus(age).toEpochMilli());
        return new Requested(new RunId("20260101-000000"), now.toEpochMilli(), options, 40, "test", null, null, null);
    }

    private void find() {
        Enumerated found = new WholeEnumeration(registry, List.of(), path -> {}).run();
        collectable(Optional.empty())
                .require(found, Set.of(REPOSITORY), request(false).options());
    }

    private Collectable collectable(Optional<String> untagged) {
        return new Collectable(FilesystemStorage.open(registry.root()), untagged);
    }

    private static Requested request(boolean deleteUntagged) {
        var options = new Options(Instant.now().minus(Duration.ofDays(1)).toEpochMilli(), deleteUntagged, false);
        return new Requested(new RunId("20260101-000000"), 0, options, 40, "test", null, null, null);
    }
}
