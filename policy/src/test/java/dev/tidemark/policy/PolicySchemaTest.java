package dev.tidemark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema for editors says of a text what the parser says, as far as a schema can. */
class PolicySchemaTest {

    private static final Path FILE = Path.of("../docs/schemas/policy.schema.json");
    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(FILE));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Provide
    Arbitrary<PolicyModel> models() {
        return RandomPolicies.models();
    }

    /** What it can't say is what never matches. */
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void aPolicyIsValid(@ForAll("models") PolicyModel model) {
        assertThat(errors(ModelYaml.of(model))).as(ModelYaml.of(model)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ name: a, repositories: ['**'], otherTags: keep }",
                "{ name: 1.10, repositories: [1.10, true], otherTags: keep }",
                "{ name: a, repositories: ['**', '!a'], tags: [{ match: ['*', '!v*'], keep: none }] }",
                "{ name: a, repositories: [a], untagged: { deleteAfter: 0 } }",
                "{ name: a, repositories: [a], untagged: { deleteAfter: 1H30m, keepPrevious: 3 } }",
                "{ name: a, repositories: [a], referrers: { orphanedAfter: 24h } }",
                "{ name: a, repositories: [a], referrers: { orphanedAfter: 0 } }",
            })
    void bothTake(String policy) {
        String text = "policies:\n  - " + policy;

        assertThat(Policy.parse(text).text()).isEqualTo(text);
        assertThat(errors(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "{ repositories: [a], otherTags: keep }",
                "{ name: a, otherTags: keep }",
                "{ name: a, repositories: [a] }",
                "{ name: '', repositories: [a], otherTags: keep }",
                "{ name: ' ', repositories: [a], otherTags: keep }",
                "{ name: [a], repositories: [a], otherTags: keep }",
                "{ name: a, repositories: a, otherTags: keep }",
                "{ name: a, repositories: [], otherTags: keep }",
                "{ name: a, repositories: [a, a], otherTags: keep }",
                "{ name: a, repositories: ['!a'], otherTags: keep }",
                "{ name: a, repositories: [a, null], otherTags: keep }",
                "{ name: a, repositories: [a], otherTags: none }",
                "{ name: a, repositories: [a], otherTags: delete }",
                "{ name: a, repositories: [a], other_tags: keep }",
                "{ name: a, repositories: [a], untagged: {} }",
                "{ name: a, repositories: [a], untagged: { keepPrevious: 0 } }",
                "{ name: a, repositories: [a], untagged: { deleteAfter: 14 } }",
                "{ name: a, repositories: [a], untagged: { deleteAfter: '' } }",
                "{ name: a, repositories: [a], untagged: { deleteAfter: 3 days } }",
                "{ name: a, repositories: [a], referrers: {} }",
                "{ name: a, repositories: [a], referrers: { orphanedAfter: 24 } }",
                "{ name: a, repositories: [a], referrers: { after: 24h } }",
                "{ name: a, repositories: [a], tags: [] }",
            })
    void bothRefuseAPolicy(String policy) {
        bothRefuse("policies:\n  - " + policy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ keep: all }",
                "{ match: [a] }",
                "{ match: a, keep: all }",
                "{ match: [a], keep: all, keepAny: { newest: 1 } }",
                "{ match: [a], keep: some }",
                "{ match: [a], keepAny: {} }",
                "{ match: [a], keepAny: { by: name } }",
                "{ match: [a], keepAny: { by: age, newest: 1 } }",
                "{ match: [a], keepAny: { by: name, pushedWithin: 1d } }",
                "{ match: [a], keepAny: { newest: 0 } }",
                "{ match: [a], keepAny: { newest: 1.5 } }",
                "{ match: [a], keepAny: { newest: 9999999999 } }",
                "{ match: [a], keepAny: { pushedWithin: 0d } }",
                "{ match: [a], keepAny: { pulledWithin: 0d } }",
                "{ match: [a], keepAny: { newestPulled: 0 } }",
                "{ match: [a], keepAny: { by: name, newestPulled: 1 } }",
                "{ match: ['/a(b)/'], keep: all, groupBy: 1 }",
                "{ match: ['/a(b)/'], keepAny: { pushedWithin: 1d }, groupBy: 1 }",
                "{ match: ['/a(b)/'], keepAny: { newest: 1 }, groupBy: 0 }",
                "{ match: ['!a'], keep: all }",
            })
    void bothRefuseARule(String rule) {
        bothRefuse("policies:\n  - name: p\n    repositories: ['**']\n    tags:\n      - " + rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ reason: none }",
                "{ tags: [a], digests: ['sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'] }",
                "{ digests: ['sha256:12'] }",
                "{ digests: [] }",
                "{ tag: [a] }",
                "{ tags: [a], reason: null }",
            })
    void bothRefuseAHold(String hold) {
        bothRefuse("hold:\n  - " + hold + "\npolicies:\n  - { name: a, repositories: [a], otherTags: keep }\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "policies: []", "policies: null", "hold: [{ tags: [a] }]", "a: 1"})
    void bothRefuseAFile(String text) {
        bothRefuse(text);
    }

    private static void bothRefuse(String text) {
        assertThatThrownBy(() -> Policy.parse(text)).isInstanceOf(InvalidPolicyException.class);
        assertThat(errors(text)).as(text).isNotEmpty();
    }

    @Test
    void everythingInTheSchemaHasItsMeaningInWords() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(Files.readString(FILE));

        List<JsonNode> objects = schema.findParents("additionalProperties");
        assertThat(objects).isNotEmpty();
        for (JsonNode object : objects) {
            assertThat(object.path("description").asText()).isNotBlank();
            object.path("properties")
                    .properties()
                    .forEach(property -> assertThat(
                                    property.getValue().path("description").asText())
                            .as(property.getKey())
                            .isNotBlank());
        }
    }

    private static List<Error> errors(String yaml) {
        return SCHEMA.validate(yaml, InputFormat.YAML);
    }
}
