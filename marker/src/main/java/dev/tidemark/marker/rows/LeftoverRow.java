package dev.tidemark.marker.rows;

import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Kind;

/**
 * A leftover. Its digest is that of its path, so it is the digest's only row.
 *
 * @param repository where; null for a blob's directory, and for a multipart upload that is of none
 * @param path of an upload, a multipart upload, a directory or a link, below that of its repository; null for a
 *     repository
 * @param pinned whether it is kept, however old it is
 * @param since the number of the first run that found it eligible, of those that followed each other up to this
 *     one; 0 if it is not
 */
public record LeftoverRow(
        long run, Kind kind, String repository, String path, long modified, long bytes, boolean pinned, long since)
        implements Row {

    /** The row of a record. */
    public static LeftoverRow of(
            long run, String repository, EnumeratedRecord.Leftover leftover, EnumeratedRecord.Options options) {
        return new LeftoverRow(
                        run,
                        leftover.kind(),
                        repository,
                        leftover.path(),
                        leftover.modified(),
                        leftover.bytes(),
                        leftover.pinned() != null,
                        0)
                .decided(run, options);
    }

    /** The row of a later run than that which found it eligible. An upload that is a directory now is another. */
    public LeftoverRow after(LeftoverRow before) {
        return since == 0 || before.since == 0 || kind != before.kind ? this : since(before.since);
    }

    /** A repetition that says something else adds what it says: more is kept, never less. */
    public LeftoverRow plus(LeftoverRow again, EnumeratedRecord.Options options) {
        return new LeftoverRow(
                        run,
                        kind,
                        repository,
                        path,
                        Math.max(modified, again.modified),
                        Math.max(bytes, again.bytes),
                        pinned || again.pinned,
                        0)
                .decided(since, options);
    }

    private LeftoverRow decided(long eligibleSince, EnumeratedRecord.Options options) {
        return since(!pinned && options.abandoned(modified) ? eligibleSince : 0);
    }

    private LeftoverRow since(long first) {
        return new LeftoverRow(run, kind, repository, path, modified, bytes, pinned, first);
    }
}
