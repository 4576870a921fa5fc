package dev.tidemark.evidence.audit;

import static dev.tidemark.evidence.audit.RunEditor.removed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.evidence.index.RandomRegistry;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.schemas.Topics;
import java.util.LinkedHashMap;
import java.util.Map;

/** Alterations of the blobs and layer links of a run. */
final class BlobAlterations {

    private static final Topics TOPICS = RecordedRun.TOPICS;

    private final RunEditor run;

    BlobAlterations(RunEditor run) {
        this.run = run;
    }

    /** By what is done. */
    Map<String, Alteration> all() {
        var acts = new LinkedHashMap<String, Alteration>();
        acts.put("a blob is taken out", () -> run.editEntries(TOPICS.blobs(), entry -> null));
        acts.put("a young blob is made old", () -> run.editEntries(TOPICS.blobs(), BlobAlterations::aged));
        acts.put(
                "a pin is taken from a blob", () -> run.editEntries(TOPICS.blobs(), entry -> removed(entry, "pinned")));
        acts.put("something that is not pinned is held", this::heldUnpinned);
        acts.put(
                "a blob is made larger",
                () -> run.editEntries(
                        TOPICS.blobs(),
                        entry -> entry.put("size", entry.path("size").asLong() + 1)));
        acts.put("a layer link is taken out", () -> run.editEntries(TOPICS.layers(), entry -> null));
        acts.put(
                "an upload is made old",
                () -> run.editEntries(
                        TOPICS.layers(), "leftovers", entry -> entry.put("modified", RandomRegistry.LEFTOVERS - 1)));
        acts.put("a young layer link is made old", () -> run.editEntries(TOPICS.layers(), BlobAlterations::aged));
        acts.put(
                "a layer link forgets its target",
                () -> run.editEntries(TOPICS.layers(), entry -> removed(entry, "target")));
        return acts;
    }

    private static ObjectNode aged(ObjectNode entry) {
        return entry.path("modified").asLong() >= RandomRegistry.CUTOFF ? entry.put("modified", 1) : entry;
    }

    /** A hold is put into the plan, of a blob that its record does not pin. */
    private boolean heldUnpinned() {
        for (Entry entry : run.entries(TOPICS.blobs(), "blobs")) {
            for (JsonNode blob : Tampering.tree(entry).path("blobs")) {
                if (!blob.has("pinned")) {
                    return run.edit(TOPICS.workDone(), "planned", plan -> {
                        if (plan.path("round").asInt() == 0) {
                            plan.withArray("holds")
                                    .addObject()
                                    .put("of", blob.path("digest").asText())
                                    .put("by", "operator")
                                    .put("at", 1);
                        }
                        return plan;
                    });
                }
            }
        }
        return false;
    }
}
