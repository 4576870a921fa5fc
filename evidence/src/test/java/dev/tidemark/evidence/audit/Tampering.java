package dev.tidemark.evidence.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.evidence.index.RandomRegistry;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** The alterations that somebody with write access to the topics can make to a single record of a run. */
final class Tampering {

    /** The kinds of alterations. */
    enum Act {
        DROP,
        DUPLICATE,
        CHANGE,
        ADD
    }

    private static final Map<String, List<String>> WORDS = Map.of(
            "input", List.of("MANIFESTS", "BLOBS", "LAYERS"),
            "kind", List.of("tag", "manifest", "layer", "blob"),
            "outcome", List.of("deleted", "already-gone", "spared", "failed"));

    private final Random random;
    private final RunId run;

    Tampering(Random random, RunId run) {
        this.random = random;
        this.run = run;
    }

    /** The run's records by topic and type. */
    Map<String, List<Entry>> kinds(TopicsInMemory topics) {
        var kinds = new TreeMap<String, List<Entry>>();
        for (Entry entry : topics.all()) {
            JsonNode tree = tree(entry);
            if (run.text().equals(tree.path("run").asText())) {
                kinds.computeIfAbsent(kind(entry, tree), kind -> new ArrayList<>())
                        .add(entry);
            }
        }
        return kinds;
    }

    private static String kind(Entry entry, JsonNode tree) {
        String topic = entry.topic().substring(RecordedRun.TOPICS.prefix().length());
        return topic
                + (tree.has("type") && !tree.path("type").asText().equals(topic)
                        ? " " + tree.path("type").asText()
                        : "");
    }

    /** The topics with one record tampered with. */
    TopicsInMemory tampered(TopicsInMemory topics, Entry entry, Act act) {
        TopicsInMemory copy = topics.copy();
        List<Entry> entries = copy.partition(entry.topic(), entry.partition()).entries;
        int at = entries.indexOf(entry);
        switch (act) {
            case DROP -> entries.remove(at);
            case DUPLICATE -> entries.add(at + 1 + random.nextInt(entries.size() - at), entry);
            case CHANGE -> entries.set(at, with(entry, changed(entry, topics, false)));
            case ADD -> entries.add(random.nextInt(entries.size() + 1), with(entry, changed(entry, topics, true)));
        }
        renumber(copy, entry.topic(), entry.partition());
        return copy;
    }

    static void renumber(TopicsInMemory topics, String topic, int number) {
        TopicsInMemory.Partition partition = topics.partition(topic, number);
        for (int i = 0; i < partition.entries.size(); i++) {
            Entry entry = partition.entries.get(i);
            partition.entries.set(i, new Entry(topic, number, 2L * i, entry.timestamp(), entry.key(), entry.value()));
        }
        partition.end = 2L * partition.entries.size();
    }

    static Entry with(Entry entry, byte[] value) {
        return new Entry(entry.topic(), entry.partition(), entry.offset(), entry.timestamp(), entry.key(), value);
    }

    /**
     * The record with something in it that is another.
     *
     * @param ofTheRun whether it has to be a record of the same run still
     */
    private byte[] changed(Entry entry, TopicsInMemory topics, boolean ofTheRun) {
        while (true) {
            JsonNode tree = tree(entry);
            List<Runnable> changes = new ArrayList<>();
            changes("", tree, ofTheRun, changes, topics);
            changes.get(random.nextInt(changes.size())).run();
            byte[] value = bytes(tree);
            boolean another = !same(type(entry.topic()), entry.value(), value);
            if (another && (!ofTheRun || readable(type(entry.topic()), value))) {
                return value;
            }
        }
    }

    private void changes(String name, JsonNode node, boolean ofTheRun, List<Runnable> changes, TopicsInMemory topics) {
        switch (node) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    String of = field.getKey();
                    if (of.equals("type") || (ofTheRun && of.equals("run"))) {
                        continue;
                    }
                    if (field.getValue().isValueNode()) {
                        changes.add(() -> object.set(of, another(of, object.get(of))));
                    }
                    changes(of, field.getValue(), ofTheRun, changes, topics);
                    changes.add(() -> object.remove(of));
                }
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    int at = i;
                    if (array.get(i).isValueNode()) {
                        changes.add(() -> array.set(at, another(name, array.get(at))));
                    }
                    changes(name, array.get(i), ofTheRun, changes, topics);
                    changes.add(() -> array.remove(at));
                }
            }
            default -> {
                // A value is changed by what holds it.
            }
        }
    }

    private JsonNode another(String field, JsonNode value) {
        if (value.isBoolean()) {
            return BooleanNode.valueOf(!value.booleanValue());
        }
        if (value.isNumber()) {
            return LongNode.valueOf(value.longValue() + (random.nextBoolean() ? 1L : -1) * (1 + random.nextInt(2)));
        }
        String text = value.asText();
        if (WORDS.containsKey(field)) {
            return TextNode.valueOf(
                    WORDS.get(field).get(random.nextInt(WORDS.get(field).size())));
        }
        if (Digest.tryParse(text).isPresent()) {
            return TextNode.valueOf(
                    RandomRegistry.digest("layer" + random.nextInt(20)).toString());
        }
        if (text.matches("\\d{8}-\\d{6}")) {
            List<String> others = List.of("20261030-000000", "20261101-000000", "20261102-000000", "20261103-000000");
            return TextNode.valueOf(others.get(random.nextInt(others.size())));
        }
        if (text.matches("[0-9a-f]{64}")) {
            return TextNode.valueOf((text.startsWith("0") ? "1" : "0") + text.substring(1));
        }
        return TextNode.valueOf(random.nextBoolean() ? text + "x" : "app");
    }

    static Class<?> type(String topic) {
        return switch (topic.substring(RecordedRun.TOPICS.prefix().length())) {
            case "runs" -> RunRecord.class;
            case "work" -> WorkRecord.class;
            case "work.done" -> WorkDoneRecord.class;
            case "repositories" -> RepositoryRecord.class;
            case "tags" -> TagsRecord.class;
            case "manifests", "blobs", "layers" -> EnumeratedRecord.class;
            case "marks" -> MarksRecord.class;
            case "eligible", "eligible.dry-run" -> EligibleRecord.class;
            case "deletions" -> DeletionRecord.class;
            default -> throw new IllegalArgumentException(topic);
        };
    }

    /** Whether both say the same to whoever reads them. */
    private static boolean same(Class<?> type, byte[] one, byte[] other) {
        Optional<?> read = read(type, one);
        return read.isPresent() && read.equals(read(type, other));
    }

    private static boolean readable(Class<?> type, byte[] value) {
        return read(type, value).isPresent();
    }

    private static Optional<?> read(Class<?> type, byte[] value) {
        try {
            return Optional.of(JsonSerde.MAPPER.readValue(value, type));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static ObjectNode tree(Entry entry) {
        try {
            return (ObjectNode) JsonSerde.MAPPER.readTree(entry.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(JsonNode tree) {
        try {
            return JsonSerde.MAPPER.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
