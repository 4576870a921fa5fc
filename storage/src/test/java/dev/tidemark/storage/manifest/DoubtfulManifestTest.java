package dev.tidemark.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.manifest.ManifestContent.Doubtful;
import dev.tidemark.storage.manifest.ManifestContent.Understood;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not understood for certain: all that it may name is marked. */
class DoubtfulManifestTest extends ParsedManifest {

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
}
