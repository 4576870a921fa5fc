package dev.tidemark.cli.command;

import dev.tidemark.schemas.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * To whom the bytes are put down that a run would free. A group of tags has what its manifests lead to: what they name,
 * and what refers to them. What several groups have is shared among them evenly; so the sum is that of the run.
 *
 * @param shares of each group, in their order
 * @param rest bytes of what no group leads to
 */
record FreedBytes(List<Share> shares, long rest) {

    /**
     * The bytes of a group.
     *
     * @param freed its share: the bytes that it leads to alone, and its part of the others
     * @param alone bytes that no other group leads to: it would free as much if the others kept all
     */
    record Share(long freed, long alone) {

        private Share plus(long share, boolean shared) {
            return new Share(freed + share, alone + (shared ? 0 : share));
        }
    }

    /**
     * Shares them out.
     *
     * @param eligible the blobs that would be deleted, each with its bytes
     * @param leads from a manifest to the digests that it leads to
     * @param groups the manifests that the tags of each group name
     */
    static FreedBytes of(
            Map<Digest, Long> eligible,
            Map<Digest, ? extends Collection<Digest>> leads,
            List<? extends Collection<Digest>> groups) {
        Map<Digest, List<Integer>> reached = new HashMap<>();
        for (int group = 0; group < groups.size(); group++) {
            for (Digest digest : reached(eligible.keySet(), leads, groups.get(group))) {
                reached.computeIfAbsent(digest, each -> new ArrayList<>(1)).add(group);
            }
        }
        Share[] shares = new Share[groups.size()];
        Arrays.fill(shares, new Share(0, 0));
        reached.forEach((digest, by) -> {
            long bytes = eligible.get(digest);
            // What is left over goes to the first.
            long over = bytes % by.size();
            for (int i = 0; i < by.size(); i++) {
                long share = bytes / by.size() + (i < over ? 1 : 0);
                shares[by.get(i)] = shares[by.get(i)].plus(share, by.size() > 1);
            }
        });
        long all = eligible.values().stream().mapToLong(Long::longValue).sum();
        long put = List.of(shares).stream().mapToLong(Share::freed).sum();
        return new FreedBytes(List.of(shares), all - put);
    }

    /** What lives leads to nothing that would be deleted. */
    private static Set<Digest> reached(
            Set<Digest> eligible, Map<Digest, ? extends Collection<Digest>> leads, Collection<Digest> from) {
        Set<Digest> reached = new HashSet<>();
        Deque<Digest> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            Digest digest = open.pop();
            if (eligible.contains(digest) && reached.add(digest)) {
                Collection<Digest> next = leads.get(digest);
                if (next != null) {
                    open.addAll(next);
                }
            }
        }
        return reached;
    }
}
