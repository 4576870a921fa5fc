package dev.tidemark.cli;

import static dev.tidemark.testkit.RegistryOnDisk.DOCKER_IMAGE;
import static dev.tidemark.testkit.RegistryOnDisk.OCI_IMAGE;
import static dev.tidemark.testkit.RegistryOnDisk.OCI_INDEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Manifests as they are found in the field: of every kind, large, broken, or beyond understanding. */
class FieldManifestsIT extends FieldRegistry {

    @Test
    void everyKindOfManifestKeepsWhatItReferences() {
        String config = app.layer("{}");
        String layer = app.layer("layer");
        String docker = app.image(DOCKER_IMAGE, config, layer);
        String oci = app.image(OCI_IMAGE, config, app.layer("oci layer"));
        String untyped = app.image(null, config, app.layer("layer of an untyped manifest"));
        String inner = app.index(oci, untyped);
        String outer = app.indexOf(null, inner, docker);
        String list = app.indexOf(RegistryOnDisk.DOCKER_LIST, app.image("listed"));
        String artifact =
                app.manifest(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"artifactType\":\"application/spdx+json\","
                                + "\"config\":%s,\"layers\":[%s],\"subject\":%s}")
                        .formatted(
                                OCI_IMAGE,
                                RegistryOnDisk.descriptor("application/vnd.oci.empty.v1+json", config),
                                RegistryOnDisk.descriptor("application/spdx+json", app.layer("sbom")),
                                RegistryOnDisk.descriptor(OCI_IMAGE, oci)));
        String schema1 =
                app.manifest(("{\"schemaVersion\":1,\"name\":\"team/app\",\"tag\":\"old\",\"fsLayers\":[{\"blobSum\":"
                                + "\"%s\"}],\"history\":[]}")
                        .formatted(app.layer("old layer")));
        app.tag("outer", outer).tag("list", list).tag("sbom", artifact).tag("old", schema1);
        Set<String> all = new TreeSet<>(registry.blobs());
        String untagged = app.index(app.image("of an untagged index"));

        collect();

        assertThat(result.summary().path("broken").path("missing").asInt()).isZero();
        all.removeAll(Set.of(dead, orphan));
        for (String part : new String[] {"config of dead", "dead, layer 1", "dead, layer 2"}) {
            all.remove(RegistryOnDisk.sha256(part.getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(registry.blobs()).containsExactlyInAnyOrderElementsOf(all).doesNotContain(untagged);
    }

    @Test
    void anIndexKeepsAChildThatOnlyAnotherRepositoryHolds() {
        var other = registry.repo("other");
        String child = other.image("child");
        String index = app.index(child);
        app.tag("latest", index);

        collect();

        assertKept(index, child, RegistryOnDisk.sha256("child, layer 1".getBytes(StandardCharsets.UTF_8)));
        assertThat(other.revision(child)).exists();
        assertThat(other.layerPath(RegistryOnDisk.sha256("child, layer 1".getBytes(StandardCharsets.UTF_8))))
                .exists();
    }

    @Test
    void blobsAndManifestsOfSha512AreCollectedAsOthers() {
        byte[] bytes = "a sha512 blob".getBytes(StandardCharsets.UTF_8);
        String layer = RegistryOnDisk.sha512(bytes);
        RegistryOnDisk.write(registry.data(layer), bytes);
        app.layerLink(layer);
        String config = app.layer("config");
        byte[] manifest = "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
                .formatted(RegistryOnDisk.descriptor("c", config), RegistryOnDisk.descriptor("l", layer))
                .getBytes(StandardCharsets.UTF_8);
        String image = RegistryOnDisk.sha512(manifest);
        RegistryOnDisk.write(registry.data(image), manifest);
        app.link(image).tag("latest", image);
        byte[] garbage = "sha512 garbage".getBytes(StandardCharsets.UTF_8);
        RegistryOnDisk.write(registry.data(RegistryOnDisk.sha512(garbage)), garbage);

        collect();

        assertKept(image, layer, config);
        assertThat(registry.blobs()).doesNotContain(RegistryOnDisk.sha512(garbage));
    }

    @Test
    void anImageThatLacksABlobIsReportedAsBroken() {
        String config = app.layer("config");
        String lost = RegistryOnDisk.sha256(ANYTHING);
        app.layerLink(lost);
        String image = tagged(app.image(OCI_IMAGE, config, lost));

        collect();

        assertKept(image, config);
        assertThat(app.layerPath(lost)).exists();
        assertThat(result.summary().path("broken").path("missing").asInt()).isEqualTo(1);
        assertThat(result.summary()
                        .path("broken")
                        .path("images")
                        .path(0)
                        .path("manifest")
                        .asText())
                .isEqualTo(image);
    }

    @Test
    void foreignLayersAreNotMissed() {
        String config = app.layer("config");
        String image = tagged(
                app.manifest(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[{\"mediaType\":"
                                + "\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\",\"size\":1,"
                                + "\"digest\":\"%s\",\"urls\":[\"https://example.com/\"]}]}")
                        .formatted(
                                DOCKER_IMAGE,
                                RegistryOnDisk.descriptor("c", config),
                                RegistryOnDisk.sha256(ANYTHING))));

        collect();

        assertKept(image, config);
        assertThat(result.summary().path("broken").path("missing").asInt()).isZero();
    }

    @Test
    void manifestsThatCannotBeUnderstoodAreKeptWithAllThatTheyMayReference() {
        String layer = app.layer("linked, named nowhere");
        var elsewhere = registry.repo("elsewhere");
        String named = elsewhere.layer("named");
        String[] odd = {
            app.manifest(""),
            app.manifest(
                    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.example\",\"x\":\"%s\"}".formatted(named)),
            app.manifest("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"dig".formatted(OCI_INDEX)),
            app.manifest("{\"schemaVersion\":2,\"layers\":[],\"layers\":[],\"config\":{}}"),
            app.manifest("{\"a\":".repeat(5000) + "1" + "}".repeat(5000)),
            app.manifest("{\"schemaVersion\":2,\"config\":{},\"layers\":[],\"manifests\":[]}"),
            app.manifest("{\"schemaVersion\":2,\"padding\":\"%s\"}".formatted("x".repeat(4 << 20)))
        };
        String changed = app.image("changed");
        RegistryOnDisk.write(registry.data(changed), "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8));

        collect();

        assertKept(odd);
        assertKept(changed, layer, named);
        assertThat(app.layerPath(layer)).exists();
        assertThat(elsewhere.layerPath(named)).doesNotExist();
        assertThat(problems()).containsEntry("manifests kept conservatively", odd.length + 1L);
    }

    @Test
    void aManifestOf4MegabytesIsRead() {
        String config = app.layer("config");
        String layer = app.layer("layer");
        String unused = app.layer("unused");
        String image = tagged(app.manifest(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s],"
                        + "\"annotations\":{\"x\":\"%s\"}}")
                .formatted(
                        OCI_IMAGE,
                        RegistryOnDisk.descriptor("c", config),
                        RegistryOnDisk.descriptor("l", layer),
                        "x".repeat((4 << 20) - 1000))));

        collect();

        assertKept(image, config, layer);
        assertThat(registry.blobs()).doesNotContain(unused);
    }
}
