package dev.tidemark.evidence.audit;

import static dev.tidemark.evidence.audit.RunEditor.removed;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.evidence.index.RandomRegistry;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Alterations of the tags of a run, of its policy, and of the tags that it deleted. */
final class TagAlterations {

    private static final Topics TOPICS = RecordedRun.TOPICS;

    private final RunEditor run;

    TagAlterations(RunEditor run) {
        this.run = run;
    }

    /** By what is done. */
    Map<String, Alteration> all() {
        var acts = new LinkedHashMap<String, Alteration>();
        acts.put("a tag is taken out", () -> run.editEntries(TOPICS.tags(), entry -> null));
        acts.put(
                "a tag names another manifest",
                () -> run.editEntries(
                        TOPICS.tags(),
                        entry -> entry.put(
                                "digest", RandomRegistry.digest("nobody's").toString())));
        acts.put(
                "the verdict on a tag is turned round",
                () -> run.editEntries(TOPICS.tags(), entry -> {
                    if (entry.path("verdict") instanceof ObjectNode verdict) {
                        verdict.put("kept", !verdict.path("kept").asBoolean());
                    }
                    return entry;
                }));
        acts.put(
                "the verdict on a tag is by another rule",
                () -> run.editEntries(TOPICS.tags(), entry -> {
                    if (entry.path("verdict") instanceof ObjectNode verdict) {
                        verdict.put("rule", "apps, line 99: *");
                    }
                    return entry;
                }));
        acts.put(
                "a tag is said to be much older",
                () -> run.editEntries(
                        TOPICS.tags(),
                        entry -> entry.has("verdict") ? entry.put("pushed", -1_795_000_000_000L) : entry));
        acts.put(
                "what holds a tag is forgotten", () -> run.editEntries(TOPICS.tags(), entry -> removed(entry, "held")));
        acts.put(
                "a subject is said to be gone that is there",
                () -> run.editEntries(TOPICS.tags(), entry -> {
                    if (entry.path("subject") instanceof ObjectNode subject && !subject.has("gone")) {
                        subject.put("gone", 1);
                    }
                    return entry;
                }));
        acts.put(
                "nothing is said of a subject",
                () -> run.editEntries(TOPICS.tags(), entry -> removed(entry, "subject")));
        acts.put(
                "a tag has named something else",
                () -> run.editEntries(TOPICS.tags(), entry -> {
                    entry.path("history")
                            .forEach(past -> ((ObjectNode) past)
                                    .put("digest", entry.path("digest").asText()));
                    return entry;
                }));
        acts.put(
                "a manifest says that none of its tags goes",
                () -> run.editEntries(TOPICS.manifests(), entry -> removed(entry, "going")));
        acts.put(
                "a manifest says that its tags go",
                () -> run.editEntries(TOPICS.manifests(), entry -> {
                    ArrayNode going = entry.putArray("going");
                    entry.path("tags")
                            .forEach(tag ->
                                    going.addObject().put("tag", tag.asText()).put("pushed", 1));
                    return entry;
                }));
        acts.put(
                "a manifest is said to be let go",
                () -> run.editEntries(TOPICS.manifests(), entry -> entry.put("letGo", true)));
        acts.put(
                "a manifest is said not to be let go",
                () -> run.editEntries(TOPICS.manifests(), entry -> removed(entry, "letGo")));
        acts.put(
                "the policy is said to keep a manifest",
                () -> run.editEntries(
                        TOPICS.manifests(),
                        entry -> entry.has("pinned")
                                ? entry
                                : entry.put(
                                        "pinned",
                                        PolicyText.keeps(
                                                "apps, line 9: untagged", "one of the last 1 that v1 named before"))));
        acts.put(
                "the policy is not said to keep a manifest",
                () -> run.editEntries(
                        TOPICS.manifests(),
                        entry -> PolicyText.isKept(entry.path("pinned").asText()) ? removed(entry, "pinned") : entry));
        acts.put(
                "the policy is taken out", () -> run.edit(TOPICS.runs(), "requested", node -> removed(node, "policy")));
        acts.put(
                "the policy is another",
                () -> run.edit(TOPICS.runs(), "requested", node -> {
                    if (node.path("policy") instanceof ObjectNode policy) {
                        var kept = PolicyText.of(policy.path("text").asText().replace("keep: none", "keep: all"));
                        policy.put("text", kept.text())
                                .put("digest", kept.digest().toString());
                    }
                    return node;
                }));
        acts.put("an eligible tag is taken out", () -> run.editOne(run.eligibleTopic(), TagAlterations::isTag, null));
        acts.put(
                "an eligible tag is another",
                () -> run.editOne(run.eligibleTopic(), TagAlterations::isTag, node -> node.put("tag", "another")));
        acts.put(
                "the deletion of a tag is taken out",
                () -> run.editOne(TOPICS.deletions(), TagAlterations::isTag, null));
        acts.put(
                "a tag that was deleted is another",
                () -> run.editOne(TOPICS.deletions(), TagAlterations::isTag, node -> node.put("tag", "another")));
        acts.put(
                "a tag could not be deleted",
                () -> run.editOne(
                        TOPICS.deletions(),
                        TagAlterations::isTag,
                        node -> node.put("outcome", "failed")
                                .put("why", "permission denied")
                                .put("bytes", 0)));
        acts.put("a tag is deleted after all else", this::tagDeletedLast);
        acts.put(
                "something was deleted long before the tags were",
                () -> run.editOne(
                        TOPICS.deletions(),
                        node -> !isTag(node),
                        node -> node.put("at", node.path("at").asLong() - 7_200_000)));
        acts.put("that tags were swept is taken out", () -> run.remove(TOPICS.runs(), "tags-swept"));
        acts.put(
                "more tags are said to be eligible",
                () -> run.edit(TOPICS.runs(), "decided", node -> {
                    ObjectNode totals = (ObjectNode) node.path("totals");
                    totals.put("eligibleTags", totals.path("eligibleTags").asLong() + 1);
                    return node;
                }));
        return acts;
    }

    private static boolean isTag(ObjectNode node) {
        return node.path("kind").asText().equals("tag");
    }

    private boolean tagDeletedLast() {
        for (Entry entry : run.entries(TOPICS.deletions(), null)) {
            List<Entry> in = run.topics.partition(entry.topic(), entry.partition()).entries;
            if (isTag(Tampering.tree(entry))
                    && in.stream().anyMatch(other -> run.ofRun(other, null) && !isTag(Tampering.tree(other)))) {
                in.remove(entry);
                in.add(entry);
                Tampering.renumber(run.topics, entry.topic(), entry.partition());
                return true;
            }
        }
        return false;
    }
}
