package dev.tidemark.bench.tree;

/** Takes the files of a registry's storage. Called by many threads at once. */
public interface TreeSink {

    /**
     * @param path below the storage's root, without a leading slash
     */
    void write(String path, byte[] bytes);

    /**
     * Makes directories that stay empty, where there are any.
     *
     * @param path below the storage's root, without a leading slash
     * @param inside those in it, by their paths below it; none to make that one alone
     */
    default void directories(String path, String... inside) {
        // A bucket has none.
    }
}
