package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.schemas.Digest.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Provide
    Arbitrary<Digest> digests() {
        Arbitrary<String> alike = Arbitraries.of("0", "9", "a", "f");
        return Combinators.combine(Arbitraries.of(Algorithm.class), alike, Arbitraries.of("", "1", "ab"))
                .as((algorithm, fill, end) -> algorithm
                        .ofHex(fill.repeat(algorithm.hexLength() - end.length()) + end)
                        .orElseThrow());
    }

    @Property
    void readsBackFromItsText(@ForAll("digests") Digest digest) {
        assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
        assertThat(Digest.tryParse(digest.toString())).contains(digest);
    }

    @Property
    void isItsHashAsBytes(@ForAll("digests") Digest digest, @ForAll @IntRange(max = 3) int from) {
        byte[] bytes = new byte[from + digest.algorithm().bytes()];
        digest.copyTo(bytes, from);

        Digest again = Digest.of(digest.algorithm(), bytes, from);

        assertThat(again)
                .isEqualTo(digest)
                .hasSameHashCodeAs(digest)
                .hasToString(digest.algorithm().prefix() + ":" + digest.hex());
        assertThat(HexFormat.of().formatHex(bytes, from, bytes.length)).isEqualTo(digest.hex());
        assertThat(digest.text()).isEqualTo(digest.toString().getBytes(StandardCharsets.UTF_8));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Digest.of(digest.algorithm(), bytes, from + 1));
    }

    @Property
    void isThatOfTheBytes(@ForAll byte[] bytes, @ForAll Algorithm algorithm) {
        assertThat(Digest.parse(algorithm.of(bytes).toString())).isEqualTo(algorithm.of(bytes.clone()));
    }

    @Test
    void ofNothingIsTheWellKnownOne() {
        assertThat(Algorithm.SHA256.of(new byte[0])).hasToString("sha256:" + EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "sha256",
                "sha256:",
                EMPTY,
                "sha256:" + EMPTY + "0",
                "sha256:E3B0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "SHA256:" + EMPTY,
                "sha256:" + EMPTY + "\n",
                " sha256:" + EMPTY,
                "sha512:" + EMPTY,
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                "sha256:../../../../../../../../../../../../../../../../../../../etc/passwd",
                "sha256::" + EMPTY,
                "sha256:\u0663b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            })
    void isNothingElse(String text) {
        assertThat(Digest.tryParse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.parse(text));
    }

    @Property
    void anyTextIsADigestOrIsNot(@ForAll String text) {
        assertThat(Digest.tryParse(text).map(Digest::toString).orElse(text)).isEqualTo(text);
    }

    @Property
    void isOrderedByAlgorithmThenByHash(
            @ForAll("digests") Digest a, @ForAll("digests") Digest b, @ForAll("digests") Digest c) {
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
        assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        List<Digest> sorted = List.of(a, b, c).stream().sorted().toList();
        assertThat(sorted)
                .isEqualTo(List.of(a, b, c).stream()
                        .sorted(Comparator.comparingInt((Digest d) -> d.hex().length())
                                .thenComparing(Digest::hex))
                        .toList());
    }

    @Test
    void cannotBeMadeOfAnythingElse() {
        assertThat(Algorithm.SHA512.ofHex(EMPTY)).isEmpty();
        assertThat(Algorithm.SHA256.ofHex(EMPTY).orElseThrow().toString().getBytes(StandardCharsets.UTF_8))
                .hasSize(7 + 64);
    }
}
