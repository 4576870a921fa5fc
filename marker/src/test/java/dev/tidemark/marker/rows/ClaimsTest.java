package dev.tidemark.marker.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.Sizes;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The sizes that manifests say of a blob, in the order in which marks and the blob's record come. */
class ClaimsTest {

    private static final int OPTIONAL = 3;

    /**
     * @param sizes that manifests say: -1 for none; 3 for a reference that says none, and whose absence is no damage
     * @param place of the blob's record among them
     */
    @Property
    void aBlobIsOfAWrongSizeIfAnyManifestSaysAnother(
            @ForAll @Size(max = 6) List<@LongRange(min = Sizes.UNKNOWN, max = OPTIONAL) Long> sizes,
            @ForAll @IntRange(max = 6) int place,
            @ForAll @LongRange(min = 0, max = 2) long size) {
        Row.OfDigest row = Row.OfDigest.unknown(1);
        for (int i = 0; i < sizes.size(); i++) {
            row = (i == place ? row.stored(size, 1) : row);
            boolean optional = sizes.get(i) == OPTIONAL;
            row = row.referencedBy(
                    RandomInput.digest("manifest" + i),
                    "repository" + i,
                    optional,
                    optional ? Sizes.UNKNOWN : sizes.get(i));
        }
        row = place < sizes.size() ? row : row.stored(size, 1);

        assertThat(row.wrong().isPresent())
                .isEqualTo(sizes.stream().anyMatch(said -> said != Sizes.UNKNOWN && said != OPTIONAL && said != size));
        row.wrong().ifPresent(claim -> {
            int number = Integer.parseInt(claim.repository().substring("repository".length()));
            assertThat(claim)
                    .isEqualTo(new Row.Claim(
                            RandomInput.digest("manifest" + number), "repository" + number, sizes.get(number)));
            assertThat(claim.size()).isNotEqualTo(size);
        });
    }

    @Test
    void aBlobThatIsNotThereOrCannotBeLookedAtHasNoSize() {
        Row.OfDigest named = Row.OfDigest.unknown(1).referencedBy(RandomInput.digest("manifest"), "app", false, 7);

        assertThat(named.wrong()).isEmpty();
        assertThat(named.stored(0, 0).wrong()).isEmpty();
        assertThat(named.stored(0, 1).wrong()).isPresent();
    }

    @Test
    void anotherRunAsksAnew() {
        Row.OfDigest wrong = Row.OfDigest.unknown(1)
                .referencedBy(RandomInput.digest("manifest"), "app", false, 7)
                .stored(8, 1);

        assertThat(wrong.carriedTo(2, true).stored(8, 1).wrong()).isEmpty();
    }
}
