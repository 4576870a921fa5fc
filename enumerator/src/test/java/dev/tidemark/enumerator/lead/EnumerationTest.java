package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tidemark.enumerator.publish.Input;
import dev.tidemark.enumerator.publish.ItemReader;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published of a storage that changes, or fails, while it is read. */
class EnumerationTest {

  private static final RunId RUN = new RunId("20260101-000000");

  @TempDir private Path directory;

  private final List<Held<?>> published = new ArrayList<>();
  private final List<RepositoryRecord> repositories = new ArrayList<>();

  private RegistryOnDisk registry;
  private RegistryOnDisk.Repository app;

  @BeforeEach
  void aRegistry() {
    registry = RegistryOnDisk.at(directory.resolve("registry"));
    app = registry.repo("team/app");
  }

  @Test
  void publishesWhatThereIs() {
    String image = app.image("image");
    String was = app.image("was");
    app.tag("v1", was).tag("v1", image).tag("latest", image);

    RunRecord.Enumerated enumerated = enumerate(path -> {});

    assertThat(manifest(image).tags()).containsExactlyInAnyOrder("v1", "latest");
    assertThat(manifest(image).references()).hasSize(3);
    assertThat(manifest(image).mediaType()).isEqualTo(RegistryOnDisk.DOCKER_IMAGE);
    assertThat(manifest(image).size()).isPositive();
    assertThat(manifest(was).tags()).isEmpty();
    assertThat(manifest(was).history()).containsExactly("v1");
    assertThat(layers()).hasSize(6).allSatisfy(layer -> assertThat(layer.pinned()).isNull());
    assertThat(blobs()).hasSize(8);
    assertThat(enumerated)
        .returns(1L, RunRecord.Enumerated::repositories)
        .returns(2L, RunRecord.Enumerated::manifests)
        .returns(2L, RunRecord.Enumerated::tags)
        .returns(6L, RunRecord.Enumerated::layerLinks)
        .returns(8L, RunRecord.Enumerated::blobs);
    assertThat(enumerated.problems()).isEmpty();
    assertThat(repositories).singleElement().returns(2L, RepositoryRecord::manifests);
  }

  @Test
  void aRevisionThatVanishesCostsNothingElse() {
    String vanishing = app.image("vanishing");
    String other = app.image("other");
    app.tag("latest", other);

    enumerate(path -> {
      if (path.endsWith("revisions/sha256/" + RegistryOnDisk.hex(vanishing) + "/link") && Files.exists(app.revision(vanishing))) {
        RegistryOnDisk.remove(app.revision(vanishing));
      }
    });

    assertThat(manifests()).extracting(m -> m.digest().toString()).containsExactly(other);
    assertThat(manifest(other).references()).hasSize(3);
    assertThat(layers()).hasSize(6);
  }

  @Test
  void aTagThatVanishesIsNoTag() {
    String image = app.image("image");
    app.tag("gone", image).tag("kept", image);

    enumerate(path -> {
      if (path.equals("open repositories/team/app/_manifests/tags/gone/current/link") && Files.exists(app.currentLink("gone"))) {
        RegistryOnDisk.remove(app.currentLink("gone"));
      }
    });

    assertThat(manifest(image).tags()).containsExactly("kept");
  }

  @Test
  void aTagThatIsBeingRewrittenIsReadAgain() {
    String image = app.image("image");
    app.tag("latest", image);
    RegistryOnDisk.write(app.currentLink("latest"), new byte[0]);
    var reads = new int[1];

    RunRecord.Enumerated enumerated = enumerate(path -> {
      if (path.equals("open repositories/team/app/_manifests/tags/latest/current/link") && ++reads[0] == 3) {
        RegistryOnDisk.write(app.currentLink("latest"), image.getBytes(StandardCharsets.UTF_8));
      }
    });

    assertThat(manifest(image).tags()).containsExactly("latest");
    assertThat(enumerated.problems()).isEmpty();
  }

  @Test
  void aManifestPushedAndTaggedAfterTheRevisionsWereListedIsFound() {
    String first = app.image("first");
    app.tag("latest", first);
    String[] second = new String[1];

    enumerate(path -> {
      if (path.equals("list repositories/team/app/_manifests/tags") && second[0] == null) {
        second[0] = app.image("second");
        app.tag("latest", second[0]);
      }
    });

    assertThat(manifest(second[0]).tags()).containsExactly("latest");
    assertThat(manifest(second[0]).references()).hasSize(3);
  }

  @Test
  void aRepositoryThatComesDuringTheWalkIsRead() {
    app.image("image");
    var pushed = new AtomicBoolean();

    enumerate(path -> {
      if (path.startsWith("list blobs/sha256/") && pushed.compareAndSet(false, true)) {
        registry.repo("late").image("late");
      }
    });

    assertThat(repositories).extracting(RepositoryRecord::repository).contains("late");
  }

