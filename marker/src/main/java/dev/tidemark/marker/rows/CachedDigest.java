package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.util.List;

/** The rows of one digest in memory: its own, and those of its repositories. */
final class CachedDigest {

    final RepositoryRows<Row.OfLink> links;
    final RepositoryRows<Row.OfManifest> manifests;
    final RepositoryRows<Row.OfReferrers> referrers;
    Row.OfDigest own;
    LeftoverRow leftover;
    /** Whether there may be rows that are stored by themselves. */
    boolean more;
    /** Whether there are rows that the store has not. */
    boolean changed;

    private final Digest digest;

    CachedDigest(Digest digest, DigestRows rows) {
        this.digest = digest;
        own = rows.own();
        leftover = rows.leftover();
        links = RepositoryRows.links(digest, rows.links());
        manifests = RepositoryRows.manifests(digest, rows.manifests());
        referrers = RepositoryRows.referrers(digest, rows.referrers());
        more = rows.more();
    }

    /** How many rows there are in memory. */
    int weight() {
        return 1 + links.weight() + manifests.weight() + referrers.weight();
    }

    private DigestRows rows() {
        return new DigestRows(own, links.within(), manifests.within(), referrers.within(), leftover, more);
    }

    /** Adds the values that the store has not, and takes them for stored. */
    void collect(List<MarkStore.Entry> entries) {
        entries.add(new MarkStore.Entry(RowKey.of(digest), RowCodec.encode(rows())));
        links.collect(entries);
        manifests.collect(entries);
        referrers.collect(entries);
        changed = false;
    }

    /** The rows that one run has written; those of others are deleted, here and in the store. */
    RowGroup of(long run, MarkStore store) {
        DigestRows all = rows();
        DigestRows current = all.of(run);
        if (current.size() < all.size()) {
            own = current.own();
            leftover = current.leftover();
            links.keepWithin(current.links());
            manifests.keepWithin(current.manifests());
            referrers.keepWithin(current.referrers());
            StoredGroups.keep(store, RowKey.of(digest), current);
        }
        referrers.of(run, store);
        return new RowGroup(digest, own, links.of(run, store), manifests.of(run, store), leftover);
    }
}
