package dev.tidemark.testkit;

import dev.tidemark.testkit.TestRegistry.Link;
import dev.tidemark.testkit.TestRegistry.Manifest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The live digests and layer links of a registry, worked out by the rules as plainly as can be. */
final class PlainMark {

    /** By digest. */
    final Map<String, Reason> live = new HashMap<>();

    final Set<LiveLink> liveLinks = new LinkedHashSet<>();

    private final TestRegistry registry;
    private final long cutoff;
    private final boolean deleteUntagged;

    /** @param parent null for a root */
    record Reason(String rule, int distance, String parent, String repository) {}

    record LiveLink(String digest, String repository) {}

    PlainMark(TestRegistry registry, long cutoff, boolean deleteUntagged) {
        this.registry = registry;
        this.cutoff = cutoff;
        this.deleteUntagged = deleteUntagged;
        roots();
        for (int distance = 1, before = -1; before < live.size() + liveLinks.size(); distance++) {
            before = live.size() + liveLinks.size();
            descend(distance);
        }
    }

    boolean isLive(String digest) {
        return live.containsKey(digest);
    }

    boolean isLive(Link link) {
        return liveLinks.contains(new LiveLink(link.digest(), link.repository()));
    }

    private void roots() {
        for (Manifest m : registry.manifests) {
            if (!m.dangling()) {
                root(registry.isTagged(m), "tag", m.digest(), m.repository());
                root(!deleteUntagged && !registry.isLetGo(m), "untagged-root", m.digest(), m.repository());
                root(m.pinned() != null, "pinned", m.digest(), m.repository());
                root(m.modified() >= cutoff, "young-manifest", m.digest(), m.repository());
            }
        }
        registry.blobs.forEach((digest, blob) -> {
            root(blob.pinned() != null, "pinned", digest, null);
            root(blob.modified() >= cutoff, "young-blob", digest, null);
        });
        for (Link l : registry.links) {
            boolean young = l.modified() >= cutoff;
            root(young, "young-link", l.digest(), l.repository());
            root(l.pinned() != null, "pinned", l.digest(), l.repository());
            if (young || l.pinned() != null) {
                liveLinks.add(new LiveLink(l.digest(), l.repository()));
            }
        }
    }

    private void root(boolean is, String rule, String digest, String repository) {
        if (is) {
            live.putIfAbsent(digest, new Reason(rule, 0, null, repository));
        }
    }

    private void descend(int distance) {
        Set<String> now = Set.copyOf(live.keySet());
        for (Manifest m : registry.manifests) {
            if (now.contains(m.digest())) {
                m.all().forEach(child -> mark(child, new Reason("reference", distance, m.digest(), m.repository())));
            }
            if (m.subject() != null && now.contains(m.subject()) && registry.hasManifest(m.repository(), m.subject())) {
                mark(m.digest(), new Reason("referrer", distance, m.subject(), m.repository()));
            }
        }
        for (Link l : registry.links) {
            if (l.target() != null && isLive(l) && now.contains(l.digest())) {
                mark(l.target(), new Reason("alias", distance, l.digest(), l.repository()));
            }
        }
    }

    private void mark(String digest, Reason reason) {
        live.putIfAbsent(digest, reason);
        liveLinks.add(new LiveLink(digest, reason.repository()));
    }
}
