package dev.tidemark.sweeper.look;

import dev.tidemark.policy.Policy;
import dev.tidemark.policy.TagVerdict;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides once more on the tags of a run, with the pulls since then: what was pulled later counts as pulled at the
 * instant that the policy counts from. In memory are the tags of the repositories that lose some, and in which
 * something was pulled.
 */
final class PulledTags {

    private final Policy policy;
    private final long now;
    private final Long pullsSince;
    private long going;
    /** By repository that loses tags: the tags and digests that were pulled. */
    private final Map<String, Set<String>> pulled = new HashMap<>();

    private final Map<String, List<Tag>> tags = new HashMap<>();

    /** @param policy of the run, which asks for pulls */
    PulledTags(Run run, Policy policy) {
        this.policy = policy;
        now = run.requested().at();
        pullsSince = run.enumerated().pullsSince();
    }

    /** Takes the run's tags: of each repository, whether it loses any. */
    void going(TagsRecord record) {
        long losing = record.tags().stream().filter(Tag::goes).count();
        going += losing;
        if (losing > 0) {
            pulled.putIfAbsent(record.repository(), new HashSet<>());
        }
    }

    /** How many tags go, of those that were taken. */
    long going() {
        return going;
    }

    /**
     * Takes a pull.
     *
     * @param reference as {@code team/app:v1} or {@code team/app@sha256:9f86d0…}
     * @param at no later than that, in ms since the epoch
     */
    void pulled(String reference, long at) {
        int digest = reference.indexOf('@');
        int end = digest >= 0 ? digest : reference.lastIndexOf(':');
        Set<String> here = end < 0 ? null : pulled.get(reference.substring(0, end));
        if (here != null && at > now) {
            here.add(reference.substring(end + 1));
        }
    }

    /** Forgets the repositories in which nothing was pulled; whether any is left. */
    boolean any() {
        pulled.values().removeIf(Set::isEmpty);
        return !pulled.isEmpty();
    }

    /**
     * Takes manifests of the run: who pulls an image of an index pulls the index. Whether there is a new one, so that
     * the run's manifests have to be taken once more.
     */
    boolean leadToPulled(Manifests pack) {
        Set<String> here = pulled.get(pack.repository());
        boolean more = false;
        for (Manifest manifest : here == null ? List.<Manifest>of() : pack.manifests()) {
            if (manifest.references().stream().anyMatch(named -> here.contains(named.toString()))) {
                more |= here.add(manifest.digest().toString());
            }
        }
        return more;
    }

    /** Takes the run's tags, once all pulls are known. */
    void add(TagsRecord record) {
        if (pulled.containsKey(record.repository())) {
            tags.computeIfAbsent(record.repository(), name -> new ArrayList<>()).addAll(record.tags());
        }
    }

    /** The manifests of the tags that went, and would stay. */
    Set<Nominee> spared() {
        Set<Nominee> spared = new HashSet<>();
        tags.forEach((repository, all) -> {
            Map<String, Tag> lost = new HashMap<>();
            all.stream().filter(Tag::goes).forEach(tag -> lost.put(tag.name(), tag));
            List<dev.tidemark.policy.Tag> by = all.stream()
                    .map(tag -> dev.tidemark.policy.Tag.of(pulledNow(repository, tag)))
                    .toList();
            for (TagVerdict word :
                    policy.decide(repository, by, now, pullsSince).tags()) {
                if (word.kept() && lost.containsKey(word.tag())) {
                    spared.add(new Nominee(repository, lost.get(word.tag()).digest()));
                }
            }
        });
        return spared;
    }

    private Tag pulledNow(String repository, Tag tag) {
        Set<String> here = pulled.get(repository);
        return here.contains(tag.name()) || here.contains(tag.digest().toString())
                ? tag.with(now, tag.held(), tag.subject(), tag.verdict())
                : tag;
    }
}
