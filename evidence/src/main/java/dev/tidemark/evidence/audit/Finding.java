package dev.tidemark.evidence.audit;

/**
 * Something that the records say and that is not so, or that they contradict each other in.
 *
 * @param what in words, with names as they are in the records: they can hold anything
 * @param offset of the record; -1 where the record is what is missing
 */
public record Finding(Kind kind, String what, String topic, int partition, long offset) {

    /** The ways in which a record can be wrong. */
    public enum Kind {
        /** It was counted, or follows from the rest, and is not there. */
        MISSING("missing"),
        /** It is there, and nothing counts it, or it follows from nothing. */
        UNEXPECTED("not to be expected"),
        REPEATED("there more than once"),
        MISPLACED("where it doesn't belong"),
        /** Checksums differ. */
        ALTERED("altered"),
        /** It contradicts other records. */
        CONTRADICTION("contradicted"),
        /** A live digest was to be deleted, or was. */
        LIVE("live, and not kept"),
        /** It was deleted without the leave that it needed. */
        WITHOUT_LEAVE("deleted without leave"),
        /** The storage says otherwise. */
        STORAGE("not what the storage holds");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
