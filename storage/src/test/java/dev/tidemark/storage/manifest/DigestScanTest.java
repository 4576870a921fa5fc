package dev.tidemark.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DigestScanTest {

    @Property
    void everyDigestIsFoundHoweverTheBytesAreCutIntoPieces(
            @ForAll @Size(max = 8) List<@IntRange(max = 1000) Integer> seeds,
            @ForAll @IntRange(min = 1, max = 300) int piece) {
        var all = new TreeSet<Digest>();
        var text = new StringBuilder();
        for (int seed : seeds) {
            Digest.Algorithm algorithm = Digest.Algorithm.values()[seed % 3];
            Digest digest = algorithm.of(Integer.toString(seed).getBytes(StandardCharsets.UTF_8));
            all.add(digest);
            text.append("\u0000x".repeat(seed % 50)).append(digest);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);

        var scan = new DigestScan();
        for (int from = 0; from < bytes.length; from += piece) {
            byte[] next = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece));
            scan.feed(next, next.length);
        }

        assertThat(scan.found()).containsAll(all);
    }
}
