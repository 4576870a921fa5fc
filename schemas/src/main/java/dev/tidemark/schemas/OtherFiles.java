package dev.tidemark.schemas;

/**
 * The files of a storage that are neither blobs nor of uploads, as a value that adds up over a run's items.
 *
 * @param links of revisions, layers and tags
 * @param histories links in the histories of tags; null if some were not read
 * @param unknown files that are in no place where a registry has any
 * @param trash those that sweeps have taken out of the registry; null if they can't be listed
 * @param disk the file system that they are on; null in a bucket, and of all items but one
 */
public record OtherFiles(Tally links, Tally histories, Tally unknown, Tally trash, Disk disk) {

    /** Where there are none. */
    public static final OtherFiles NONE = unknown(Tally.NONE);

    public OtherFiles {
        Fields.require(links, unknown);
    }

    /**
     * A file system, whatever else it has on it.
     *
     * @param used bytes that are in use
     * @param free bytes that are left for Tidemark's user
     */
    public record Disk(long used, long free) {}

    /** Of files in no place where a registry has any, and of nothing else. */
    public static OtherFiles unknown(Tally files) {
        return new OtherFiles(Tally.NONE, Tally.NONE, files, Tally.NONE, null);
    }

    OtherFiles plus(OtherFiles other) {
        return new OtherFiles(
                links.plus(other.links),
                sum(histories, other.histories),
                unknown.plus(other.unknown),
                sum(trash, other.trash),
                disk == null ? other.disk : disk);
    }

    private static Tally sum(Tally some, Tally more) {
        return some == null || more == null ? null : some.plus(more);
    }
}