  /** As for an enumerator that has another registry's storage before it. */
  @Test
  void aRepositoryThatIsNotThereAnyMoreFailsTheEnumeration() {
    app.tag("latest", app.image("image"));
    var removed = new AtomicBoolean();

    assertThatThrownBy(() -> enumerate(path -> {
      if (path.startsWith("list blobs/sha256/") && removed.compareAndSet(false, true)) {
        RegistryOnDisk.remove(app.directory());
      }
    })).isInstanceOf(StorageException.class).hasMessageContaining("the repository team/app was found, and is not in " + registry.root());
  }

  @Test
  void aRepositoryWithNothingInItIsThere() throws IOException {
    Files.createDirectories(app.directory().resolve("_uploads"));

    enumerate(path -> {});

    assertThat(repositories).singleElement().returns("team/app", RepositoryRecord::repository);
  }

  @Test
  void aManifestThatMayNotBeReadKeepsEverythingInItsRepository() {
    String secret = app.image("secret");
    String beside = app.image("beside");
    String elsewhere = registry.repo("other").image("elsewhere");

    RunRecord.Enumerated enumerated = enumerate(path -> {
      if (path.equals("open blobs/sha256/" + secret.substring(7, 9) + "/" + RegistryOnDisk.hex(secret) + "/data")) {
        throw new ForbiddenException("permission denied");
      }
    });

    assertThat(manifest(secret).pinned()).isNotNull();
    assertThat(manifest(beside).pinned()).isNotNull();
    assertThat(manifest(elsewhere).pinned()).isNull();
    assertThat(Held.only(Layer.class, published)).hasSize(9)
        .allSatisfy(layer -> assertThat(layer.entry().pinned() != null).isEqualTo(layer.repository().equals("team/app")));
    assertThat(enumerated.problems()).containsEntry(Problem.Kind.UNREADABLE_MANIFEST, 1L);
  }

  @Test
  void aStorageThatDoesNotAnswerFailsTheEnumeration() {
    String image = app.image("image");
    app.tag("latest", image);

    for (String trouble :
        List.of(
            "list repositories", "list repositories/team/app/_manifests/revisions/sha256", "list repositories/team/app/_manifests/tags",
            "open repositories/team/app/_manifests/tags/latest/current/link", "list repositories/team/app/_layers/sha256", "list blobs",
            "open blobs/sha256/" + image.substring(7, 9) + "/" + RegistryOnDisk.hex(image) + "/data")) {
      assertThatThrownBy(() -> enumerate(path -> {
        if (path.equals(trouble)) {
          throw new StorageException("input/output error");
        }
      })).as(trouble).isInstanceOf(StorageException.class).hasMessageContaining("input/output error");
    }
  }

  @Test
  void aListingThatIsForbiddenFailsTheEnumeration() {
    app.image("image");

    assertThatThrownBy(() -> enumerate(path -> {
      if (path.equals("list repositories/team/app/_layers/sha256")) {
        throw new ForbiddenException("permission denied");
      }
    })).isInstanceOf(StorageException.class).hasMessageContaining("permission denied");
  }

  @Test
  void repositoriesBehindALinkOutOfTheRootMayNameAnyBlob() throws IOException {
    String orphan = registry.blob("orphan");
    Files.createDirectories(directory.resolve("outside/app/_manifests"));
    Files.createSymbolicLink(registry.base().resolve("repositories/outside"), directory.resolve("outside"));

    RunRecord.Enumerated enumerated = enumerate(path -> assertThat(path).doesNotContain("outside/"));

    assertThat(blobs()).singleElement().satisfies(blob -> {
      assertThat(blob.digest().toString()).isEqualTo(orphan);
      assertThat(blob.pinned()).contains("symbolic link out of the root");
    });
    assertThat(enumerated.problems()).containsEntry(Problem.Kind.SYMBOLIC_LINK, 1L);
  }

  /** What is in there is live for the registry, and nobody knows what that is. */
  @ParameterizedTest
  @ValueSource(strings = {"_manifests", "_manifests/revisions", "_manifests/revisions/sha256", "_manifests/tags", "_layers", "_layers/sha256"})
  void aRepositorysOwnDirectoryBehindALinkOutOfTheRootFailsTheEnumeration(String own) throws IOException {
    app.tag("latest", app.image("image"));
    Path outside = directory.resolve("outside");
    Files.move(app.directory().resolve(own), outside);
    Files.createSymbolicLink(app.directory().resolve(own), outside);

    assertThatThrownBy(() -> enumerate(path -> {})).isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("team/app/" + own).hasMessageContaining("leads out of").hasMessageContaining("mount");
  }

  @Test
  void aShardOfBlobsBehindALinkOutOfTheRootIsPassedOver() throws IOException {
    for (int i = 0; i < 40; i++) {
      registry.blob("blob" + i);
    }
    Path shard = registry.blobDirectory(registry.blob("outside")).getParent();
    long gone;
    try (Stream<Path> in = Files.list(shard)) {
      gone = in.count();
    }
    Files.move(shard, directory.resolve("outside"));
    Files.createSymbolicLink(shard, directory.resolve("outside"));

    RunRecord.Enumerated enumerated = enumerate(path -> {});

    assertThat(blobs()).hasSize(41 - (int) gone);
    assertThat(enumerated.problems()).containsEntry(Problem.Kind.SYMBOLIC_LINK, 1L);
  }

