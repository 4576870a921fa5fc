package dev.tidemark.schemas;

import static dev.tidemark.schemas.SampleJson.at;
import static dev.tidemark.schemas.SampleJson.fields;
import static dev.tidemark.schemas.SampleJson.json;
import static dev.tidemark.schemas.SampleJson.objects;
import static dev.tidemark.schemas.SampleJson.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tidemark.schemas.Samples.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The records as they are written against the schema of their topic, and back again. */
class RecordSchemasTest {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    static Stream<Sample> samples() {
        return Samples.all();
    }

    static Stream<String> topics() {
        return Samples.all().map(Sample::topic).distinct();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyRecordIsValid(Sample sample) {
        assertThat(errors(sample.topic(), json(sample))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aRecordWithAFieldThatTheSchemaDoesNotKnowIsInvalid(Sample sample) {
        for (ObjectNode object : objects(json(sample))) {
            ObjectNode root = json(sample);
            at(root, sample, object).put("surprise", 1);
            assertThat(errors(sample.topic(), root))
                    .as("with a surprise in %s", object)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aRecordWithoutAFieldThatAllOfItsKindHaveIsInvalid(Sample sample) {
        Set<String> required = fields(json(sample));
        Samples.all()
                .filter(other -> other.topic().equals(sample.topic())
                        && other.record().getClass().equals(sample.record().getClass()))
                .forEach(other -> required.retainAll(fields(json(other))));

        assertThat(required)
                .contains(
                        switch (sample.record()) {
                            case Hold hold -> "of";
                            case EventRecord event -> "id";
                            case PullRecord pull -> "repository";
                            case PullsCollected collected -> "since";
                            default -> "run";
                        });
        for (String field : required) {
            ObjectNode root = json(sample);
            root.remove(field);
            assertThat(errors(sample.topic(), root)).as("without %s", field).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aRecordWithADigestThatIsNoneIsInvalid(Sample sample) {
        List<String> none = List.of(
                "sha256:abc",
                "md5:" + "a".repeat(32),
                Samples.SHA256.toString().toUpperCase(Locale.ROOT),
                Samples.SHA256 + "\n",
                "x" + Samples.SHA256,
                Samples.SHA256 + "0");
        for (String wrong : none) {
            String text = json(sample).toString();
            for (Digest digest : List.of(Samples.SHA256, Samples.SHA384, Samples.SHA512)) {
                String broken = text.replaceFirst("\"" + digest + "\"", "\"" + wrong.replace("\n", "\\\\n") + "\"");
                if (!broken.equals(text)) {
                    assertThat(errors(sample.topic(), tree(broken))).as(broken).isNotEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aRecordWithARunThatIsNoneIsInvalid(Sample sample) {
        for (String wrong :
                List.of("2026-11-23", "20261123-21183", "20261323-211839", "20261123-246060", "20261123-2118390", "")) {
            assertThat(errors(sample.topic(), json(sample).put("run", wrong)))
                    .as(wrong)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aNumberIsNoText(Sample sample) {
        for (String field : fields(json(sample))) {
            ObjectNode root = json(sample);
            if (root.get(field).isIntegralNumber()) {
                assertThat(errors(sample.topic(), root.deepCopy().put(field, "1")))
                        .as(field)
                        .isNotEmpty();
                assertThat(errors(sample.topic(), root.deepCopy().put(field, 0.5)))
                        .as(field)
                        .isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aBarrierOrRecordOfAnUnknownTypeIsInvalid(Sample sample) {
        ObjectNode root = json(sample);
        if (root.has("type")) {
            assertThat(errors(sample.topic(), root.put("type", "unheard-of"))).isNotEmpty();
        }
    }

    @Test
    void aBarrierOfAnotherTopicIsInvalid() {
        ObjectNode barrier = json(sample(record ->
                record instanceof EnumeratedRecord.EndOfInput end && end.input() == EnumeratedRecord.Input.BLOBS));

        assertThat(errors("blobs", barrier)).isEmpty();
        assertThat(errors("layers", barrier)).isNotEmpty();
    }

    @Test
    void aBlobIsEligibleInTheStorageAndEverythingElseInARepository() {
        ObjectNode blob = json(sample(record -> record instanceof EligibleRecord.Eligible e && e.kind() == Kind.BLOB));
        ObjectNode manifest =
                json(sample(record -> record instanceof EligibleRecord.Eligible e && e.kind() == Kind.MANIFEST));

        assertThat(errors("eligible", blob.put("repository", "a"))).isNotEmpty();
        manifest.remove("repository");
        assertThat(errors("eligible", manifest)).isNotEmpty();
    }

    @Test
    void aRepositoryIsDoneWithTheChecksumOfWhatIsSaidOfItAndShardsWithout() {
        ObjectNode repository =
                json(sample(record -> record instanceof WorkDoneRecord.Done done && done.repository() != null));
        ObjectNode shards =
                json(sample(record -> record instanceof WorkDoneRecord.Done done && done.repository() == null));

        assertThat(errors("work.done", shards)).isEmpty();
        repository.remove("said");
        assertThat(errors("work.done", repository)).isNotEmpty();
    }

    @Test
    void aDeletionSaysWhyItWasNotMadeAndOnlyThen() {
        ObjectNode spared = json(
                sample(record -> record instanceof DeletionRecord d && d.outcome() == DeletionRecord.Outcome.SPARED));
        ObjectNode deleted = json(
                sample(record -> record instanceof DeletionRecord d && d.outcome() == DeletionRecord.Outcome.DELETED));

        spared.remove("why");
        assertThat(errors("deletions", spared)).isNotEmpty();
        assertThat(errors("deletions", deleted.put("why", "because"))).isNotEmpty();
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
                .flatMap(RecordSchemasTest::records)
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
                : Arrays.stream(sealed.getPermittedSubclasses()).flatMap(RecordSchemasTest::records);
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

    private static Sample sample(java.util.function.Predicate<Object> of) {
        return Samples.all()
                .filter(sample -> of.test(sample.record()))
                .findFirst()
                .orElseThrow();
    }

    private static List<Error> errors(String topic, JsonNode record) {
        return SCHEMAS.computeIfAbsent(topic, t -> REGISTRY.getSchema(SchemaLocation.of("classpath:" + path(t))))
                .validate(record.toString(), InputFormat.JSON);
    }

    private static String path(String topic) {
        return "dev/tidemark/schemas/" + topic + ".schema.json";
    }

    private static String text(String topic) {
        try (InputStream in = RecordSchemasTest.class.getResourceAsStream(topic + ".schema.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A condition on the kind of a record, which has its words elsewhere. */
    private static boolean isKind(JsonNode property) {
        return List.of("blob", "tag", "upload").contains(property.path("const").asText());
    }
}
