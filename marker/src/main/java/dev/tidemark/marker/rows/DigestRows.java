package dev.tidemark.marker.rows;

import java.util.HashMap;
import java.util.Map;

/**
 * The value that is stored under a digest: its own row, and those of the first repositories that have it. Rows of
 * more repositories are stored one by one beside it, so that no value grows with the number of repositories.
 *
 * @param own null where nothing is known of the digest itself
 * @param links by repository, {@value #MOST_LINKS} at most
 * @param manifests by repository, {@value #MOST_MANIFESTS} at most
 * @param referrers by repository, {@value #MOST_MANIFESTS} at most
 * @param leftover what was left behind and has a path of that digest; null where nothing has
 * @param more whether there may be rows beside it
 */
record DigestRows(
        Row.OfDigest own,
        Map<String, Row.OfLink> links,
        Map<String, Row.OfManifest> manifests,
        Map<String, Row.OfReferrers> referrers,
        LeftoverRow leftover,
        boolean more) {

    static final DigestRows NONE = new DigestRows(null, Map.of(), Map.of(), Map.of(), null, false);

    static final int MOST_LINKS = 64;
    static final int MOST_MANIFESTS = 4;

    /** Only what was written in that run. */
    DigestRows of(long run) {
        return new DigestRows(
                own != null && own.run() == run ? own : null,
                of(run, links),
                of(run, manifests),
                of(run, referrers),
                leftover != null && leftover.run() == run ? leftover : null,
                more);
    }

    private static <R extends Row> Map<String, R> of(long run, Map<String, R> rows) {
        for (R row : rows.values()) {
            if (row.run() != run) {
                Map<String, R> those = new HashMap<>(rows);
                those.values().removeIf(of -> of.run() != run);
                return those;
            }
        }
        return rows;
    }

    /** How many rows there are. */
    int size() {
        return (own == null ? 0 : 1) + links.size() + manifests.size() + referrers.size() + (leftover == null ? 0 : 1);
    }
}
