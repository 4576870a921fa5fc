package dev.tidemark.evidence.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** The records of a recorded run, and what somebody does to them who tampers with it. */
final class RunEditor {

    private static final Topics TOPICS = RecordedRun.TOPICS;
    private static final RunId RUN = RecordedRun.RUN;

    final TopicsInMemory topics;
    final Random random;

    RunEditor(TopicsInMemory topics, Random random) {
        this.topics = topics;
        this.random = random;
    }

    interface Edit {
        /** The record as it is to be; null to take it out. */
        ObjectNode of(ObjectNode node);
    }

    boolean ofRun(Entry entry, String type) {
        ObjectNode tree = Tampering.tree(entry);
        return tree.path("run").asText().equals(RUN.text())
                && (type == null || tree.path("type").asText().equals(type));
    }

    List<Entry> entries(String topic, String type) {
        return topics.all().stream()
                .filter(entry -> entry.topic().equals(topic) && ofRun(entry, type))
                .toList();
    }

    void replace(Entry entry, byte[] value) {
        List<Entry> in = topics.partition(entry.topic(), entry.partition()).entries;
        if (value == null) {
            in.remove(entry);
        } else {
            in.set(in.indexOf(entry), Tampering.with(entry, value));
        }
    }

    /** Edits one record of that type. */
    boolean edit(String topic, String type, Edit edit) {
        List<Entry> all = entries(topic, type);
        if (all.isEmpty()) {
            return false;
        }
        Entry entry = all.get(random.nextInt(all.size()));
        ObjectNode before = Tampering.tree(entry);
        ObjectNode after = edit.of(before.deepCopy());
        replace(entry, after == null ? null : Tampering.bytes(after));
        return after == null || !after.equals(before);
    }

    /** Edits one record of the run that is as it should be for that; takes it out if there is no edit. */
    boolean editOne(String topic, Predicate<ObjectNode> which, Edit edit) {
        List<Entry> all = entries(topic, null).stream()
                .filter(entry -> which.test(Tampering.tree(entry)))
                .toList();
        if (all.isEmpty()) {
            return false;
        }
        Entry entry = all.get(random.nextInt(all.size()));
        replace(entry, edit == null ? null : Tampering.bytes(edit.of(Tampering.tree(entry))));
        return true;
    }

    boolean remove(String topic, String type) {
        return edit(topic, type, node -> null);
    }

    /** Edits one entry of a pack that the edit changes something of. */
    boolean editEntries(String topic, Edit edit) {
        return editEntries(topic, topic.substring(TOPICS.prefix().length()), edit);
    }

    /** The same of the entries of that field. */
    boolean editEntries(String topic, String field, Edit edit) {
        List<Runnable> possible = new ArrayList<>();
        for (Entry entry : topics.all()) {
            if (!entry.topic().equals(topic)
                    || !ofRun(entry, null)
                    || Tampering.tree(entry).path("type").asText().endsWith("-of-input")) {
                continue;
            }
            ObjectNode tree = Tampering.tree(entry);
            JsonNode pack = tree.path(field);
            for (int i = 0; i < pack.size(); i++) {
                ObjectNode copy = tree.deepCopy();
                ArrayNode all = (ArrayNode) copy.path(field);
                ObjectNode after = edit.of((ObjectNode) all.get(i).deepCopy());
                if (after == null) {
                    all.remove(i);
                    possible.add(() -> replace(entry, isEmpty(copy) ? null : Tampering.bytes(copy)));
                } else if (!after.equals(all.get(i))) {
                    all.set(i, after);
                    possible.add(() -> replace(entry, Tampering.bytes(copy)));
                }
            }
        }
        if (possible.isEmpty()) {
            return false;
        }
        possible.get(random.nextInt(possible.size())).run();
        return true;
    }

    /** Changes an option wherever it is said; a boolean is turned round. */
    boolean options(String name, Long value) {
        for (Entry entry : topics.all()) {
            if (ofRun(entry, "requested") || ofRun(entry, "start-of-input")) {
                ObjectNode tree = Tampering.tree(entry);
                ObjectNode options = (ObjectNode) tree.path("options");
                if (value == null) {
                    options.put(name, !options.path(name).asBoolean());
                } else {
                    options.put(name, value);
                }
                replace(entry, Tampering.bytes(tree));
            }
        }
        return true;
    }

    String eligibleTopic() {
        return entries(TOPICS.eligible(), "end-of-eligible").isEmpty() ? TOPICS.eligibleDryRun() : TOPICS.eligible();
    }

    static ObjectNode removed(ObjectNode node, String field) {
        node.remove(field);
        return node;
    }

    /** Without a digest, and the size that is said of it. */
    static ObjectNode without(ObjectNode node, String digests, int at) {
        ((ArrayNode) node.path(digests)).remove(at);
        if (node.path("sizes") instanceof ArrayNode sizes) {
            sizes.remove(at);
        }
        return node;
    }

    private static boolean isEmpty(ObjectNode pack) {
        return pack.properties().stream()
                .allMatch(
                        field -> !field.getValue().isArray() || field.getValue().isEmpty());
    }
}
