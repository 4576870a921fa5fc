package dev.tidemark.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.StorageException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Servers that list keys in another order than that of their bytes. */
class ListingOrderTest extends KeysOnPages {

    /**
     * Servers that keep objects as files walk directories, and so list "1.0/" before "1.0.1/"; others encrypt keys, and
     * sort what comes out. Then what is cut or gone on with by a key may leave some out.
     */
    @Property(tries = 2000)
    void aServerWithAnOrderOfItsOwnIsFoundOutOrListedWhole(
            @ForAll Order order,
            @ForAll @IntRange(max = 200) int keys,
            @ForAll @IntRange(min = 1, max = 20) int pageSize,
            @ForAll long seed) {
        var random = new Random(seed);
        var bucket = new Bucket(randomKeys(random, keys), pageSize, order.keys);

        List<KeyListing.Object> listed;
        try {
            listed = new KeyListing(bucket, 4).list(PREFIX, cut(random));
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("order");
            return;
        }

        assertThat(listed).extracting(KeyListing.Object::key).containsExactlyInAnyOrderElementsOf(bucket.withPrefix());
    }

    enum Order {
        DIRECTORIES(Comparator.comparing(key -> key.replace('/', '\0'))),
        ANY_CASE(String.CASE_INSENSITIVE_ORDER.thenComparing(KeyOrder.BYTES)),
        ENCRYPTED(Comparator.<String, Integer>comparing(key -> key.hashCode() * 0x9e3779b1)
                .thenComparing(KeyOrder.BYTES));

        private final Comparator<String> keys;

        Order(Comparator<String> keys) {
            this.keys = keys;
        }
    }

    @Test
    void keysBetweenTwoAreNotToldFromAListingInAnotherOrder() {
        var backwards = new Bucket(Set.of(PREFIX + "a", PREFIX + "b", PREFIX + "c"), 10, KeyOrder.BYTES.reversed());

        assertThatThrownBy(() -> new KeyListing(backwards, 4).between(PREFIX, PREFIX + "d", PREFIX + "e"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("order");
    }

    @Test
    void onePageIsWholeWhateverItsOrder() {
        var bucket = new Bucket(
                Set.of(PREFIX + "tags/1.0/current/link", PREFIX + "tags/1.0.1/current/link"),
                10,
                Order.DIRECTORIES.keys);

        assertThat(new KeyListing(bucket, 4).list(PREFIX, Optional.of(PREFIX + "tags/")))
                .hasSize(2);
    }
}
