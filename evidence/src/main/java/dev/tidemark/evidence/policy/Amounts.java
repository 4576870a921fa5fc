package dev.tidemark.evidence.policy;

import dev.tidemark.evidence.index.Sql;
import java.sql.Connection;

/**
 * The amounts that stay and that go, by a run's records or by a replay of them.
 *
 * @param tagsKept tags that name a manifest
 * @param tagsGoing tags that a policy lets go
 * @param manifests eligible
 * @param layerLinks eligible
 * @param blobs eligible
 * @param bytes of these blobs
 * @param bytesKept of all others
 */
public record Amounts(
        long tagsKept, long tagsGoing, long manifests, long layerLinks, long blobs, long bytes, long bytesKept) {

    /**
     * Of an index.
     *
     * @param from the table or query that has what is eligible
     */
    static Amounts of(Connection index, String from) {
        Part eligible = Part.of(index, "SELECT kind, count(*), sum(bytes) FROM " + from + " GROUP BY kind");
        long named = Sql.number(
                index,
                "SELECT count(*) FROM tag t JOIN manifest m ON m.digest = t.digest AND m.repository = t.repository "
                        + "WHERE t.current AND NOT m.dangling");
        return new Amounts(
                named - eligible.tags(),
                eligible.tags(),
                eligible.manifests(),
                eligible.layerLinks(),
                eligible.blobs(),
                eligible.bytes(),
                Sql.number(index, "SELECT coalesce(sum(size), 0) FROM blob") - eligible.bytes());
    }

    /**
     * Some of what is eligible.
     *
     * @param bytes of the blobs
     */
    public record Part(long tags, long manifests, long layerLinks, long blobs, long bytes) {

        private static final Part NONE = new Part(0, 0, 0, 0, 0);

        /** @param select kinds, each with a count and with bytes */
        static Part of(Connection index, String select) {
            Part[] sum = {NONE};
            Sql.each(index, select, row -> sum[0] = sum[0].plus(row.getString(1), row.getLong(2), row.getLong(3)));
            return sum[0];
        }

        private Part plus(String kind, long count, long more) {
            return switch (kind) {
                case "tag" -> new Part(tags + count, manifests, layerLinks, blobs, bytes);
                case "manifest" -> new Part(tags, manifests + count, layerLinks, blobs, bytes);
                case "layer" -> new Part(tags, manifests, layerLinks + count, blobs, bytes);
                case "blob" -> new Part(tags, manifests, layerLinks, blobs + count, bytes + more);
                // No policy has a word on it.
                case "upload", "multipart", "directory", "repository", "link" -> this;
                default -> throw new IllegalArgumentException("no kind of what is eligible: " + kind);
            };
        }
    }
}
