package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry with a blob and a link to it, in a storage that has a trash. */
public abstract class RegistryWithTrash {

    protected static final RunId RUN = new RunId("20261129-030000");

    @TempDir
    protected Path directory;

    protected RegistryOnDisk registry;
    protected Map<String, String> before;
    protected Storage storage;
    protected Trash trash;
    protected String data;
    protected String link;

    /** Where the registry's storage root is to be. */
    protected abstract Path root();

    /** Opens the storage of what is there. */
    protected abstract Storage open();

    /** Brings what is in the registry's root to the storage, where that is not its files. */
    protected void store() {}

    /** The files of the registry, by path below its root; a bucket knows no directories. */
    protected Map<String, String> snapshot() {
        Map<String, String> files = new TreeMap<>(registry.snapshot());
        files.keySet().removeIf(path -> path.endsWith("/"));
        return files;
    }

    /** Writes a file of the registry past the driver, as the registry does. */
    protected void write(String path, String content) {
        RegistryOnDisk.write(registry.base().resolve(path), content.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes the trash of all runs, as somebody does who needs the room. */
    protected void removeTrash() {
        RegistryOnDisk.remove(registry.root().resolve("tidemark"));
    }

    protected void assertGone(String path) {
        assertThat(snapshot().keySet()).noneMatch(name -> name.endsWith("/" + path));
    }

    protected void assertContent(String path, String content) {
        assertThat(snapshot())
                .containsEntry(
                        registry.root().relativize(registry.base()) + "/" + path,
                        RegistryOnDisk.sha256(content.getBytes(StandardCharsets.UTF_8)));
    }

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(root());
        String blob = registry.blob("blob");
        registry.repo("team/app").layerLink(blob);
        registry.age(Duration.ofDays(3));
        Digest digest = Digest.parse(blob);
        data = Layout.blob(digest) + "/data";
        link = Layout.layer("team/app", digest) + "/link";
        store();
        before = snapshot();
        storage = open();
        trash = storage.trash().orElseThrow();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    protected List<Trashed> files(RunId run) {
        List<Trashed> files = new ArrayList<>();
        trash.files(run, files::add);
        return files;
    }
}
