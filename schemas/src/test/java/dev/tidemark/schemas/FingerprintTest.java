package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What tells a storage from another adds up over a run's items, in whatever order they are done. */
class FingerprintTest {

    @Test
    void theBlobsThatWereWrittenLastAndTheNewestLinkRemain() {
        List<Fingerprint> items = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            items.add(new Fingerprint(List.of(witness(i)), i));
        }
        Collections.shuffle(items, new Random(1));

        Fingerprint sum = items.stream().reduce(Fingerprint.NONE, Fingerprint::plus);

        assertThat(sum.newestLink()).isEqualTo(99);
        assertThat(sum.witnesses())
                .hasSize(Fingerprint.MOST)
                .startsWith(witness(99))
                .endsWith(witness(100 - Fingerprint.MOST));
    }

    @Test
    void thoseOfThePlanComeFirstAndEachOnce() {
        var found = new Fingerprint(List.of(witness(9), witness(8)), 7);

        assertThat(found.after(List.of(witness(1), witness(8))))
                .isEqualTo(new Fingerprint(List.of(witness(1), witness(8), witness(9)), 7));
    }

    /** A bucket's listing may say milliseconds where a look at one object says seconds. */
    @Test
    void timesOfTheSameSecondAreTheSame() {
        var witness = new Witness(Samples.SHA256, 5_000);

        assertThat(witness.agrees(5_999)).isTrue();
        assertThat(witness.agrees(4_001)).isTrue();
        assertThat(witness.agrees(6_000)).isFalse();
        assertThat(witness.agrees(4_000)).isFalse();

        var found = new Fingerprint(List.of(), 5_000);
        assertThat(found.before(6_000)).isFalse();
        assertThat(found.before(6_001)).isTrue();
    }

    private static Witness witness(int time) {
        return new Witness(Digest.Algorithm.SHA256.of(("" + time).getBytes(StandardCharsets.UTF_8)), time);
    }
}
