package dev.tidemark.evidence.audit;

import static dev.tidemark.evidence.audit.RunEditor.removed;
import static dev.tidemark.evidence.audit.RunEditor.without;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.evidence.index.RandomRegistry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Topics;
import java.util.LinkedHashMap;
import java.util.Map;

/** Alterations of the manifests of a run, and of what is said of them. */
final class ManifestAlterations {

    private static final Topics TOPICS = RecordedRun.TOPICS;

    private final RunEditor run;

    ManifestAlterations(RunEditor run) {
        this.run = run;
    }

    /** By what is done. */
    Map<String, Alteration> all() {
        var acts = new LinkedHashMap<String, Alteration>();
        acts.put("a manifest is taken out", () -> run.editEntries(TOPICS.manifests(), entry -> null));
        acts.put(
                "a manifest loses a reference",
                () -> run.editEntries(
                        TOPICS.manifests(),
                        entry -> entry.path("references").isEmpty() ? entry : without(entry, "references", 0)));
        acts.put(
                "a manifest loses its tag", () -> run.editEntries(TOPICS.manifests(), entry -> removed(entry, "tags")));
        acts.put(
                "a manifest gets another reference",
                () -> run.editEntries(TOPICS.manifests(), entry -> {
                    entry.withArray("references")
                            .add(RandomRegistry.digest("layer" + run.random.nextInt(8))
                                    .toString());
                    if (entry.path("sizes") instanceof ArrayNode sizes) {
                        sizes.add(Sizes.UNKNOWN);
                    }
                    return entry;
                }));
        acts.put(
                "a manifest loses its subject",
                () -> run.editEntries(TOPICS.manifests(), entry -> removed(entry, "subject")));
        acts.put(
                "a manifest gets another subject",
                () -> run.editEntries(
                        TOPICS.manifests(),
                        entry -> entry.put(
                                "subject",
                                RandomRegistry.digest("manifest" + run.random.nextInt(3) + ".0")
                                        .toString())));
        acts.put(
                "a subject is told of another referrer",
                () -> run.editEntries(
                        TOPICS.marks(),
                        entry -> entry.has("subject")
                                ? entry.put(
                                        "parent",
                                        RandomRegistry.digest("nobody's").toString())
                                : entry));
        acts.put(
                "a missing layer link is not counted",
                () -> run.edit(TOPICS.runs(), "decided", decided -> {
                    ObjectNode unlinked = (ObjectNode) decided.path("totals").path("unlinked");
                    unlinked.put("links", unlinked.path("links").asLong() + 1);
                    return decided;
                }));
        acts.put(
                "a manifest says another size of what it names",
                () -> run.editEntries(TOPICS.manifests(), entry -> {
                    if (entry.path("sizes") instanceof ArrayNode sizes) {
                        sizes.set(0, IntNode.valueOf(sizes.path(0).asInt() + 2));
                    }
                    return entry;
                }));
        acts.put("a mark says no sizes", () -> run.editEntries(TOPICS.marks(), entry -> removed(entry, "sizes")));
        acts.put(
                "a blob of another size is not counted",
                () -> run.edit(TOPICS.runs(), "decided", decided -> wrongSizes(decided, "blobs")));
        acts.put(
                "a blob of another size is said to have a third",
                () -> run.edit(TOPICS.runs(), "decided", decided -> wrongSizes(decided, "size")));
        return acts;
    }

    /** Of the blobs of another size, one more; or the first of them has a byte more. */
    private static ObjectNode wrongSizes(ObjectNode decided, String field) {
        JsonNode wrong = decided.path("totals").path("wrongSizes");
        if ((field.equals("blobs") ? wrong : wrong.path("first").path(0)) instanceof ObjectNode said) {
            said.put(field, said.path(field).asLong() + 1);
        }
        return decided;
    }
}
