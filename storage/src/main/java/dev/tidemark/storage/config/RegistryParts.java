package dev.tidemark.storage.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The parts of a registry, beside its storage, that may know more of its images than the storage shows: a metadata
 * database, middleware, the registry that it caches, and a product around it.
 *
 * @param database what is said of GitLab's metadata database, in words, unless that is {@code enabled: false}: what it
 *     means to say nothing there has changed from version to version
 * @param middlewares those that are not known to keep the storage's layout
 * @param untagged why manifests may be in use that no tag names, and what to do, in words that follow the registry's
 *     name
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/configuration/configuration.go">
 *     configuration.go: {@code Middleware} and {@code Proxy}</a>; nothing there obeys a middleware's {@code disabled}
 */
public record RegistryParts(Optional<String> database, Set<Middleware> middlewares, Optional<String> untagged) {

    /**
     * A middleware.
     *
     * @param kind {@code registry}, {@code repository} or {@code storage}: what it stands before
     */
    public record Middleware(String kind, String name) {}

    /** Nothing is known but a storage. */
    public static final RegistryParts NONE = new RegistryParts(Optional.empty(), Set.of(), Optional.empty());

    private static final String VARIABLES = "REGISTRY_";
    private static final String MIDDLEWARE = "MIDDLEWARE";

    /** It adds its middleware itself, where the configuration names none. */
    private static final String OPENSHIFT = "openshift";

    /** What the configuration that Harbor writes has in its {@code auth}. */
    private static final String HARBOR = "harbor-registry";

    private static final String CACHED_BY_DIGEST =
            "is a pull-through cache (proxy.remoteurl), and what was pulled by its "
                    + "digest has no tag in it: leave out --delete-untagged, the registry itself lets go of what has expired "
                    + "(proxy.ttl)";
    private static final String TAGS_OF_HARBOR =
            "is Harbor's, whose tags are in a database: leave out --delete-untagged, "
                    + "and let Harbor's own rules and collection free what has none";

    /** Middleware of storages that changes nothing but where a client is sent for a blob, of distribution and GitLab. */
    private static final Set<String> ONLY_ADDRESSES =
            Set.of("cloudfront", "redirect", "rewrite", "alicdn", "googlecdn", "urlcache");

    public RegistryParts {
        middlewares = Set.copyOf(middlewares);
    }

    /**
     * Reads the parts from a configuration and its environment.
     *
     * @throws InvalidConfigurationException if their sections can't be read
     */
    static RegistryParts of(ConfigurationYaml yaml, Map<String, Node> entries, Map<String, String> environment) {
        SortedMap<String, String> variables = new TreeMap<>(environment); // sorted: the shorter name comes first
        Map<String, Object> database = section("database", Set.of("enabled"), yaml, entries, variables);
        Map<String, Object> proxy = section("proxy", Set.of("remoteurl"), yaml, entries, variables);
        Set<Middleware> middlewares = middlewares(yaml.value(entries.get("middleware")), variables);
        if (entries.containsKey(OPENSHIFT)) {
            middlewares.add(new Middleware("registry", OPENSHIFT));
        }
        return new RegistryParts(
                database.isEmpty() ? Optional.empty() : inUse(database.get("enabled")),
                middlewares,
                untagged(proxy, String.valueOf(yaml.value(entries.get("auth")))));
    }

    private static Optional<String> untagged(Map<String, Object> proxy, String auth) {
        boolean cache = !proxy.getOrDefault("remoteurl", "").toString().isEmpty();
        return cache
                ? Optional.of(CACHED_BY_DIGEST)
                : auth.contains(HARBOR) ? Optional.of(TAGS_OF_HARBOR) : Optional.empty();
    }

