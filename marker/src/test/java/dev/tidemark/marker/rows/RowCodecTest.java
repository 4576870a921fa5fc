package dev.tidemark.marker.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RowCodecTest {

    private static final Digest SHA256 = RandomInput.digest("a");
    private static final Digest SHA512 = Digest.Algorithm.SHA512.of(new byte[] {1});

    @Property
    void rowsReadBackAsTheyWereWritten(
            @ForAll long run,
            @ForAll @IntRange(max = 127) int reasons,
            @ForAll boolean a,
            @ForAll boolean b,
            @ForAll boolean c,
            @ForAll long number,
            @ForAll @LongRange(min = Sizes.UNKNOWN, max = Long.MAX_VALUE) long said,
            @ForAll @AlphaChars @StringLength(min = 2) String name) {
        var digest = new Row.OfDigest(
                run,
                reasons,
                a,
                b ? said : number,
                number + 1,
                b,
                c,
                a ? SHA512 : null,
                a ? name : null,
                said,
                c && said >= 0 ? new Row.Claim(SHA256, name, said / 2) : null,
                number + 2,
                number + 3);
        var link = new Row.OfLink(run, a, b, number, c ? SHA256 : null, a ? SHA512 : null);
        var manifest = new Row.OfManifest(
                run,
                a,
                c,
                number,
                List.of(name, "latest"),
                Map.of(name, new Row.Going(number, number + 1)),
                List.of(new Row.Reference(SHA256, b, said), Row.Reference.optional(SHA512)),
                b ? List.of(SHA512) : List.of());
        var referrers = new Row.OfReferrers(run, b ? List.of(SHA512, SHA256) : List.of(SHA256));
        var leftover = new LeftoverRow(
                run, Kind.DIRECTORY, b ? name : null, c ? name : null, number, number + 1, a, number + 2);

        var all = new DigestRows(
                a ? digest : null,
                b ? Map.of(name, link, "b", link) : Map.of(),
                c ? Map.of(name, manifest) : Map.of(),
                a ? Map.of(name, referrers) : Map.of(),
                c ? leftover : null,
                b);
        assertThat(RowCodec.digestRows(RowCodec.encode(all))).isEqualTo(all);
        assertThat(RowCodec.ofLink(RowCodec.encode(link))).isEqualTo(link);
        assertThat(RowCodec.ofManifest(RowCodec.encode(manifest))).isEqualTo(manifest);
        assertThat(RowCodec.ofReferrers(RowCodec.encode(referrers))).isEqualTo(referrers);
    }

    @Property
    void aSizeTakesTheBytesThatItNeeds(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long size) {
        byte[] bytes = RowBytes.written(0, out -> RowBytes.writeSize(out, size));

        assertThat(RowBytes.<Long>read(bytes, RowBytes::readSize)).isEqualTo(size);
        assertThat(bytes).hasSize(Math.max(1, (70 - Long.numberOfLeadingZeros(size)) / 7));
    }

    /** That is what nearly all rows say. */
    @Test
    void aSizeThatIsSaidAsItIsTakesNoBytes() {
        Row.OfDigest unsaid = row(Sizes.UNKNOWN);

        assertThat(RowCodec.encode(row(20_000_000))).hasSameSizeAs(RowCodec.encode(unsaid));
        assertThat(RowCodec.encode(row(10_000_000))).hasSize(RowCodec.encode(unsaid).length + 4);
    }

    private static Row.OfDigest row(long said) {
        return Row.OfDigest.unknown(1).stored(20_000_000, 1).referencedBy(SHA512, "app", false, said);
    }

    @Property
    void aKeyTellsItsDigestKindAndRepository(@ForAll String repository, @ForAll boolean sha512) {
        Digest digest = sha512 ? SHA512 : SHA256;
        String name = repository.replaceAll("[^\\x20-\\x7e]", "");
        byte[] key = RowKey.of(digest, RowKey.LINK, name);

        assertThat(RowKey.digest(key)).isEqualTo(digest);
        assertThat(RowKey.kind(key)).isEqualTo(RowKey.LINK);
        assertThat(RowKey.repository(key)).isEqualTo(name);
        assertThat(RowKey.sameDigest(key, RowKey.of(digest))).isTrue();
        assertThat(RowKey.sameDigest(key, RowKey.of(sha512 ? SHA256 : SHA512))).isFalse();
    }

    @Test
    void theDigestsOwnRowComesFirst() {
        byte[] digest = RowKey.of(SHA256);
        byte[] link = RowKey.of(SHA256, RowKey.LINK, "a");
        byte[] manifest = RowKey.of(SHA256, RowKey.MANIFEST, "");

        assertThat(Arrays.compareUnsigned(digest, link)).isNegative();
        assertThat(Arrays.compareUnsigned(link, manifest)).isNegative();
    }
}
