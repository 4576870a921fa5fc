package dev.tidemark.cli;

import static dev.tidemark.testkit.RegistryOnDisk.OCI_IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Links of layers and of revisions as they are found in the field: empty, dangling, or with another digest than their
 * path's.
 */
class FieldLinksIT extends FieldRegistry {

    @Test
    void anEmptyLayerLinkCountsByItsPath() {
        String config = app.layer("config");
        String layer = app.layer("layer");
        String image = tagged(app.image(OCI_IMAGE, config, layer));
        app.layerLink(layer, "");

        collect();

        assertKept(image, config, layer);
        assertThat(app.layerPath(layer)).exists();
        assertThat(problems()).containsEntry("links that name another digest", 1L);
    }

    @Test
    void aLayerLinkThatNamesAnotherDigestKeepsWhatTheRegistryServes() {
        byte[] bytes = "pushed with a sha512 digest".getBytes(StandardCharsets.UTF_8);
        String stored = RegistryOnDisk.sha256(bytes);
        String alias = app.layerBySha512(bytes);
        String config = app.layer("config");
        String image = tagged(app.image(OCI_IMAGE, config, alias));

        collect();

        assertKept(image, config, stored);
        assertThat(app.layerPath(alias)).exists();
    }

    @Test
    void anAliasThatNothingReferencesGoesWithWhatItNames() {
        byte[] bytes = "pushed with a sha512 digest".getBytes(StandardCharsets.UTF_8);
        String stored = RegistryOnDisk.sha256(bytes);
        String alias = app.layerBySha512(bytes);

        collect();

        assertThat(registry.blobs()).doesNotContain(stored);
        assertThat(app.layerPath(alias)).doesNotExist();
    }

    @Test
    void aDanglingLayerLinkIsALinkAsAnyOther() {
        String lost = RegistryOnDisk.sha256(ANYTHING);
        app.layerLink(lost);

        collect();

        assertThat(result.layers()).contains("team/app@" + lost);
        assertThat(app.layerPath(lost)).doesNotExist();
    }

    @Test
    void aRevisionLinkThatNamesAnotherDigestKeepsBoth() {
        String path = app.image("by its path");
        String content = app.image("by its content");
        RegistryOnDisk.write(app.revision(path), content.getBytes(StandardCharsets.UTF_8));
        app.tag("latest", path);

        collect();

        assertKept(path, content);
        assertThat(registry.blobs())
                .contains(RegistryOnDisk.sha256("by its content, layer 1".getBytes(StandardCharsets.UTF_8)));
        assertThat(app.layerPath(RegistryOnDisk.sha256("by its content, layer 1".getBytes(StandardCharsets.UTF_8))))
                .exists();
    }

    @Test
    void anEmptyRevisionLinkCountsByItsPath() {
        String image = tagged(app.image("x"));
        RegistryOnDisk.write(app.revision(image), new byte[0]);

        collect();

        assertKept(image);
        assertThat(registry.blobs()).contains(RegistryOnDisk.sha256("x, layer 1".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aDanglingRevisionLinkIsReportedAndLeftAlone() {
        String image = tagged(app.image("lost"));
        RegistryOnDisk.remove(registry.data(image));

        collect();

        assertThat(problems()).containsEntry("dangling revision links", 1L);
        assertThat(app.revision(image)).exists();
        assertThat(registry.blobs())
                .doesNotContain(RegistryOnDisk.sha256("lost, layer 1".getBytes(StandardCharsets.UTF_8)));
    }
}
