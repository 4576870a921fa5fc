package dev.tidemark.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.manifest.ManifestContent.Understood;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a manifest references, and what it says of that. */
class ManifestParserTest extends ParsedManifest {

    @ParameterizedTest
    @ValueSource(strings = {DOCKER, OCI})
    void anImageReferencesItsConfigAndLayers(String mediaType) {
        Understood image = understood("""
            {"schemaVersion": 2, "mediaType": "%s", "config": {"digest": "%s"},
             "layers": [{"digest": "%s"}, {"digest": "%s"}]}""".formatted(mediaType, CONFIG, LAYER, SHA512));

        assertThat(image.mediaType()).isEqualTo(mediaType);
        assertThat(image.index()).isFalse();
        assertThat(image.references()).containsExactly(CONFIG, LAYER, SHA512);
        assertThat(image.foreign()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {INDEX, "application/vnd.docker.distribution.manifest.list.v2+json"})
    void anIndexReferencesItsManifests(String mediaType) {
        Understood index = understood("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"digest\":\"%s\"}]}"
                .formatted(mediaType, CHILD));

        assertThat(index.index()).isTrue();
        assertThat(index.references()).containsExactly(CHILD);
    }

    @Test
    void anEmptyIndexReferencesNothing() {
        assertThat(understood("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}".formatted(INDEX))
                        .references())
                .isEmpty();
    }

    @Test
    void ociManifestsMayLeaveTheirMediaTypeOut() {
        assertThat(understood("{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\"},\"layers\":[]}".formatted(CONFIG))
                        .mediaType())
                .isEqualTo(OCI);
        assertThat(understood("{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"%s\"}]}".formatted(CHILD))
                        .mediaType())
                .isEqualTo(INDEX);
    }

    @Test
    void anArtifactReferencesItsBlobsAndNotItsSubject() {
        Understood artifact = understood("""
            {"schemaVersion": 2, "mediaType": "%s", "artifactType": "application/spdx+json",
             "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s"},
             "layers": [{"digest": "%s"}], "subject": {"digest": "%s"},
             "annotations": {"org.opencontainers.image.base.digest": "%s"}}\
            """.formatted(OCI, CONFIG, LAYER, CHILD, digest("base")));

        assertThat(artifact.references()).containsExactly(CONFIG, LAYER);
        assertThat(artifact.subject()).isEqualTo(CHILD);
    }

    @Test
    void anIndexMayHaveASubjectAsWell() {
        Understood index =
                understood("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[],\"subject\":{\"digest\":\"%s\"}}"
                        .formatted(INDEX, CHILD));

        assertThat(index.references()).isEmpty();
        assertThat(index.subject()).isEqualTo(CHILD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"subject\":null"})
    void aManifestWithoutASubjectHasNone(String subject) {
        assertThat(understood("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]%s}".formatted(INDEX, subject))
                        .subject())
                .isNull();
    }

    @Test
    void sizesAreThoseThatDescriptorsSay() {
        Understood image = understood("""
            {"schemaVersion": 2, "mediaType": "%s", "config": {"digest": "%s", "size": 7},
             "layers": [{"digest": "%s", "size": 0}, {"digest": "%s", "size": -1}, {"digest": "%s", "size": "3"},
               {"digest": "%s", "size": 5, "urls": ["https://elsewhere"]}]}\
            """.formatted(OCI, CONFIG, LAYER, CHILD, SHA512, digest("foreign")));

        assertThat(image.references()).containsExactly(CONFIG, LAYER, CHILD, SHA512);
        assertThat(image.sizes()).containsOnly(Map.entry(CONFIG, 7L), Map.entry(LAYER, 0L));
    }

    /** No number, a fraction, too large for the registry, null, an object, or none at all: unknown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"size\":\"11\"",
                ",\"size\":-11",
                ",\"size\":11.0",
                ",\"size\":9223372036854775808",
                ",\"size\":null",
                ",\"size\":{}",
                ",\"Size\":11",
                ""
            })
    void aSizeThatIsNoneIsUnknown(String size) {
        assertThat(understood("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"digest\":\"%s\"%s}]}"
                                .formatted(INDEX, CHILD, size))
                        .sizes())
                .isEmpty();
    }

    /** The registry stores a signed manifest without its signatures, and serves it with them. */
    @Test
    void theSizeOfASignedManifestInAListIsUnknown() {
        Understood index = understood("""
            {"schemaVersion": 2, "mediaType": "%s", "manifests": [
              {"mediaType": "application/vnd.docker.distribution.manifest.v1+prettyjws", "digest": "%s", "size": 9},
              {"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "digest": "%s", "size": 8}]}\
            """.formatted(INDEX, CHILD, LAYER));

        assertThat(index.sizes()).containsOnly(Map.entry(LAYER, 8L));
    }

    @Test
    void foreignLayersNeedNotBeThere() {
        Understood image = understood("""
            {"schemaVersion": 2, "mediaType": "%s", "config": {"digest": "%s"}, "layers": [
              {"mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "digest": "%s"},
              {"digest": "%s", "urls": ["https://example.com/layer"]}]}""".formatted(DOCKER, CONFIG, LAYER, CHILD));

        assertThat(image.references()).containsExactly(CONFIG);
        assertThat(image.foreign()).containsExactly(LAYER, CHILD);
    }

    @Test
    void schema1ReferencesItsFsLayers() {
        Understood image = understood(
                "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"%s\"},{\"blobSum\":\"%s\"}],\"history\":[]}"
                        .formatted(LAYER, CHILD));

        assertThat(image.references()).containsExactly(LAYER, CHILD);
    }

    @Test
    void aSignedSchema1ManifestIsKnownByWhatWasSigned() {
        String unsigned = "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"%s\"}]\n}".formatted(LAYER);
        int length = unsigned.length() - 2;
        String header = "{\"formatLength\":%d,\"formatTail\":\"%s\"}"
                .formatted(length, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes("\n}")));
        String signed = unsigned.substring(0, length)
                + ",\"signatures\":[{\"protected\":\"%s\"}]\n}"
                        .formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(header)));

        assertThat(ManifestParser.unsignedSchema1(bytes(signed)))
                .hasValueSatisfying(payload -> assertThat(payload).isEqualTo(bytes(unsigned)));
        assertThat(understood(signed).references()).containsExactly(LAYER);
    }
}
