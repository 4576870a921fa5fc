package dev.tidemark.storage.config;

import dev.tidemark.storage.config.ConfigurationTree.Section;
import dev.tidemark.storage.config.ConfigurationTree.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sections {@code storage.cache} and {@code redis} of a registry's configuration, read the way the registry reads
 * them. A cache that the registry does not know, or whose key is mistyped, is none: the registry goes without one.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/registry/handlers/app.go">app.go: the storage
 *     caches, {@code configureRedis}</a>
 */
final class CacheConfiguration {

    /** Version 3.0 keeps most of the section in a field {@code Options}, whose name its variables then have. */
    private static final Shape REDIS = new Shape.Struct(
            Map.of(
                    "tls", new Shape.Struct(Map.of("rootcas", new Shape.Sequence(Shape.ANY))),
                    "pool", new Shape.Struct(Map.of())),
            "options",
            Map.of("addrs", new Shape.Sequence(Shape.ANY)));

    private CacheConfiguration() {}

    /**
     * @param cache the section {@code storage.cache}
     */
    static CacheSettings of(Map<String, Object> cache, ConfigurationTree tree) {
        return switch (kind(cache)) {
            case "inmemory" -> new CacheSettings.InMemory();
            case "redis" -> redis(tree);
            default -> new CacheSettings.None();
        };
    }

    /** The value of {@code blobdescriptor}, or only where that key is missing, of its older name. */
    private static String kind(Map<String, Object> cache) {
        Object kind = cache.containsKey("blobdescriptor") ? cache.get("blobdescriptor") : cache.get("layerinfo");
        return kind instanceof String text ? text : "";
    }

    private static CacheSettings redis(ConfigurationTree tree) {
        try {
            Section section = tree.section("redis", REDIS, written -> written.entries("redis"));
            Map<String, Object> parameters = new LinkedHashMap<>();
            section.values().forEach((key, value) -> parameters.put(key, value.texts()));
            return new RedisParameters(section.where() + ": redis.", parameters).settings();
        } catch (InvalidConfigurationException e) {
            return new CacheSettings.Unreadable(e.getMessage());
        }
    }
}
