package dev.tidemark.schemas;

/**
 * Something in the storage that is not as it should be. A problem never stops a run.
 *
 * @param kind what it is
 * @param where the repository, tag, digest or path that it was found at
 * @param why the exact finding, and what is kept for it
 */
public record Problem(Kind kind, String where, String why) {

    /** The kinds of problems, each with a name for people. */
    public enum Kind {
        DANGLING_MANIFEST("dangling revision links"),
        DANGLING_TAG("dangling tags"),
        /** Links go with which no tag of their repository would be left. */
        LOST_REPOSITORY("repositories that lose all their tags, as these name nothing"),
        UNREADABLE_MANIFEST("manifests kept conservatively"),
        UNREADABLE_TAG("tags that can't be read"),
        MISDIRECTED_LINK("links that name another digest"),
        INVALID_NAME("names that are no valid repository"),
        UNKNOWN_ALGORITHM("unknown digest algorithms"),
        SYMBOLIC_LINK("symbolic links not followed"),
        EMPTY_DIRECTORY("digest directories without their file"),
        EMPTIED_BLOB("blobs that have lost their bytes"),
        UNREADABLE_UPLOAD("uploads whose age can't be told"),
        UNLISTED_MULTIPARTS("refused listings of multipart uploads"),
        UNLISTED_TRASH("failed listings of the trash"),
        STRAY("stray files and directories");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** The kind in words, plural. */
        public String title() {
            return title;
        }
    }
}
