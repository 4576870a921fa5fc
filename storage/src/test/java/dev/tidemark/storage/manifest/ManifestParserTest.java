package dev.tidemark.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.manifest.ManifestContent.Doubtful;
import dev.tidemark.storage.manifest.ManifestContent.Understood;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestParserTest {

    private static final Digest CONFIG = digest("config");
    private static final Digest LAYER = digest("layer");
    private static final Digest CHILD = digest("child");
    private static final Digest SHA512 = Digest.Algorithm.SHA512.of(bytes("layer"));

    private static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String OCI = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"subject\":{}",
                "\"subject\":\"D\"",
                "\"subject\":[{\"digest\":\"D\"}]",
                "\"subject\":{\"digest\":\"sha256:1\"}",
                "\"subject\":{\"Digest\":\"D\"}",
                "\"Subject\":{\"digest\":\"D\"}"
            })
    void aSubjectThatMayBeReadInTwoWaysIsMarkedConservatively(String subject) {
        doubtful("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[],%s}"
                .formatted(INDEX, subject.replace("D\"", CHILD + "\"")));
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

    @Test
    void layersAndManifestsAtOnceAreMarkedConservatively() {
        Doubtful doubtful = doubtful(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"digest\":\"%s\"},"
                        + "\"layers\":[{\"digest\":\"%s\"}],\"manifests\":[{\"digest\":\"%s\"}]}")
                .formatted(OCI, CONFIG, LAYER, CHILD));

        assertThat(doubtful.why()).isEqualTo("it is more than one kind of manifest at once");
        assertThat(doubtful.named()).containsExactlyInAnyOrder(CONFIG, LAYER, CHILD);
    }

    @Test
    void repeatedKeysAreMarkedConservatively() {
        Doubtful doubtful = doubtful(
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"digest\":\"%s\"}],\"manifests\":[]}"
                        .formatted(INDEX, CHILD));

        assertThat(doubtful.named()).containsExactly(CHILD);
    }

    @Test
    void keysThatTheRegistryWouldTakeForOthersAreMarkedConservatively() {
        for (String key : new String[] {"Layers", "LAYERS", "layer\u017f"}) {
            Doubtful doubtful = doubtful(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"digest\":\"%s\"},"
                            + "\"%s\":[{\"digest\":\"%s\"}]}")
                    .formatted(OCI, CONFIG, key, LAYER));
            assertThat(doubtful.named()).contains(LAYER);
        }
        assertThat(doubtful(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"digest\":\"%s\","
                                        + "\"Digest\":\"%s\"},\"layers\":[]}")
                                .formatted(OCI, CONFIG, LAYER))
                        .named())
                .containsExactlyInAnyOrder(CONFIG, LAYER);
    }

    @Test
    void anUnknownMediaTypeIsMarkedConservatively() {
        Doubtful doubtful =
                doubtful("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.example+json\",\"things\":[\"%s\"]}"
                        .formatted(LAYER));

        assertThat(doubtful.mediaType()).isEqualTo("application/vnd.example+json");
        assertThat(doubtful.named()).containsExactly(LAYER);
    }

    @Test
    void escapesHideNoDigestFromConservativeMarking() {
        String escaped = LAYER.toString().replace("sha256:", "sha256\\u003a");

        assertThat(doubtful("{\"schemaVersion\":2,\"mediaType\":\"x\",\"things\":[\"%s\"]}".formatted(escaped))
                        .named())
                .containsExactly(LAYER);
    }

    @Test
    void aManifestThatIsCutOffKeepsTheDigestsThatAreLeft() {
        String whole = ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"digest\":\"%s\"},"
                        + "\"layers\":[{\"digest\":\"%s\"}]}")
                .formatted(OCI, CONFIG, LAYER);

        assertThat(doubtful(whole.substring(0, whole.length() - 20)).named()).containsExactly(CONFIG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "{}",
                "\"sha256:\"",
                "{\"schemaVersion\":2}",
                "{\"schemaVersion\":\"2\",\"layers\":[]}",
                "{\"schemaVersion\":2,\"mediaType\":7,\"layers\":[]}",
                "{\"schemaVersion\":2,\"layers\":[]} {}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":{}}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[1]}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{}]}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                        + "\"manifests\":[{\"digest\":\"sha256:1\"}]}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                        + "\"config\":{\"digest\":"
                        + "\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}}",
                "{\"schemaVersion\":1,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}"
            })
    void bytesThatAreNoManifestAreDoubtful(String text) {
        assertThat(ManifestParser.parse(bytes(text))).isInstanceOf(Doubtful.class);
    }

    @Test
    void deepNestingIsNoTrouble() {
        String deep = "{\"a\":".repeat(100_000) + "\"" + LAYER + "\"" + "}".repeat(100_000);

        assertThat(doubtful(deep).named()).containsExactly(LAYER);
    }

    @Property
    void anyBytesHaveAnAnswer(@ForAll byte[] bytes) {
        assertThat(ManifestParser.parse(bytes)).isNotNull();
    }

    /** However a manifest is damaged: what is left of its digests is kept, or it is understood as it stands. */
    @Property
    void oneChangedByteLosesNoDigestThatIsStillThere(@ForAll int position, @ForAll byte change) {
        byte[] bytes = bytes(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"digest\":\"%s\"},"
                        + "\"layers\":[{\"digest\":\"%s\"},{\"digest\":\"%s\"}]}")
                .formatted(OCI, CONFIG, LAYER, SHA512));
        bytes[Math.floorMod(position, bytes.length)] = change;

        var left = ManifestParser.named(bytes);

        switch (ManifestParser.parse(bytes)) {
            case Understood understood -> assertThat(understood.references()).containsAll(left);
            case Doubtful doubtful -> assertThat(doubtful.named()).containsAll(left);
        }
    }

    private static Understood understood(String text) {
        assertThat(ManifestParser.parse(bytes(text))).isInstanceOf(Understood.class);
        return (Understood) ManifestParser.parse(bytes(text));
    }

    private static Doubtful doubtful(String text) {
        assertThat(ManifestParser.parse(bytes(text))).isInstanceOf(Doubtful.class);
        return (Doubtful) ManifestParser.parse(bytes(text));
    }

    private static Digest digest(String seed) {
        return Digest.Algorithm.SHA256.of(bytes(seed));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
