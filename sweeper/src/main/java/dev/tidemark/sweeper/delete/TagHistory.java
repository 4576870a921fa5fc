package dev.tidemark.sweeper.delete;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lists the histories of tags that are to go. */
final class TagHistory {

    private final Options options;

    TagHistory(Options options) {
        this.options = options;
    }

    /**
     * The entries of a tag's history, with those of which a try that was cut off has left the directory; empty if there
     * is a young one: a push writes it before the tag itself.
     *
     * @param listed the tag's directory
     */
    Optional<List<String>> of(String repository, String tag, Listing listed) {
        List<String> entries = new ArrayList<>();
        var young = new AtomicBoolean();
        String history = Layout.history(repository, tag);
        for (Storage.Child algorithm : listed.children(history)) {
            String directory = history + "/" + algorithm.name();
            listed.leaves(directory, Layout.LINK, entry -> {
                if (entry.stat() != null && options.young(entry.stat().modified())) {
                    young.set(true);
                }
                entries.add(directory + "/" + entry.name() + "/" + Layout.LINK);
            });
        }
        return young.get() ? Optional.empty() : Optional.of(entries);
    }
}
