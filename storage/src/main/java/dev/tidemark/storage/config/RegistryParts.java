package dev.tidemark.storage.config;

import dev.tidemark.storage.config.ConfigurationTree.Shape;
import dev.tidemark.storage.config.ConfigurationValue.Entries;
import dev.tidemark.storage.config.ConfigurationValue.Items;
import dev.tidemark.storage.config.ConfigurationValue.Written;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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

    /** Lists of middleware, by kind. */
    private static final Shape MIDDLEWARE = new Shape.Mapping(new Shape.Sequence(Shape.ANY));

    /** It adds its middleware itself, where the configuration names none. */
    private static final String OPENSHIFT = "openshift";

    /** The name that the configuration of Harbor's registry has in its {@code auth}. */
    private static final String HARBOR = "harbor-registry";

    private static final String CACHED_BY_DIGEST =
            "is a pull-through cache (proxy.remoteurl), and what was pulled by its digest has no tag in it: leave out "
                    + "--delete-untagged and --policy, the registry itself lets go of what has expired (proxy.ttl)";
    private static final String TAGS_OF_HARBOR =
            "is Harbor's, whose tags are in a database: leave out --delete-untagged and --policy, "
                    + "and let Harbor's own rules and collection free what has none";

    /** Middleware of storages, of distribution and GitLab, that only changes where a client is sent for a blob. */
    private static final Set<String> ONLY_ADDRESSES =
            Set.of("cloudfront", "redirect", "rewrite", "alicdn", "googlecdn", "urlcache");

    public RegistryParts {
        middlewares = Set.copyOf(middlewares);
    }

    /**
     * Reads the parts from a configuration.
     *
     * @throws InvalidConfigurationException if their sections can't be read
     */
    static RegistryParts of(ConfigurationTree tree) {
        Set<Middleware> middlewares = middlewares(tree);
        if (tree.inFile(OPENSHIFT).isThere()) {
            middlewares.add(new Middleware("registry", OPENSHIFT));
        }
        return new RegistryParts(
                database(section(tree, "database")),
                middlewares,
                untagged(
                        section(tree, "proxy"),
                        String.valueOf(tree.inFile("auth").typed())));
    }

    private static Map<String, ConfigurationValue> section(ConfigurationTree tree, String name) {
        return tree.section(name, Shape.ANY, RegistryParts::entries).values();
    }

    /** A value that is no map is kept, so that it counts that something is said. */
    private static Map<String, ConfigurationValue> entries(Written section) {
        return section.isNull() || section.isMap() ? section.entries("this") : new LinkedHashMap<>(Map.of("", section));
    }

    private static Object value(Map<String, ConfigurationValue> section, String key) {
        return section.containsKey(key) ? section.get(key).typed() : null;
    }

    private static Optional<String> untagged(Map<String, ConfigurationValue> proxy, String auth) {
        boolean cache = !Objects.requireNonNullElse(value(proxy, "remoteurl"), "")
                .toString()
                .isEmpty();
        return cache
                ? Optional.of(CACHED_BY_DIGEST)
                : auth.contains(HARBOR) ? Optional.of(TAGS_OF_HARBOR) : Optional.empty();
    }

    /**
     * Why the registry can't be collected, and what to do, in one line; empty if nothing here says so.
     *
     * @param trusted middlewares that keep the storage's layout, by name
     * @param trusting the words that the user writes before such a name
     */
    public Optional<String> refusal(Set<String> trusted, String trusting) {
        if (database.isPresent()) {
            return Optional.of(database.get() + ": a metadata database alone knows what is in use, and nothing is "
                    + "collected beside it. Let GitLab's own online collection free it, or set database.enabled to "
                    + "false if that database is not in use");
        }
        List<Middleware> unknown = middlewares.stream()
                .filter(middleware -> !trusted.contains(middleware.name()))
                .sorted(Comparator.comparing(Middleware::name).thenComparing(Middleware::kind))
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(InvalidConfigurationException.oneLine(
                        ("the middleware %s (of %s) may keep images elsewhere than in the storage's layout, and "
                                        + "nothing is collected on a guess: if it does not, say so with %s%s")
                                .formatted(
                                        RegistryConfiguration.shown(
                                                unknown.getFirst().name()),
                                        RegistryConfiguration.shown(
                                                unknown.getFirst().kind()),
                                        trusting,
                                        RegistryConfiguration.shown(
                                                unknown.getFirst().name()))));
    }

    private static Optional<String> database(Map<String, ConfigurationValue> section) {
        Object enabled = value(section, "enabled");
        if (enabled == null) {
            return section.values().stream().allMatch(value -> value.typed() == null)
                    ? Optional.empty()
                    : Optional.of("there is a database, and database.enabled is not false");
        }
        return enabled.toString().equalsIgnoreCase("false")
                ? Optional.empty()
                : Optional.of(InvalidConfigurationException.oneLine(
                        "database.enabled is " + RegistryConfiguration.shown(enabled.toString())));
    }

    /**
     * The middleware of variables is added to that of the file, and takes nothing of it back: the effect of a variable
     * on a list's elements depends on the registry's version. An element of which variables give only the options is
     * none to version 2, and version 3 does not start with it.
     */
    private static Set<Middleware> middlewares(ConfigurationTree tree) {
        Set<Middleware> all = new HashSet<>();
        addKinds(entries(tree.inFile("middleware")), all);
        addKinds(tree.section("middleware", MIDDLEWARE, RegistryParts::entries).values(), all);
        return all;
    }

    private static void addKinds(Map<String, ConfigurationValue> kinds, Collection<Middleware> to) {
        kinds.forEach((kind, value) -> {
            List<ConfigurationValue> each =
                    value instanceof Items(List<ConfigurationValue> items) ? items : List.of(value);
            each.stream()
                    .filter(one -> !(one instanceof Entries(Map<String, ConfigurationValue> entries))
                            || entries.containsKey("name"))
                    .forEach(one -> addAll(kind, one.typed(), to));
        });
    }

    /** A value that is no list of names is taken for a name that nobody knows. */
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
