package dev.tidemark.bench.collector;

import java.nio.file.Path;
import java.util.Map;

/**
 * A collection that both collectors are asked for.
 *
 * @param config the registry's config.yml
 * @param sweep whether it deletes; else it is a dry run
 * @param environment of the collector
 */
public record Collection(Path config, boolean deleteUntagged, boolean sweep, Map<String, String> environment) {

    Collection dry() {
        return new Collection(config, deleteUntagged, false, environment);
    }
}
