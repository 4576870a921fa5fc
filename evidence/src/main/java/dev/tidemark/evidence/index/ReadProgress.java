package dev.tidemark.evidence.index;

import dev.tidemark.evidence.index.RecordSource.Extent;
import dev.tidemark.evidence.index.RunIndex.Progress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Counts the records that were read of a run's topics, and tells the count, not too often. */
final class ReadProgress {

    private static final int EVERY = 64;

    private final Consumer<Progress> progress;
    private final long of;
    private long read;
    private long told;

    ReadProgress(List<Extent> extents, Consumer<Progress> progress) {
        this.progress = progress;
        of = extents.stream().mapToLong(extent -> extent.end() - extent.start()).sum();
    }

    void skip(Map<Extent, Long> from) {
        from.forEach((extent, offset) -> read += offset - extent.start());
    }

    void one() {
        read++;
        if (read - told >= EVERY) {
            told = read;
            progress.accept(new Progress("reading", read, of));
        }
    }
}
