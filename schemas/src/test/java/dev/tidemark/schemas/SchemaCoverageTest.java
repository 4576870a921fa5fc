package dev.tidemark.schemas;

import static dev.tidemark.schemas.SampleJson.fields;
import static dev.tidemark.schemas.SampleJson.json;
import static dev.tidemark.schemas.SampleJson.tree;
import static dev.tidemark.schemas.TopicSchemas.errors;
import static dev.tidemark.schemas.TopicSchemas.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.schemas.Samples.Sample;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples have every field of every record, and the schemas say in words what each is. */
class SchemaCoverageTest {

    static Stream<String> topics() {
        return Samples.all().map(Sample::topic).distinct();
    }

    @Test
    void everyKindOfRecordHasASampleWithAllItsFields() {
        Set<Class<?>> sampled = Samples.all()
                .filter(Sample::full)
                .map(sample -> sample.record().getClass())
                .collect(Collectors.toSet());
        Set<Class<?>> known = new HashSet<>(Set.of(
                DeletionRecord.class,
                TrashRecord.class,
                EventRecord.class,
                Hold.class,
                PullRecord.class,
                PullsCollected.class,
                RepositoryRecord.class,
                TagsRecord.class,
                KnownManifest.class,
                KnownSubject.class));
        Stream.of(
                        EnumeratedRecord.class,
                        MarksRecord.class,
                        EligibleRecord.class,
                        RunRecord.class,
                        WorkRecord.class,
                        WorkDoneRecord.class)
                .flatMap(SchemaCoverageTest::records)
                .forEach(known::add);
        assertThat(sampled).isEqualTo(known);
        // Of a kind whose fields exclude each other there are several.
        Map<Class<?>, Set<String>> fields = new HashMap<>();
        Samples.all()
                .filter(Sample::full)
                .forEach(sample -> fields.computeIfAbsent(sample.record().getClass(), kind -> new HashSet<>())
                        .addAll(fields(json(sample))));
        fields.forEach((kind, of) -> assertThat(of)
                .as(kind.toString())
                .containsAll(Arrays.stream(kind.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList()));
    }

    private static Stream<Class<?>> records(Class<?> sealed) {
        return sealed.isRecord()
                ? Stream.of(sealed)
                : Arrays.stream(sealed.getPermittedSubclasses()).flatMap(SchemaCoverageTest::records);
    }

    static Stream<Arguments> entries() {
        return Stream.of(
                Arguments.of("manifests", EnumeratedRecord.Manifest.class),
                        Arguments.of("blobs", EnumeratedRecord.Blob.class),
                Arguments.of("layers", EnumeratedRecord.Layer.class),
                        Arguments.of("marks", MarksRecord.Marks.Entry.class));
    }

    /** A pack names what it carries as its topic is named. */
    @ParameterizedTest
    @MethodSource("entries")
    void everyEntryOfAPackHasASampleWithAllItsFieldsAndNeedsThoseThatAllHave(String topic, Class<?> type) {
        List<Sample> packs = Samples.all()
                .filter(sample -> sample.topic().equals(topic) && json(sample).has(topic))
                .toList();
        Set<String> all = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        Set<String> required = new HashSet<>(all);
        packs.forEach(pack -> json(pack).path(topic).forEach(entry -> required.retainAll(fields((ObjectNode) entry))));

        assertThat(packs)
                .anySatisfy(pack -> assertThat(
                                fields((ObjectNode) json(pack).path(topic).get(0)))
                        .isEqualTo(all));
        assertThat(required).isNotEmpty().isNotEqualTo(all);
        for (Sample pack : packs) {
            for (String field : required) {
                ObjectNode root = json(pack);
                ((ObjectNode) root.path(topic).get(0)).remove(field);
                assertThat(errors(topic, root)).as("without %s", field).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void everythingInASchemaHasItsMeaningInWords(String topic) {
        JsonNode schema = tree(text(topic));

        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("title").asText()).isNotBlank();
        assertThat(schema.path("description").asText()).isNotBlank();
        for (JsonNode properties : schema.findValues("properties")) {
            properties.properties().forEach(property -> {
                JsonNode of = property.getValue();
                if (of.isObject() && !isKind(of) && !of.has("enum")) {
                    String reference = of.path("$ref").asText().replace("#/$defs/", "");
                    assertThat(of.has("description")
                                    || schema.at("/$defs/" + reference).has("description"))
                            .as(property.getKey())
                            .isTrue();
                }
            });
        }
    }

    /** A condition on the kind of a record, which has its words elsewhere. */
    private static boolean isKind(JsonNode property) {
        return List.of("blob", "tag", "upload", "repository")
                .contains(property.path("const").asText());
    }
}
