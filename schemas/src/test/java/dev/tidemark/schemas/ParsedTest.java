package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that can't be read is a value, whatever it is. */
class ParsedTest {

    private static final RunRecord RECORD = new RunRecord.Cancelled(new RunId("20260101-000000"), "test");

    private final JsonSerde<RunRecord> serde = new JsonSerde<>(RunRecord.class);
    private final Deserializer<Parsed<RunRecord>> parser = serde.parser();

    @Test
    void aWrittenFileCanBeRead() {
        byte[] bytes = serde.serializer().serialize("runs", RECORD);

        assertThat(parser.deserialize("runs", bytes)).isEqualTo(new Parsed.Readable<>(RECORD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "{}",
                "42",
                "\"cancelled\"",
                "{\"type\":\"cancelled\"}",
                "{\"type\":\"of a later version\"}",
                "{\"type\":\"cancelled\",\"run\":\"no run's id\",\"why\":\"test\"}",
                "{\"type\":\"cancelled\",\"run\":\"20260101-000000\",",
                "\u0000\u0001",
                "{\"type\":\"decided\",\"run\":\"20260101-000000\",\"partition\":null}",
            })
    void aValueThatIsNoRecordIsKeptAsItCameAndSaysWhyInOneLine(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(parser.deserialize("runs", bytes)).isInstanceOfSatisfying(Parsed.Unreadable.class, unreadable -> {
            assertThat(unreadable.bytes()).isEqualTo(bytes);
            assertThat(unreadable.why()).isNotBlank().doesNotContain("\n");
        });
    }

    @Test
    void aRecordWithoutAValueIsNoRecord() {
        assertThat(parser.deserialize("runs", null)).isEqualTo(new Parsed.Unreadable<>(null, "it has no value"));
        assertThat(Parsed.of(null)).isEqualTo(new Parsed.Unreadable<>(null, "it has no value"));
        assertThat(Parsed.of(new Parsed.Readable<>(RECORD))).isEqualTo(new Parsed.Readable<>(RECORD));
    }
}