    /**
     * Why the registry can't be collected, and what to do, in one line; empty if nothing here says so.
     *
     * @param trusted middlewares that keep the storage's layout, by name
     * @param trusting what the user writes before such a name
     */
    public Optional<String> refusal(Set<String> trusted, String trusting) {
        if (database.isPresent()) {
            return Optional.of(database.get() + ": a metadata database alone knows what is in use, and nothing is "
                    + "collected beside it. Let GitLab's own online collection free it, or set database.enabled to false if "
                    + "that database is not in use");
        }
        List<Middleware> unknown = middlewares.stream()
                .filter(middleware -> !trusted.contains(middleware.name()))
                .sorted(Comparator.comparing(Middleware::name).thenComparing(Middleware::kind))
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(InvalidConfigurationException.oneLine(
                        ("the middleware %s (of %s) may keep images elsewhere than in the storage's layout, and nothing is "
                                        + "collected on a guess: if it does not, say so with %s%s")
                                .formatted(
                                        RegistryConfiguration.shown(
                                                unknown.getFirst().name()),
                                        RegistryConfiguration.shown(
                                                unknown.getFirst().kind()),
                                        trusting,
                                        RegistryConfiguration.shown(
                                                unknown.getFirst().name()))));
    }

    private static Optional<String> inUse(Object enabled) {
        if (enabled == null) {
            return Optional.of("there is a database, and database.enabled is not false");
        }
        return enabled.toString().equalsIgnoreCase("false")
                ? Optional.empty()
                : Optional.of(InvalidConfigurationException.oneLine(
                        "database.enabled is " + RegistryConfiguration.shown(enabled.toString())));
    }

    /**
     * A section of the file as the variables leave it, without what is empty.
     *
     * @param read the keys whose variables are read; of any other it only counts that there is one
     */
    private static Map<String, Object> section(
            String name,
            Set<String> read,
            ConfigurationYaml yaml,
            Map<String, Node> entries,
            SortedMap<String, String> variables) {
        String prefix = VARIABLES + name.toUpperCase(Locale.ROOT);
        Map<String, Object> section = map(yaml.value(entries.get(name)));
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (variable.getKey().equals(prefix)) {
                section = map(value(variable));
            } else if (variable.getKey().startsWith(prefix + "_")) {
                String key = variable.getKey().substring(prefix.length() + 1).toLowerCase(Locale.ROOT);
                section.put(key, read.contains(key) ? value(variable) : variable.getValue());
            }
        }
        section.values().removeIf(Objects::isNull);
        return section;
    }

    private static Object value(Map.Entry<String, String> variable) {
        var yaml = new ConfigurationYaml(variable.getKey(), variable.getValue());
        return yaml.value(yaml.root());
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        switch (value) {
            case null -> {
                // Nothing is said.
            }
            case Map<?, ?> entries -> entries.forEach((key, entry) -> map.put(key.toString(), entry));
            default -> map.put("", value);
        }
        return map;
    }

    /**
     * What variables say is added, and takes back nothing of the file: what the registry makes of a list's elements
     * depends on its version.
     */
    private static Set<Middleware> middlewares(Object ofFile, SortedMap<String, String> variables) {
        Set<Middleware> all = new HashSet<>();
        addKinds(ofFile, all);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            List<String> path = List.of(variable.getKey().split("_", -1));
            if (!variable.getKey().startsWith(VARIABLES) || !path.get(1).equals(MIDDLEWARE)) {
                continue;
            }
            if (path.size() == 2) {
                addKinds(value(variable), all);
            } else if (path.size() < 5 || path.get(4).equals("NAME")) {
                addAll(path.get(2).toLowerCase(Locale.ROOT), value(variable), all);
            }
        }
        return all;
    }

    private static void addKinds(Object kinds, Collection<Middleware> to) {
        map(kinds).forEach((kind, all) -> addAll(kind, all, to));
    }

    /** What is no list of names is taken for a name that nobody knows. */
    private static void addAll(String kind, Object value, Collection<Middleware> to) {
        switch (value) {
            case null -> {
                // None.
            }
            case Collection<?> all -> all.forEach(one -> addAll(kind, one, to));
            case Map<?, ?> one when one.get("name") != null -> addAll(kind, one.get("name"), to);
            default -> {
                String name = value.toString();
                if (!kind.equals("storage") || !ONLY_ADDRESSES.contains(name)) {
                    to.add(new Middleware(kind, name));
                }
            }
        }
    }
}
