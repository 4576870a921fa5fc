package dev.tidemark.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.schemas.Samples.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The samples as JSON, to be read and changed. */
final class SampleJson {

    private SampleJson() {}

    static ObjectNode json(Sample sample) {
        return (ObjectNode) tree(new String(written(sample.type(), sample.record()), StandardCharsets.UTF_8));
    }

    static <T> byte[] written(Class<T> type, Object record) {
        try (var serde = new JsonSerde<>(type)) {
            return serde.serializer().serialize("topic", type.cast(record));
        }
    }

    static JsonNode tree(String text) {
        try {
            return JsonSerde.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Set<String> fields(ObjectNode node) {
        Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The record and every object within it whose fields are named by the schema, not by data. */
    static List<ObjectNode> objects(JsonNode node) {
        List<ObjectNode> all = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            all.add(object);
        }
        node.properties().forEach(field -> {
            if (!Set.of("freed", "spared", "failed", "problems").contains(field.getKey())) {
                all.addAll(objects(field.getValue()));
            }
        });
        if (node.isArray()) {
            node.forEach(item -> all.addAll(objects(item)));
        }
        return all;
    }

    /** The same object in a fresh copy of the record. */
    static ObjectNode at(ObjectNode root, Sample sample, ObjectNode object) {
        List<ObjectNode> originals = objects(json(sample));
        return objects(root).get(originals.indexOf(object));
    }
}
