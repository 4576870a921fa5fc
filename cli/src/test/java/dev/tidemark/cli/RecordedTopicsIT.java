package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Topics as an earlier version has written them, and what that version said of them. This one has to read them all, and
 * to say the same. With {@code -Drecord=0.2} they are recorded anew, as those of version 0.2.
 */
class RecordedTopicsIT {

    private static final Path RECORDINGS = Path.of("src/test/resources/recorded");

    @TempDir
    private Path directory;

    @BeforeAll
    static void recorded(@TempDir Path directory) throws IOException {
        String version = System.getProperty("record");
        if (version != null) {
            TopicRecording.make(directory, Files.createDirectories(RECORDINGS.resolve(version)));
        }
    }

    static List<Path> versions() throws IOException {
        try (Stream<Path> versions = Files.list(RECORDINGS)) {
            return versions.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyRecordIsValidAndIsReadWithoutLoss(Path version) throws IOException {
        var topics = new TreeSet<String>();
        for (JsonNode line : TopicRecording.records(version)) {
            String topic = line.path("topic").asText().substring(Topics.DEFAULT_PREFIX.length());
            topics.add(topic);
            JsonNode value = line.path("value");
            OutputSchemas.assertValidRecord(topic.replace(".dry-run", ""), value.toString());
            assertHasAllOf(value, rewritten(TopicRecording.RECORDS.get(topic), value), line.toString());
        }
        assertThat(topics).isEqualTo(new TreeSet<>(TopicRecording.RECORDS.keySet()));
    }

    private static <T> JsonNode rewritten(Class<T> type, JsonNode value) throws IOException {
        try (var serde = new JsonSerde<>(type)) {
            T record = serde.deserializer().deserialize("", value.toString().getBytes(StandardCharsets.UTF_8));
            return JsonSerde.MAPPER.readTree(serde.serializer().serialize("", record));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theTopicsSayOfTheirRunsWhatTheySaidThen(Path version) throws IOException {
        Path data = TopicRecording.replay(version, directory.resolve("data"));

        for (ObjectNode said : TopicRecording.said(version)) {
            JsonNode now = TopicRecording.say(data, said.path("command"));
            assertHasAllOf(said.path("document"), now, said.path("command").toString());
        }
    }

    /** A later version may say more. */
    private static void assertHasAllOf(JsonNode then, JsonNode now, String where) {
        if (then.isContainerNode()) {
            assertThat(now.getNodeType()).as(where).isEqualTo(then.getNodeType());
            then.properties()
                    .forEach(field ->
                            assertHasAllOf(field.getValue(), now.path(field.getKey()), where + " " + field.getKey()));
            assertThat(then.isArray() ? now.size() : 0).as(where).isEqualTo(then.isArray() ? then.size() : 0);
            for (int i = 0; i < (then.isArray() ? then.size() : 0); i++) {
                assertHasAllOf(then.get(i), now.get(i), where + " " + i);
            }
        } else {
            assertThat(now).as(where).isEqualTo(then);
        }
    }
}
