package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Repositories and their tags as they are found in the field. */
class FieldRepositoriesIT extends FieldRegistry {

    /** More than anything takes at once: packs of a thousand, batches of five hundred. */
    private static final int TAGS = 1100;

    @Test
    void uploadsAreKeptAndLayersOfNoManifestAreGarbage() {
        RegistryOnDisk.write(registry.repo("uploading").directory().resolve("_uploads/1234/data"), ANYTHING);
        String layer = registry.repo("layers-only").layer("left behind");

        collect();

        assertThat(registry.repo("uploading").directory().resolve("_uploads/1234/data"))
                .exists();
        assertThat(result.layers()).contains("layers-only@" + layer);
        assertThat(registry.blobs()).doesNotContain(layer);
        assertThat(result.summary().path("repositories").asInt()).isEqualTo(3);
    }

    @Test
    void aRepositoryThatOnlyEverGotAnIndexHasNoLayers() {
        String index = app.index();
        app.tag("latest", index);

        collect();

        assertThat(app.directory().resolve("_layers")).doesNotExist();
        assertKept(index);
    }

    @Test
    void aRepositoryWithoutTagsIsUntaggedAltogether() {
        String image = app.image("by digest");

        collect();

        assertThat(result.manifests()).contains("team/app@" + image);
        assertThat(registry.blobs()).doesNotContain(image);
        assertThat(app.directory()).exists().isEmptyDirectory();
    }

    @Test
    void aRepositoryWithoutTagsIsKeptWithoutDeleteUntagged() {
        String image = app.image("by digest");
        Map<String, String> before = registry.snapshot();

        Tidemark.Result plain = new Tidemark(directory.resolve("plain"))
                .collect("-d", "--min-age", "0", registry.root().toString());

        assertThat(plain.blobs()).containsExactly(orphan);
        assertThat(plain.manifests()).isEmpty();
        assertThat(registry.snapshot()).isEqualTo(before);
        tagged(image);
        collect();
    }

    @Test
    void aRepositoryWhoseNameIsAPrefixOfAnotherIsCollectedByItself() {
        var nested = registry.repo("team/app/nested");
        var longer = registry.repo("team/app2");
        String first = app.image("first");
        app.tag("latest", first);
        String second = nested.image("second");
        nested.tag("latest", second);
        String third = longer.image("third");

        collect();

        assertKept(first, second);
        assertThat(registry.blobs()).doesNotContain(third);
        assertThat(result.manifests()).contains("team/app2@" + third);
    }

    @Test
    void repositoriesMayShareManifestsInBothDirections() {
        var other = registry.repo("other");
        String first = app.image("first");
        String second = other.image("second");
        other.link(first);
        app.link(second);
        app.tag("latest", first);
        other.tag("latest", second);
        String alone = other.image("alone");

        collect();

        assertKept(first, second);
        assertThat(other.revision(first)).exists();
        assertThat(app.revision(second)).exists();
        assertThat(registry.blobs()).doesNotContain(alone);
    }

    @Test
    void eachOfMoreThanAThousandTagsKeepsItsImage() {
        String[] images = {app.image("1"), app.image("2"), app.image("3")};
        for (int i = 0; i < TAGS; i++) {
            app.tag("v" + i, images[2]);
            app.tag("v" + i, images[i % 2]);
        }

        collect();

        String last = "v" + (TAGS - 1);
        assertKept(images[0], images[1]);
        assertThat(registry.blobs()).doesNotContain(images[2]);
        assertThat(app.history("v0", images[2])).doesNotExist();
        assertThat(app.history(last, images[2]).getParent()).doesNotExist();
        assertThat(app.history(last, images[1])).exists();
    }

    @Test
    void anEmptyCurrentLinkKeepsTheTagsHistory() {
        String was = app.image("was");
        String is = app.image("is");
        String never = app.image("never tagged");
        app.tag("latest", was).tag("latest", is);
        RegistryOnDisk.write(app.currentLink("latest"), new byte[0]);

        collect();

        assertKept(was, is);
        assertThat(registry.blobs()).doesNotContain(never);
        assertThat(problems()).containsEntry("tags that can't be read", 1L);
    }

    @Test
    void anUnreadableTagWithoutHistoryKeepsTheWholeRepository() {
        String image = app.image("which?");
        RegistryOnDisk.write(app.currentLink("latest"), "nonsense".getBytes(StandardCharsets.UTF_8));

        collect();

        assertKept(image);
    }

    @Test
    void aDanglingTagProtectsNothing() {
        String image = app.image("deleted");
        app.tag("latest", image);
        RegistryOnDisk.remove(app.revision(image));

        collect();

        assertThat(problems()).containsEntry("dangling tags", 1L);
        assertThat(registry.blobs()).doesNotContain(image);
        assertThat(app.currentLink("latest")).exists();
    }

    @Test
    void aTagKeepsAManifestThatIsLinkedAsALayerOnly() {
        String image = app.image("2.1.0");
        app.tag("latest", image).layerLink(image);
        RegistryOnDisk.remove(app.revision(image).getParent());

        collect();

        assertKept(image, RegistryOnDisk.sha256("2.1.0, layer 1".getBytes(StandardCharsets.UTF_8)));
        assertThat(app.layerPath(image)).exists();
    }
}
