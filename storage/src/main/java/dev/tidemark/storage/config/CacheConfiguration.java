package dev.tidemark.storage.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The sections {@code storage.cache} and {@code redis} of a registry's configuration, read the way the registry reads
 * them. A cache that the registry does not know, or whose key is mistyped, is none: the registry goes without one.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/registry/handlers/app.go">app.go: the storage
 *     caches, {@code configureRedis}</a>
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/configuration/parser.go">parser.go: the
 *     environment</a>
 */
final class CacheConfiguration {

    private static final String REDIS = "REGISTRY_REDIS";
    private static final String OPTIONS = "options";
    private static final Set<String> LISTS = Set.of("addrs", "rootcas");
    private static final Set<String> SECTIONS = Set.of("tls", "pool", OPTIONS);

    private CacheConfiguration() {}

    /**
     * @param storage the section {@code storage}, with what the environment says of it
     * @param yaml the file
     * @param redis the file's section {@code redis}, or null
     */
    static CacheSettings of(
            Map<String, Object> storage, ConfigurationYaml yaml, Node redis, Map<String, String> environment) {
        return switch (kind(storage.get("cache"))) {
            case "inmemory" -> new CacheSettings.InMemory();
            case "redis" -> redis(yaml, redis, environment);
            default -> new CacheSettings.None();
        };
    }

    /** The value of {@code blobdescriptor}, or only where that key is missing, of its older name. */
    private static String kind(Object cache) {
        if (!(cache instanceof Map<?, ?> map)) {
            return "";
        }
        Object kind = map.containsKey("blobdescriptor") ? map.get("blobdescriptor") : map.get("layerinfo");
        return kind instanceof String text ? text : "";
    }

    private static CacheSettings redis(ConfigurationYaml yaml, Node node, Map<String, String> environment) {
        try {
            Map<String, Object> parameters = section(yaml.texts(node), yaml.where() + ": redis");
            SortedMap<String, String> variables = new TreeMap<>(environment); // sorted: the shorter name comes first
            variables.keySet().removeIf(name -> !name.equals(REDIS) && !name.startsWith(REDIS + "_"));
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                String name = variable.getKey();
                var text = new ConfigurationYaml(name, variable.getValue());
                Object value = text.texts(text.root());
                if (name.equals(REDIS)) {
                    parameters = section(value, name);
                } else {
                    set(parameters, List.of(name.substring(REDIS.length() + 1).split("_", -1)), value, name);
                }
            }
            String where = variables.isEmpty()
                    ? yaml.where()
                    : yaml.where() + " with " + String.join(", ", variables.keySet());
            return new RedisParameters(where + ": redis.", parameters).settings();
        } catch (InvalidConfigurationException e) {
            return new CacheSettings.Unreadable(e.getMessage());
        }
    }

    /** Version 3.0 keeps most of the section in a field {@code Options}, whose name its variables then have. */
    private static void set(Map<String, Object> parameters, List<String> path, Object value, String variable) {
        String name = path.getFirst().toLowerCase(Locale.ROOT);
        List<String> rest = path.subList(1, path.size());
        if (name.equals(OPTIONS) && rest.isEmpty()) {
            parameters.keySet().removeIf(key -> !SECTIONS.contains(key));
            parameters.putAll(section(value, variable));
        } else if (name.equals(OPTIONS)) {
            set(parameters, rest, value, variable);
        } else if (rest.isEmpty()) {
            parameters.put(name, value);
        } else if (LISTS.contains(name) && rest.size() == 1) {
            parameters.put(name, with(parameters.get(name), rest.getFirst(), value, variable));
        } else if (SECTIONS.contains(name)) {
            Map<String, Object> below = section(parameters.get(name), variable);
            set(below, rest, value, variable);
            parameters.put(name, below);
        } // else there is no such field, and the registry ignores the variable as well
    }

    private static List<Object> with(Object list, String index, Object value, String variable) {
        List<Object> all = list instanceof List<?> some ? new ArrayList<>(some) : new ArrayList<>();
        if (!index.matches("[0-9]{1,4}") || Integer.parseInt(index) > all.size()) {
            throw new InvalidConfigurationException(variable + ": the list has no such place: number them from 0");
        }
        int place = Integer.parseInt(index);
        if (place == all.size()) {
            all.add(value);
        } else {
            all.set(place, value);
        }
        return all;
    }

    private static Map<String, Object> section(Object value, String where) {
        Map<String, Object> section = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> section.put((String) key, each));
        } else if (value != null) {
            throw new InvalidConfigurationException(where + " must be a map of parameters");
        }
        return section;
    }
}
