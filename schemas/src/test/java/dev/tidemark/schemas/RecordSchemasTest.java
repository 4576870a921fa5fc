package dev.tidemark.schemas;

import static dev.tidemark.schemas.SampleJson.at;
import static dev.tidemark.schemas.SampleJson.fields;
import static dev.tidemark.schemas.SampleJson.json;
import static dev.tidemark.schemas.SampleJson.objects;
import static dev.tidemark.schemas.SampleJson.tree;
import static dev.tidemark.schemas.TopicSchemas.errors;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.schemas.Samples.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records as they are written against the schema of their topic, and back again. */
class RecordSchemasTest {

    static Stream<Sample> samples() {
        return Samples.all();
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

    private static Sample sample(java.util.function.Predicate<Object> of) {
        return Samples.all()
                .filter(sample -> of.test(sample.record()))
                .findFirst()
                .orElseThrow();
    }
}
