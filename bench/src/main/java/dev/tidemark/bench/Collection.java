package dev.tidemark.bench;

import java.nio.file.Path;

/**
 * What a collector is asked for. It is always a dry run: both must find the same storage every time.
 *
 * @param config the registry's config.yml
 */
record Collection(Path config, boolean deleteUntagged) {}
