package dev.tidemark.bench;

import dev.tidemark.bench.ManifestText.Part;
import java.nio.charset.StandardCharsets;

/** Writes blobs and links, and counts them. One a thread. */
final class TreeWriter {

    final Counts counts = new Counts();
    private final TreeSink sink;

    TreeWriter(TreeSink sink) {
        this.sink = sink;
    }

    Part blob(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        counts.blobs++;
        file(Layout.blob(digest), bytes);
        return new Part(digest, bytes.length);
    }

    void link(String path, Digest digest) {
        file(path, digest.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void file(String path, byte[] bytes) {
        counts.files++;
        sink.write(path, bytes);
    }
}