  @Test
  void layerLinksOfAnUnknownAlgorithmKeepLayerLinks() {
    String image = app.image("image");
    RegistryOnDisk.write(app.directory().resolve("_layers/blake3/abcd/link"), new byte[] {1});

    enumerate(path -> {});

    assertThat(layers()).isNotEmpty().allSatisfy(layer -> assertThat(layer.pinned()).contains("unknown algorithm"));
    assertThat(manifest(image).pinned()).isNull();
  }

  @Test
  void repositoriesInADirectoryWhoseNameIsNoTextMayNameAnyBlob() throws IOException {
    String orphan = registry.blob("orphan");
    Files.createDirectories(RegistryOnDisk.nameless(registry.base().resolve("repositories")).resolve("app/_manifests"));

    RunRecord.Enumerated enumerated = enumerate(path -> {});

    assertThat(blobs()).singleElement().satisfies(blob -> {
      assertThat(blob.digest().toString()).isEqualTo(orphan);
      assertThat(blob.pinned()).contains("is no text");
    });
    assertThat(enumerated.problems()).containsEntry(Problem.Kind.INVALID_NAME, 1L);
  }

  @Test
  void aTagWhoseNameIsNoTextMayNameAnyManifestOfItsRepository() {
    String image = app.image("image");
    RegistryOnDisk.write(
        RegistryOnDisk.nameless(registry.base().resolve("repositories/team/app/_manifests/tags")).resolve("current/link"),
        image.getBytes(StandardCharsets.UTF_8));

    RunRecord.Enumerated enumerated = enumerate(path -> {});

    assertThat(manifest(image).pinned()).isNotNull();
    assertThat(enumerated.problems()).containsEntry(Problem.Kind.UNREADABLE_TAG, 1L);
  }

  @Test
  void anAlgorithmWhoseNameIsNoTextIsAnUnknownOne() throws IOException {
    String image = app.image("image");
    Path directory = registry.base().resolve("repositories/team/app");
    Files.createDirectories(RegistryOnDisk.nameless(directory.resolve("_manifests/revisions")).resolve("digest"));
    Files.createDirectories(RegistryOnDisk.nameless(directory.resolve("_layers")).resolve("digest"));
    Files.createDirectories(RegistryOnDisk.nameless(registry.base().resolve("blobs")).resolve("shard"));

    RunRecord.Enumerated enumerated = enumerate(path -> {});

    assertThat(manifest(image).pinned()).contains("unknown algorithm");
    assertThat(layers()).isNotEmpty().allSatisfy(layer -> assertThat(layer.pinned()).contains("unknown algorithm"));
    assertThat(enumerated.problems()).containsExactly(entry(Problem.Kind.UNKNOWN_ALGORITHM, 3L));
  }

  /** What the enumerators of a run do together. */
  private RunRecord.Enumerated enumerate(Consumer<String> before) {
    published.clear();
    repositories.clear();
    var storage = new Troubled(FilesystemStorage.open(registry.root()), before);
    var ledger = new WorkLedger();
    WorkPlan first = WorkPlan.first(storage, RUN);
    ledger.add(first.planned());
    first.items().forEach(item -> ledger.add(read(storage, item)));
    assertThat(ledger.complete(RUN)).isTrue();
    WorkPlan late = WorkPlan.late(storage, RUN, ledger.repositories(), ledger.items());
    ledger.add(late.planned());
    late.items().forEach(item -> ledger.add(read(storage, item)));
    assertThat(ledger.complete(RUN)).isTrue();
    return ledger.enumerated(storage.description());
  }

  private WorkDoneRecord.Done read(Storage storage, WorkRecord item) {
    return new ItemReader(storage, new ManifestReader(storage)::read, new Topics("t.", 3), true, new Input() {
      @Override
      public void put(String repository, EnumeratedRecord.Entry entry) {
        published.add(new Held<>(repository, entry));
      }

      @Override
      public Checksum put(RepositoryRecord record) {
        repositories.add(record);
        return Checksum.NONE;
      }

      @Override
      public Checksum sent(EnumeratedRecord.Input input, int partition) {
        return Checksum.NONE;
      }
    }).read(item);
  }

  private List<Manifest> manifests() {
    return Held.entries(Manifest.class, published).toList();
  }

  private Manifest manifest(String digest) {
    return manifests().stream().filter(m -> m.digest().equals(Digest.parse(digest))).findFirst().orElseThrow();
  }

  private List<Blob> blobs() {
    return Held.entries(Blob.class, published).toList();
  }

  private List<Layer> layers() {
    return Held.entries(Layer.class, published).toList();
  }
}
