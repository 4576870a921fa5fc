package dev.tidemark.bench.tree;

import dev.tidemark.bench.tree.ManifestText.Part;
import java.nio.charset.StandardCharsets;

/** Writes blobs and links, and counts them. One a thread. */
final class TreeWriter {

    final Counts counts = new Counts();
    private final TreeSink sink;

    TreeWriter(TreeSink sink) {
        this.sink = sink;
    }

    Part blob(byte[] bytes) {
        Sha256 digest = Sha256.of(bytes);
        counts.blobs++;
        file(RegistryPaths.blob(digest), bytes);
        return new Part(digest, bytes.length);
    }

    /** Directories that stay empty. */
    void directories(String path, String... inside) {
        sink.directories(path, inside);
    }

    void text(String path, String text) {
        file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    void link(String path, Sha256 digest) {
        file(path, digest.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void file(String path, byte[] bytes) {
        counts.files++;
        sink.write(path, bytes);
    }
}
