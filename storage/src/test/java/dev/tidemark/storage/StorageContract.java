package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage.Child;
import dev.tidemark.storage.Storage.Leaf;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.layout.RootFiles;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every storage driver: all do the same on the same registry. */
public abstract class StorageContract {

    private static final int MANY = 2_345;

    @TempDir
    protected Path directory;

    protected RegistryOnDisk registry;
    private Storage storage;
    private String image;
    private String old;

    /** Where the registry's storage root is to be. */
    protected abstract Path root();

    /** Opens the storage of what is there. */
    protected abstract Storage open();

    /** Brings what is in the registry's root to the storage, where that is not its files. */
    protected void store() {}

    /** What is in the storage, by path below its root. */
    protected Map<String, String> stored() {
        return registry.snapshot();
    }

    /** When a file was written, in ms since the epoch, by the storage's clock. */
    protected long written(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(root());
        RepositoryOnDisk app = registry.repo("team/app");
        image = app.image("image");
        old = app.image("old");
        app.tag("v1", old).tag("v1", image).tag("latest", image);
        registry.repo("team/app/nested").image("nested");
        registry.age(Duration.ofDays(2));
        store();
        storage = open();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void childrenAreTheNamesInADirectory() {
        assertThat(names(storage.children("repositories"))).containsExactlyInAnyOrder("team");
        assertThat(storage.children("repositories/team/app"))
                .containsExactlyInAnyOrder(
                        new Child("_manifests", Type.DIRECTORY),
                        new Child("_layers", Type.DIRECTORY),
                        new Child("nested", Type.DIRECTORY));
        assertThat(storage.children(Layout.revision("team/app", digest(image))))
                .containsExactly(new Child("link", Type.FILE));
        assertThat(storage.children("repositories/nobody")).isEmpty();
    }

    @Test
    void aLinkIsWrittenWhereNoneIs() throws IOException {
        Digest layer = Digest.parse(registry.blob("layer"));
        String link = Layout.layer("team/new", layer) + "/link";

        assertThat(storage.link(link, layer)).isTrue();
        assertThat(storage.link(link, digest(image))).isFalse();

        assertThat(LinkFile.at(storage, link)).isEqualTo(new LinkFile.Names(layer));
        assertThat(storage.children(Layout.layer("team/new", layer))).containsExactly(new Child("link", Type.FILE));
    }

    @Test
    void filesBesideTheLayoutAreFound() {
        assertThat(storage.stat(RootFiles.DATABASE_IN_USE)).isEmpty();
        assertThat(RootFiles.refusal(storage, true)).isEmpty();

        RegistryOnDisk.write(registry.root().resolve("scheduler-state.json"), new byte[] {'{', '}'});
        store();
        assertThat(RootFiles.refusal(storage, false)).isEmpty();
        assertThat(RootFiles.refusal(storage, true))
                .hasValueSatisfying(
                        why -> assertThat(why).contains(storage.description(), "leave out --delete-untagged"));

        RegistryOnDisk.write(registry.root().resolve("docker/registry/lockfiles/database-in-use"), new byte[] {'1'});
        store();
        assertThat(RootFiles.refusal(storage, false))
                .hasValueSatisfying(why ->
                        assertThat(why).contains(storage.description(), "metadata database", "remove that file"));
    }

    @Test
    void leavesAreTheFilesOneNameBelow() throws IOException {
        List<Leaf> tags = leaves(storage, Layout.tags("team/app"), Layout.CURRENT_LINK);
        assertThat(tags).extracting(Leaf::name).containsExactlyInAnyOrder("v1", "latest");
        assertThat(tags).extracting(Leaf::type).containsOnly(Type.DIRECTORY);
        assertThat(tags).extracting(leaf -> leaf.stat().size()).containsOnly(71L);
        Files.delete(registry.repo("team/app").currentLink("v1"));
        store();
        assertThat(leaves(storage, Layout.tags("team/app"), Layout.CURRENT_LINK))
                .filteredOn(leaf -> leaf.name().equals("v1"))
                .singleElement()
                .returns(null, Leaf::stat);
        assertThat(leaves(storage, "repositories/nobody", "link")).isEmpty();
    }

    @Test
    void aFileHasASizeAndATime() throws IOException {
        Path file = registry.data(image);
        Stat stat = storage.stat(data(image)).orElseThrow();

        assertThat(stat.size()).isEqualTo(Files.size(file));
        assertThat(stat.modified()).isBetween(written(file), written(file) + 999);
        assertThat(storage.stat("blobs/sha256/aa/none/data")).isEmpty();
        assertThat(storage.stat("blobs/sha256")).as("a directory is no file").isEmpty();
    }

    @Test
    void aFileIsReadAsItIs() throws IOException {
        assertThat(storage.read(data(image), InputStream::readAllBytes))
                .contains(Files.readAllBytes(registry.data(image)));
        assertThat(storage.read("blobs/sha256/aa/none/data", InputStream::readAllBytes))
                .isEmpty();
    }

    @Test
    void aDeletedFileIsGoneAndNothingElse() {
        Set<String> before = new HashSet<>(stored().keySet());

        assertThat(deleted(List.of(data(old)))).isEmpty();
        assertThat(deleted(List.of(data(old)))).as("gone already").isEmpty();
        storage.prune(Layout.blob(digest(old)), Layout.BLOBS);

        assertThat(storage.stat(data(old))).isEmpty();
        before.removeAll(stored().keySet());
        assertThat(before)
                .anyMatch(path -> path.endsWith(data(old)))
                .allMatch(path -> path.contains(old.substring(7)) || path.endsWith("/" + old.substring(7, 9)));
    }

    @Test
    void manyAreDeletedTogetherThoughSomeAreGone() {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            paths.add(data(registry.blob("many" + i)));
        }
        store();
        deleted(List.of(paths.get(7)));

        assertThat(deleted(paths)).isEmpty();

        assertThat(paths.stream().limit(20).map(storage::stat)).allMatch(java.util.Optional::isEmpty);
        assertThat(stored().keySet())
                .anyMatch(path -> path.endsWith(data(image)))
                .noneMatch(path -> paths.stream().limit(20).anyMatch(path::endsWith));
    }

