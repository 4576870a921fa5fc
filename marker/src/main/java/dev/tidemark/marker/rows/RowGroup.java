package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The rows of one digest that one run has written.
 *
 * @param own null where nothing is known of the digest itself
 * @param links by repository, in the order of their names
 * @param manifests by repository, in the order of their names
 * @param leftover what was left behind and has a path of that digest; null where nothing has
 */
public record RowGroup(
        Digest digest,
        Row.OfDigest own,
        Map<String, Row.OfLink> links,
        Map<String, Row.OfManifest> manifests,
        LeftoverRow leftover) {

    /** How many rows there are. */
    public int size() {
        return (own == null ? 0 : 1) + links.size() + manifests.size() + (leftover == null ? 0 : 1);
    }

    /** The groups of a partition, in the order of their digests. Rows of other runs are deleted on the way. */
    public interface Cursor extends Iterator<RowGroup>, AutoCloseable {

        /** Where the next group starts: a key of the store; null at the end. */
        byte[] position();

        /**
         * Goes through the groups that come next.
         *
         * @param rows how many rows to read at least, if there are that many
         */
        default void slice(int rows, Consumer<RowGroup> each) {
            int read = 0;
            while (read < rows && hasNext()) {
                RowGroup group = next();
                read += Math.max(1, group.size());
                each.accept(group);
            }
        }

        @Override
        void close();
    }
}
