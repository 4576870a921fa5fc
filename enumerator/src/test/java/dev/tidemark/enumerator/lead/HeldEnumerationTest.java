package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.Hold;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is held is pinned in the enumerated records, by whatever item it lies in. */
class HeldEnumerationTest extends EnumeratedRegistry {

    private static final String WHY = "held by me: an audit";

    private RepositoryOnDisk other;
    private String image;
    private String beside;
    private String blob;

    @BeforeEach
    void images() {
        other = registry.repo("other");
        image = app.image("image");
        beside = app.image("beside");
        other.link(image);
        other.layerLink(app.layer("linked"));
        blob = registry.blob("linked by nobody");
    }

    @Test
    void aDigestIsPinnedByItsBytesWhereverItIs() {
        hold(blob);
        hold(image);

        assertThat(pinnedBlobs()).containsExactlyInAnyOrder(blob, image);
        assertThat(pinnedManifests()).isEmpty();
        assertThat(pinnedLayers()).isEmpty();
    }

    @Test
    void aManifestOfARepositoryIsPinnedThereAndByItsBytes() {
        hold("team/app@" + image);

        assertThat(pinnedBlobs()).containsExactly(image);
        assertThat(pinnedManifests()).containsExactly(image);
    }

    @Test
    void aLayerLinkOfARepositoryIsPinnedThereAndByItsBytes() {
        String linked = app.layer("linked");
        hold("other@" + linked);

        assertThat(pinnedBlobs()).containsExactly(linked);
        assertThat(pinnedLayers()).containsExactly(linked);
    }

    @Test
    void aTagPinsWhatItNamesNow() {
        app.tag("v1", beside);
        hold("team/app:v1", image);

        assertThat(pinnedManifests()).containsExactly(beside);
        assertThat(pinnedBlobs()).isEmpty();
    }

    @Test
    void aTagThatIsGonePinsWhatItNamedWhenTheHoldWasMade() {
        hold("team/app:v1", image);

        assertThat(pinnedManifests()).containsExactly(image);
    }

    @Test
    void aTagOfWhichNothingWasKnownPinsNothingOnceItIsGone() {
        hold("team/app:v1");

        assertThat(pinnedManifests()).isEmpty();
    }

    @Test
    void aRepositoryIsPinnedWhole() {
        hold("team/*");

        assertThat(pinnedManifests()).containsExactlyInAnyOrder(image, beside);
        assertThat(pinnedLayers()).hasSize(7);
        assertThat(pinnedBlobs()).isEmpty();
    }

    @Test
    void aManifestThatIsNotThereIsPinnedByNoHold() {
        hold("team/app@" + image);
        RegistryOnDisk.remove(registry.data(image));

        assertThat(pinnedManifests()).isEmpty();
    }

    @Test
    void theRunSaysHowManyCounted() {
        hold("nothing/of/this");
        hold(blob);

        assertThat(enumerate(path -> {}).holds()).isEqualTo(2);
        holds.clear();
        assertThat(enumerate(path -> {}).holds()).isZero();
    }

    private void hold(String of) {
        holds.add(new Hold(of, null, "an audit", "me", 0, null));
    }

    private void hold(String tag, String named) {
        holds.add(new Hold(tag, Digest.parse(named), "an audit", "me", 0, null));
    }

    private List<String> pinnedManifests() {
        enumerate(path -> {});
        return enumeration.manifests().stream()
                .filter(manifest -> WHY.equals(manifest.pinned()))
                .map(manifest -> manifest.digest().toString())
                .toList();
    }

    private List<String> pinnedLayers() {
        enumerate(path -> {});
        Stream<Layer> layers = enumeration.layers().stream();
        return layers.filter(layer -> WHY.equals(layer.pinned()))
                .map(layer -> layer.digest().toString())
                .toList();
    }

    private List<String> pinnedBlobs() {
        enumerate(path -> {});
        Stream<Blob> blobs = enumeration.blobs().stream();
        return blobs.filter(one -> WHY.equals(one.pinned()))
                .map(one -> one.digest().toString())
                .toList();
    }
}
