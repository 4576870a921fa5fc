package dev.tidemark.marker.rules;

import dev.tidemark.marker.rows.Row;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.MarksRecord.Marks;
import dev.tidemark.schemas.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** The marks that one record brings about, packed by the partition that they go to, and there by parent. */
public final class MarkPacks {

    private final ToIntFunction<Digest> partitioner;
    private final int most;
    private final Destination[] destinations;

    /**
     * @param partitioner the partition of a digest, from 0 to partitions - 1
     * @param most digests in a pack, so that no record grows too large
     */
    public MarkPacks(int partitions, ToIntFunction<Digest> partitioner, int most) {
        this.partitioner = partitioner;
        this.most = most;
        destinations = new Destination[partitions];
        clear();
    }

    /** The marks for one partition. The last entry is still open: most marks have the parent of the one before. */
    private static final class Destination {
        private List<List<Marks.Entry>> packs = new ArrayList<>();
        private List<Marks.Entry> pack = new ArrayList<>();
        private int digests;
        private Digest parent;
        private String repository;
        private boolean index;
        private List<Row.Reference> required = new ArrayList<>();
        private List<Digest> optional = new ArrayList<>();

        private void closeEntry() {
            if (parent != null) {
                pack.add(new Marks.Entry(
                        parent,
                        repository,
                        required.stream().map(Row.Reference::digest).toList(),
                        Sizes.of(
                                required.stream().mapToLong(Row.Reference::said).toArray()),
                        optional,
                        index ? true : null,
                        null));
                parent = null;
                required = new ArrayList<>();
                optional = new ArrayList<>();
            }
        }

        private void closePack() {
            closeEntry();
            if (!pack.isEmpty()) {
                packs.add(pack);
                pack = new ArrayList<>();
                digests = 0;
            }
        }
    }

    int partitions() {
        return destinations.length;
    }

    /** @param index whether the parent is an index */
    void add(Digest parent, String repository, boolean index, Row.Reference reference) {
        Destination at = destination(reference.digest());
        if (!parent.equals(at.parent) || !repository.equals(at.repository) || index != at.index) {
            at.closeEntry();
            at.parent = parent;
            at.repository = repository;
            at.index = index;
        }
        if (reference.optional()) {
            at.optional.add(reference.digest());
        } else {
            at.required.add(reference);
        }
        at.digests++;
    }

    /** Tells the subject of a repository's manifest that this one refers to it. */
    void refer(Digest referrer, String repository, Digest subject) {
        Destination at = destination(subject);
        at.closeEntry();
        at.pack.add(new Marks.Entry(referrer, repository, null, null, null, null, subject));
        at.digests++;
    }

    /** The marks of the digest's partition, with room for one more. */
    private Destination destination(Digest digest) {
        Destination at = destinations[partitioner.applyAsInt(digest)];
        if (at.digests == most) {
            at.closePack();
        }
        return at;
    }

    /** Drops all that was not taken. */
    void clear() {
        Arrays.setAll(destinations, to -> new Destination());
    }

    /** Takes the packs for a partition. */
    List<List<Marks.Entry>> take(int to) {
        Destination at = destinations[to];
        at.closePack();
        List<List<Marks.Entry>> taken = at.packs;
        if (!taken.isEmpty()) {
            at.packs = new ArrayList<>();
        }
        return taken;
    }
}
