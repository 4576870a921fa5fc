package dev.tidemark.bench.collector;

import java.nio.file.Path;

/**
 * A collection that both collectors are asked for.
 *
 * @param config the registry's config.yml
 * @param sweep whether it deletes; else it is a dry run
 */
public record Collection(Path config, boolean deleteUntagged, boolean sweep) {

    Collection dry() {
        return new Collection(config, deleteUntagged, false);
    }
}
