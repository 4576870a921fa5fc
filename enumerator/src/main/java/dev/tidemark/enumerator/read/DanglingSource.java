package dev.tidemark.enumerator.read;

/** Tells of links that name what is not there since when that is known. */
@FunctionalInterface
public interface DanglingSource {

    /**
     * Of a link that this run has found so.
     *
     * @param file its path
     * @return when the first run has found it so, of those that followed each other up to this one; in ms since the
     *     epoch
     */
    long since(String file);

    /** Why all of them are kept, however old they are, or null. */
    default String kept() {
        return null;
    }
}
