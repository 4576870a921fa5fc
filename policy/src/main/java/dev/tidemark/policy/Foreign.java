package dev.tidemark.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A place in a document of another registry.
 *
 * @param path to it, for messages
 * @param value the node that is there; missing or null if nothing is
 */
record Foreign(String path, JsonNode value) {

    private static final Pattern NUMBER = Pattern.compile("\\d{0,9}");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a document, JSON or YAML.
     *
     * @throws InvalidPolicyException if it is neither
     */
    static Foreign read(String text) {
        try {
            boolean json = text.stripLeading().startsWith("{");
            return new Foreign("", json ? MAPPER.readTree(text) : MAPPER.valueToTree(yaml(text)));
        } catch (JsonProcessingException e) {
            throw new InvalidPolicyException(List.of("this is no JSON: " + e.getOriginalMessage()));
        }
    }

    private static Object yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark().getLine() + 1;
            throw new InvalidPolicyException(List.of("line %d: this is no YAML: %s".formatted(line, e.getProblem())));
        } catch (RuntimeException e) { // SnakeYAML lets others out, for text that ends in "\x
            throw new InvalidPolicyException(List.of("this can't be read as YAML: " + e.getMessage()));
        }
    }

    boolean isThere() {
        return !value.isMissingNode() && !value.isNull();
    }

    /** @throws InvalidPolicyException if it is left out; null is not left out */
    Foreign orFault() {
        if (value.isMissingNode()) {
            throw fault("it is missing");
        }
        return this;
    }

    Foreign at(String key) {
        return new Foreign(path.isEmpty() ? key : path + "." + key, value.path(key));
    }

    /** The first of the places that is there; otherwise this one. */
    Foreign within(String... paths) {
        return Arrays.stream(paths)
                .map(keys -> Arrays.stream(keys.split("\\.")).reduce(this, Foreign::at, (a, b) -> b))
                .filter(Foreign::isThere)
                .findFirst()
                .orElse(this);
    }

    /** The items of a list, none if there is none. */
    List<Foreign> items() {
        if (isThere() && !value.isArray()) {
            throw fault("it is no list");
        }
        List<Foreign> items = new ArrayList<>();
        value.forEach(item -> items.add(new Foreign("%s[%d]".formatted(path, items.size()), item)));
        return items;
    }

    /** The items of a list; where there is an object instead, that. */
    List<Foreign> oneOrMore() {
        return value.isObject() ? List.of(this) : items();
    }

    /** A list of texts. */
    List<String> texts() {
        return items().stream()
                .map(item -> item.text().orElseThrow(() -> item.fault("it is empty")))
                .toList();
    }

    Optional<String> text() {
        if (isThere() && !value.isValueNode()) {
            throw fault("it is no text");
        }
        return isThere() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** A whole number, be it written as one or as text; none if it is 0 or blank. */
    Optional<Integer> count() {
        boolean whole = value.isTextual()
                ? NUMBER.matcher(value.asText()).matches()
                : value.canConvertToInt() && value.canConvertToExactIntegral() && value.asInt() >= 0;
        if (isThere() && !whole) {
            throw fault("it is no whole number");
        }
        return isThere() && value.asInt() > 0 ? Optional.of(value.asInt()) : Optional.empty();
    }

    /** Whether it is true, be it written so or as text. */
    boolean isTrue() {
        return value.asBoolean();
    }

    /**
     * The same document, in which a key that differs from one of these by case alone is written as that one.
     *
     * @throws InvalidPolicyException if there are two such keys for one
     */
    Foreign spelled(Set<String> keys) {
        if (value.isArray()) {
            ArrayNode items = MAPPER.createArrayNode();
            items().forEach(item -> items.add(item.spelled(keys).value()));
            return new Foreign(path, items);
        }
        if (!value.isObject()) {
            return this;
        }
        ObjectNode fields = MAPPER.createObjectNode();
        value.fieldNames().forEachRemaining(key -> {
            Foreign field = at(key);
            String spelled =
                    keys.stream().filter(key::equalsIgnoreCase).findFirst().orElse(key);
            if (fields.has(spelled)) {
                throw field.fault("it is there twice");
            }
            fields.set(spelled, field.spelled(keys).value());
        });
        return new Foreign(path, fields);
    }

    /** @throws InvalidPolicyException if there is another key */
    Foreign only(Set<String> keys) {
        if (!value.isObject()) {
            throw fault("it is no object");
        }
        value.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                throw at(key).fault("nobody knows how to translate that");
            }
        });
        return this;
    }

    InvalidPolicyException fault(String what) {
        return new InvalidPolicyException(List.of((path.isEmpty() ? "the document" : path) + ": " + what));
    }
}
