package dev.tidemark.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;

/**
 * A digest in JSON, which is its text. Records are mostly digests: told by annotations, reflection would be most of
 * what they cost.
 */
final class DigestJson {

    private DigestJson() {}

    /** Jackson's own serializer for a value that is its text makes the text twice: to see whether it is empty, too. */
    static final class Writer extends StdScalarSerializer<Digest> {

        Writer() {
            super(Digest.class);
        }

        @Override
        public void serialize(Digest digest, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeString(digest.toString());
        }
    }

    static final class Reader extends StdScalarDeserializer<Digest> {

        Reader() {
            super(Digest.class);
        }

        @Override
        public Digest deserialize(JsonParser from, DeserializationContext context) throws IOException {
            if (!from.hasToken(JsonToken.VALUE_STRING)) {
                return (Digest) context.handleUnexpectedToken(Digest.class, from);
            }
            String text = from.getText();
            try {
                return Digest.parse(text);
            } catch (IllegalArgumentException e) {
                return (Digest) context.handleWeirdStringValue(Digest.class, text, e.getMessage());
            }
        }
    }
}
