package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** The records as JSON. Fields that a newer version added are passed over; empty ones are not written. */
public final class JsonSerde<T> implements Serde<T> {

    /** The one mapper of all records. */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // A time that is missing must not read as long ago, nor a dry run that is missing as a real one.
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
            .build();

    private final ObjectWriter writer;
    private final ObjectReader reader;

    public JsonSerde(Class<T> type) {
        writer = MAPPER.writerFor(type);
        reader = MAPPER.readerFor(type);
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, record) -> record == null ? null : toBytes(record);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> bytes == null ? null : fromBytes(topic, bytes);
    }

    /** A deserializer that never throws: what can't be read, or is empty, is {@link Parsed.Unreadable}. */
    public Deserializer<Parsed<T>> parser() {
        return (topic, bytes) -> parse(bytes);
    }

    private Parsed<T> parse(byte[] bytes) {
        if (bytes == null) {
            return Parsed.of(null);
        }
        try {
            T value = reader.readValue(bytes);
            return value == null ? new Parsed.Unreadable<>(bytes, "it has no value") : new Parsed.Readable<>(value);
        } catch (IOException | RuntimeException e) {
            return new Parsed.Unreadable<>(
                    bytes, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private byte[] toBytes(T record) {
        try {
            return writer.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new SerializationException("cannot be written as JSON: " + record, e);
        }
    }

    private T fromBytes(String topic, byte[] bytes) {
        try {
            return reader.readValue(bytes);
        } catch (IOException e) {
            throw new SerializationException("a record of " + topic + " cannot be read: " + e.getMessage(), e);
        }
    }
}
