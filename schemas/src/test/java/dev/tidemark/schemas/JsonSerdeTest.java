package dev.tidemark.schemas;

import static dev.tidemark.schemas.SampleJson.at;
import static dev.tidemark.schemas.SampleJson.fields;
import static dev.tidemark.schemas.SampleJson.json;
import static dev.tidemark.schemas.SampleJson.objects;
import static dev.tidemark.schemas.SampleJson.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.schemas.Samples.Sample;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records are read as they were written, and a text that lacks what a record needs is refused. */
class JsonSerdeTest {

    /** A hold for ever, no trash, no index, no repair. */
    private static final Set<String> MAY_BE_LEFT_OUT = Set.of(
            "until",
            "keep",
            "index",
            "repair",
            "letGo",
            "gone",
            "pulled",
            "pullsSince",
            "heldAnywhere",
            "leftovers",
            "keepDangling");

    static Stream<Sample> samples() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyRecordReadsBackAsItWasWritten(Sample sample) {
        assertThat(readBack(sample.type(), sample.record())).isEqualTo(sample.record());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aFieldOfANewerVersionIsPassedOver(Sample sample) {
        byte[] newer = json(sample).put("surprise", 1).toString().getBytes(StandardCharsets.UTF_8);

        try (var serde = new JsonSerde<>(sample.type())) {
            assertThat((Object) serde.deserializer().deserialize("topic", newer))
                    .isEqualTo(sample.record());
        }
    }

    /**
     * A count that is missing must not read as none: a barrier without it would end the mark too early. Nor a checksum
     * as one that fits. But some say something by being left out.
     */
    @ParameterizedTest
    @MethodSource("samples")
    void aRecordWithoutANumberABooleanOrAChecksumIsRefused(Sample sample) {
        for (ObjectNode object : objects(json(sample))) {
            for (String field : fields(object)) {
                JsonNode value = object.get(field);
                if (!MAY_BE_LEFT_OUT.contains(field)
                        && (value.isIntegralNumber()
                                || value.isBoolean()
                                || value.asText().equals(Samples.CHECKSUM.toString()))) {
                    ObjectNode root = json(sample);
                    at(root, sample, object).remove(field);
                    assertRefused(sample.type(), root.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"type\":\"unheard-of\"}",
                "{\"type\":\"blobs\",\"run\":\"yesterday\",\"blobs\":[]}",
                "{\"type\":\"blobs\",\"run\":\"20261123-211839\",\"blobs\":[{\"digest\":\"sha256:0\","
                        + "\"size\":1,\"modified\":1}]}"
            })
    void textThatIsNoRecordIsRefused(String text) {
        try (var serde = new JsonSerde<>(EnumeratedRecord.class)) {
            assertThatThrownBy(() -> serde.deserializer().deserialize("blobs", text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("blobs");
        }
    }

    @Test
    void aTombstoneIsWrittenAndReadAsNull() {
        try (var serde = new JsonSerde<>(RunRecord.class)) {
            assertThat(serde.serializer().serialize("runs", null)).isNull();
            assertThat(serde.deserializer().deserialize("runs", null)).isNull();
        }
    }

    private static void assertRefused(Class<?> type, String text) {
        try (var serde = new JsonSerde<>(type)) {
            assertThatThrownBy(() -> serde.deserializer().deserialize("topic", text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOf(SerializationException.class);
        }
    }

    private static <T> T readBack(Class<T> type, Object record) {
        try (var serde = new JsonSerde<>(type)) {
            return serde.deserializer().deserialize("topic", written(type, record));
        }
    }
}
