package dev.tidemark.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON Schemas of the topics. */
final class TopicSchemas {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private TopicSchemas() {}

    static List<Error> errors(String topic, JsonNode record) {
        return SCHEMAS.computeIfAbsent(topic, t -> REGISTRY.getSchema(SchemaLocation.of("classpath:" + path(t))))
                .validate(record.toString(), InputFormat.JSON);
    }

    private static String path(String topic) {
        return "dev/tidemark/schemas/" + topic + ".schema.json";
    }

    static String text(String topic) {
        try (InputStream in = TopicSchemas.class.getResourceAsStream(topic + ".schema.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
