package dev.tidemark.bench.tree;

/** Takes the files of a registry's storage. Called by many threads at once. */
public interface TreeSink {

    /**
     * @param path below the storage's root, without a leading slash
     */
    void write(String path, byte[] bytes);
}
