package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sizes that a manifest says of what it names. */
class SizesTest {

    private static final List<Digest> DIGESTS = List.of(Samples.SHA256, Samples.SHA384, Samples.SHA512);

    @Test
    void aSizeIsFoundByItsPlaceAndByItsDigest() {
        Map<Digest, Long> known = Map.of(Samples.SHA256, 0L, Samples.SHA512, Long.MAX_VALUE);

        Sizes sizes = Sizes.of(DIGESTS, known);

        assertThat(sizes.at(0)).isZero();
        assertThat(sizes.at(1)).isEqualTo(Sizes.UNKNOWN);
        assertThat(sizes.at(2)).isEqualTo(Long.MAX_VALUE);
        assertThat(sizes.by(DIGESTS)).isEqualTo(known);
    }

    @Test
    void noneIsKnownWhereNoneIsSaid() {
        assertThat(Sizes.of(DIGESTS, Map.of())).isSameAs(Sizes.NONE);
        assertThat(Sizes.NONE.at(2)).isEqualTo(Sizes.UNKNOWN);
        assertThat(Sizes.NONE.by(DIGESTS)).isEmpty();
    }

    @Test
    void aNegativeSizeIsUnknown() {
        assertThat(Sizes.of(7, -2).at(1)).isEqualTo(Sizes.UNKNOWN);
    }

    /** A digest that is named twice has the size that is said first. */
    @Test
    void oneDigestHasOneSize() {
        assertThat(Sizes.of(Sizes.UNKNOWN, 1, 2).by(List.of(Samples.SHA256, Samples.SHA256, Samples.SHA256)))
                .isEqualTo(Map.of(Samples.SHA256, 1L));
    }

    @Test
    void aRecordHasAsManySizesAsReferences() {
        assertThat(manifest(DIGESTS, Sizes.of(1, 2, 3)).sizes().at(2)).isEqualTo(3);
        assertThat(manifest(DIGESTS, null).sizes()).isSameAs(Sizes.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manifest(DIGESTS, Sizes.of(1, 2)))
                .withMessage("2 sizes of 3 digests");
    }

    private static Manifest manifest(List<Digest> references, Sizes sizes) {
        return new Manifest(
                Samples.SHA256, null, 1, 1, null, null, null, references, sizes, null, null, null, null, false);
    }
}