    @Test
    void nothingIsDeletedThatIsNotAllowed() {
        Map<String, String> before = stored();

        assertThat(storage.deleteAll(List.of(data(old), data(image)), () -> false))
                .containsOnlyKeys(data(old), data(image))
                .allSatisfy((path, failure) -> assertThat(failure).isInstanceOf(NotAllowedException.class));

        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void aListingAnswersAsTheStorageItself() {
        for (String top : List.of(
                Layout.manifests("team/app"), Layout.layers("team/app"), "blobs/sha256/" + image.substring(7, 9))) {
            assertListedAlike(storage.listed(top), top);
        }
    }

    @Test
    void filesAreAddedUpWithTheirBytes() throws IOException {
        long link = image.length();
        String revision = Layout.revisionLink("team/app", digest(image));

        assertThat(storage.files(Layout.revisions("team/app"))).isEqualTo(new Tally(2, 2 * link));
        assertThat(storage.files(revision)).isEqualTo(new Tally(1, link));
        assertThat(storage.files(data(image))).isEqualTo(new Tally(1, Files.size(registry.data(image))));
        assertThat(storage.files("repositories/tea")).isEqualTo(Tally.NONE);
        Listing listed = storage.listed(Layout.manifests("team/app"));
        for (String path : List.of(Layout.tag("team/app", "v1"), revision, revision + "/none", data(old))) {
            assertThat(listed.files(path)).as(path).isEqualTo(storage.files(path));
        }
    }

    @Test
    void directoriesAreListedTogetherAsEachByItself() {
        List<String> shards = new ArrayList<>(names(storage.children("blobs/sha256")));
        shards.sort(null);
        assertThat(shards).hasSizeGreaterThan(2);
        List<String> gap = new ArrayList<>(shards.subList(1, shards.size() - 1));
        gap.addFirst(shards.getFirst() + "0");
        for (List<String> some :
                List.of(shards, shards.subList(1, 2), shards.subList(0, 2), gap, List.of("0x", "0y"))) {
            List<String> together = new ArrayList<>();
            storage.leaves("blobs/sha256", some, Layout.DATA, (name, leaf) -> together.add(name + " " + leaf));
            List<String> each = new ArrayList<>();
            some.forEach(name ->
                    leaves(storage, "blobs/sha256/" + name, Layout.DATA).forEach(leaf -> each.add(name + " " + leaf)));
            assertThat(together).containsExactlyInAnyOrderElementsOf(each);
        }
    }

    @Test
    void namesAreCountedUpToALimit() {
        int shards = storage.children("blobs/sha256").size();

        assertThat(storage.count("blobs/sha256", 1000)).isEqualTo(shards);
        assertThat(storage.count("blobs/sha256", 2)).isEqualTo(2);
        assertThat(storage.count("blobs/none", 1000)).isZero();
    }

    private Map<String, StorageException> deleted(List<String> paths) {
        return storage.deleteAll(paths, () -> true);
    }

    private void assertListedAlike(Listing listed, String directory) {
        List<Child> children = storage.children(directory);
        assertThat(listed.children(directory)).containsExactlyInAnyOrderElementsOf(children);
        for (String leaf : List.of("link", "data", "current/link", "none")) {
            assertThat(leaves(listed, directory, leaf))
                    .containsExactlyInAnyOrderElementsOf(leaves(storage, directory, leaf));
        }
        for (Child child : children) {
            String path = directory + "/" + child.name();
            if (child.type() == Type.DIRECTORY) {
                assertListedAlike(listed, path);
            } else {
                assertThat(listed.stat(path)).isEqualTo(storage.stat(path)).isPresent();
            }
        }
        assertThat(listed.stat(directory + "/none")).isEmpty();
    }

    private static List<Leaf> leaves(Listing of, String directory, String leaf) {
        List<Leaf> leaves = new ArrayList<>();
        of.leaves(directory, leaf, leaves::add);
        return leaves;
    }

    private static List<String> names(List<Child> children) {
        return children.stream().map(Child::name).toList();
    }

    private static dev.tidemark.schemas.Digest digest(String text) {
        return dev.tidemark.schemas.Digest.parse(text);
    }

    private static String data(String digest) {
        return Layout.blobData(digest(digest));
    }
}
