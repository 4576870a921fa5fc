package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.OutputSchemas;
import dev.tidemark.cli.run.Summary;
import dev.tidemark.evidence.compare.Comparison;
import dev.tidemark.evidence.explain.DigestExplanation;
import dev.tidemark.evidence.explain.TagExplanation;
import dev.tidemark.evidence.policy.Replayed;
import dev.tidemark.evidence.policy.TagGroup;
import dev.tidemark.report.data.ReportData;
import dev.tidemark.report.data.ReportRow;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.sweeper.undo.Undo;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The schemas of the documents that commands print have every field of the records that these are made of, and no
 * other. That real documents are valid is seen wherever a test prints one.
 */
class OutputSchemasTest {

    private final Set<Type> compared = new HashSet<>();

    static Stream<Arguments> documents() {
        return Stream.of(
                Arguments.of(Summary.class, "collect", ""),
                Arguments.of(RunTrash.class, "trash-list", "/$defs/runTrash"),
                Arguments.of(Summary.Trash.class, "trash-empty", ""),
                Arguments.of(Undo.Outcome.class, "undo", ""),
                Arguments.of(HoldCommand.Line.class, "hold", "/$defs/line"),
                Arguments.of(RunsCommand.Line.class, "runs", "/$defs/line"),
                Arguments.of(ShowCommand.Shown.class, "show", ""),
                Arguments.of(DigestExplanation.class, "explain", "/$defs/explained"),
                Arguments.of(TagExplanation.class, "explain", "/$defs/tagged"),
                Arguments.of(Comparison.class, "compare", ""),
                Arguments.of(TagGroup.class, "policy-try", "/$defs/group"),
                Arguments.of(Replayed.class, "replay", "/$defs/replayed"),
                Arguments.of(ReportData.class, "report", ""),
                Arguments.of(ReportRow.class, "report-list", ""));
    }

    static List<String> files() {
        return OutputSchemas.files();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aSchemaHasTheFieldsOfItsDocument(Class<?> type, String name, String pointer) {
        compare(type, new Node(name, OutputSchemas.read(name).at(pointer)), type.getSimpleName());
    }

    @ParameterizedTest
    @MethodSource("files")
    void everythingInASchemaHasItsMeaningInWords(String file) {
        JsonNode schema = OutputSchemas.read(file.replace(".schema.json", ""));

        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("$id").asText()).isEqualTo("https://tidemark.dev/schemas/output/" + file);
        assertThat(schema.path("title").asText()).isNotBlank();
        for (JsonNode object : schema.findParents("properties")) {
            assertThat(object.path("description").asText()).isNotBlank();
            assertThat(object.path("additionalProperties").isBoolean()).isTrue();
            object.path("properties")
                    .properties()
                    .forEach(property -> assertThat(
                                    property.getValue().path("description").asText())
                            .as(property.getKey())
                            .isNotBlank());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void theReferenceLinksEverySchema(String file) throws IOException {
        assertThat(Files.readString(Path.of("../docs/reference.md"))).contains("](schemas/" + file + ")");
    }

    /** A place in the schema of that name. */
    private record Node(String name, JsonNode json) {

        /** The place that this one refers to, if it refers to one. */
        Node resolved() {
            String reference = json.path("$ref").asText();
            if (reference.isEmpty()) {
                return this;
            }
            int hash = reference.indexOf('#');
            String file = hash < 0 ? reference : reference.substring(0, hash);
            String other = file.isEmpty() ? name : file.replace(".schema.json", "");
            return new Node(other, OutputSchemas.read(other).at(hash < 0 ? "" : reference.substring(hash + 1)))
                    .resolved();
        }

        Node at(String field) {
            return new Node(name, json.path(field)).resolved();
        }

        String type() {
            return json.path("type").asText();
        }
    }

    private void compare(Type type, Node at, String where) {
        switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class -> {
                assertThat(at.type()).as(where).isEqualTo("array");
                compare(list.getActualTypeArguments()[0], at.at("items"), where + "[]");
            }
            case ParameterizedType map
            when map.getRawType() == Map.class -> {
                assertThat(at.type()).as(where).isEqualTo("object");
                if (map.getActualTypeArguments()[0] instanceof Class<?> key && key.isEnum()) {
                    compare(key, at.at("propertyNames"), where + " keys");
                }
                compare(map.getActualTypeArguments()[1], at.at("additionalProperties"), where + "{}");
            }
            case Class<?> record when record.isRecord() && record != Digest.class -> compareRecord(record, at, where);
            case Class<?> choice
            when choice.isEnum() ->
                assertThat(at.json().path("enum"))
                        .as(where)
                        .containsExactlyInAnyOrderElementsOf(Arrays.stream(choice.getEnumConstants())
                                .map(one -> JsonSerde.MAPPER.<JsonNode>valueToTree(one))
                                .toList());
            case Class<?> plain
            when List.of(long.class, int.class, Long.class, Integer.class).contains(plain) ->
                assertThat(at.type()).as(where).isEqualTo("integer");
            case Class<?> plain
            when plain == double.class || plain == Double.class ->
                assertThat(at.type()).as(where).isEqualTo("number");
            case Class<?> plain
            when plain == boolean.class -> assertThat(at.type()).as(where).isEqualTo("boolean");
            default -> {
                assertThat(type).as(where).isIn(String.class, Digest.class);
                assertThat(at.type().equals("string") || at.json().path("enum").isArray())
                        .as(where)
                        .isTrue();
            }
        }
    }

    private void compareRecord(Class<?> record, Node at, String where) {
        if (!compared.add(record)) {
            return;
        }
        List<RecordComponent> components = List.of(record.getRecordComponents());
        assertThat(at.json().path("properties").properties())
                .extracting(Map.Entry::getKey)
                .as(where)
                .containsExactlyElementsOf(
                        components.stream().map(RecordComponent::getName).toList());
        assertThat(at.json().path("required").valueStream().map(JsonNode::asText))
                .as("numbers and booleans of %s are never left out", where)
                .containsAll(components.stream()
                        .filter(component -> component.getType().isPrimitive())
                        .map(RecordComponent::getName)
                        .toList());
        components.forEach(component -> compare(
                component.getGenericType(),
                at.at("properties").at(component.getName()),
                where + "." + component.getName()));
    }
}
