package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkRecordTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final JsonSerde<WorkRecord> SERDE = new JsonSerde<>(WorkRecord.class);

    @Test
    void saysFromWhichShardToWhich() {
        var shards = new WorkRecord.Shards(RUN, 3, "sha256", "00", "1f", null, List.of(), null);

        byte[] json = SERDE.serializer().serialize("work", shards);

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(("{'type':'shards','run':'20260101-000000','item':3,'algorithm':'sha256','first':'00',"
                                + "'last':'1f'}")
                        .replace('\'', '"'));
    }
}
