package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ChecksumTest {

    @Property
    void itAddsUpInAnyOrderAndHoweverItIsDivided(@ForAll List<byte[]> records, @ForAll Random random) {
        List<byte[]> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, random);
        int cut = random.nextInt(records.size() + 1);

        assertThat(sum(shuffled.subList(0, cut)).plus(sum(shuffled.subList(cut, shuffled.size()))))
                .isEqualTo(sum(records));
    }

    @Property
    void aRecordMoreOrLessOrAnotherIsSeen(@ForAll List<byte[]> records, @ForAll byte[] one) {
        assertThat(sum(records).plus(one)).isNotEqualTo(sum(records));
        assertThat(sum(records).plus(one).plus(one)).isNotEqualTo(sum(records).plus(one));
    }

    @Test
    void itReadsBackAndNothingElseDoes() {
        Checksum checksum = Checksum.of(new byte[] {1});

        assertThat(Checksum.parse(checksum.toString())).isEqualTo(checksum).hasSameHashCodeAs(checksum);
        assertThat(checksum).hasToString("4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a");
        assertThat(Checksum.NONE).hasToString("0".repeat(64));
        assertThatIllegalArgumentException().isThrownBy(() -> Checksum.parse("4bf5"));
        assertThatIllegalArgumentException().isThrownBy(() -> Checksum.parse("G".repeat(64)));
    }

    private static Checksum sum(List<byte[]> records) {
        return records.stream().reduce(Checksum.NONE, Checksum::plus, Checksum::plus);
    }
}
