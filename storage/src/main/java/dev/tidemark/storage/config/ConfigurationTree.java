package dev.tidemark.storage.config;

import dev.tidemark.storage.config.ConfigurationValue.Entries;
import dev.tidemark.storage.config.ConfigurationValue.Items;
import dev.tidemark.storage.config.ConfigurationValue.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A registry's configuration as a tree: its file, and its environment laid over it.
 *
 * <p>A variable's name is the path to a value, its own value is YAML. {@code REGISTRY_STORAGE} replaces the storage as
 * a whole, {@code REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY} sets one parameter of it, and the former comes first. A
 * section is read when it is asked for: a fault in another one is the registry's to report.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/configuration/parser.go">parser.go:
 *     {@code overwriteFields}</a>; version 2.8 has no case for lists there
 */
final class ConfigurationTree {

    private static final String PREFIX = "REGISTRY_";

    private final ConfigurationYaml file;
    private final Map<String, Node> entries;
    private final SortedMap<String, String> variables; // sorted: the shorter name comes first

    /**
     * @param entries the file's sections
     * @param environment the registry's; names that don't begin with {@code REGISTRY_} are ignored
     */
    ConfigurationTree(ConfigurationYaml file, Map<String, Node> entries, Map<String, String> environment) {
        this.file = file;
        this.entries = entries;
        this.variables = new TreeMap<>(environment);
    }

    /**
     * A section, as the file and the variables say it together.
     *
     * @param variables the names of the variables that it was read from
     * @param where the file and those variables, for messages
     */
    record Section(Map<String, ConfigurationValue> values, Set<String> variables, String where) {}

    /** A section as the file alone has it. */
    Written inFile(String name) {
        return new Written(file, () -> entries.get(name));
    }

    /**
     * Reads a section.
     *
     * @param opened makes a map of the section as a whole, as the file says it, or the variable that has its name
     * @throws InvalidConfigurationException if that refuses it, or a variable can't be laid over it
     */
    Section section(String name, Shape shape, Function<Written, Map<String, ConfigurationValue>> opened) {
        String whole = PREFIX + name.toUpperCase(Locale.ROOT);
        SortedMap<String, String> own = new TreeMap<>(variables);
        own.keySet().removeIf(variable -> !variable.equals(whole) && !variable.startsWith(whole + "_"));

        Map<String, ConfigurationValue> values = opened.apply(inFile(name));
        for (Map.Entry<String, String> variable : own.entrySet()) {
            Written value = Written.of(variable.getKey(), variable.getValue());
            if (variable.getKey().equals(whole)) {
                values = opened.apply(value);
            } else {
                String path = variable.getKey().substring(whole.length() + 1);
                set(values, List.of(path.split("_", -1)), value, shape);
            }
        }
        String with = own.isEmpty() ? "" : " with " + RegistryConfiguration.names(own.keySet());
        return new Section(values, own.keySet(), file.where() + with);
    }

    private static void set(Map<String, ConfigurationValue> map, List<String> path, Written value, Shape shape) {
        String key = path.getFirst().toLowerCase(Locale.ROOT);
        List<String> rest = path.subList(1, path.size());
        if (shape instanceof Shape.Struct fields && key.equals(fields.inlined())) {
            setInlined(map, rest, value, fields);
        } else if (rest.isEmpty()) {
            map.put(key, value);
        } else {
            String met = shape instanceof Shape.Struct ? key : met(map, path.getFirst(), key);
            map.put(met, overlaid(map.get(met), rest, value, shape.below(key)));
        }
    }

    /** Fields that stand beside the others in the file; the environment knows them by the name of their struct, too. */
    private static void setInlined(
            Map<String, ConfigurationValue> map, List<String> rest, Written value, Shape.Struct fields) {
        if (rest.isEmpty()) {
            map.keySet().removeIf(key -> !fields.own().containsKey(key));
            map.putAll(value.entries(fields.inlined()));
        } else {
            set(map, rest, value, fields);
        }
    }

    /** A map's key is met in any case, on the way, and written in lower case, at the end of it. */
    private static String met(Map<String, ConfigurationValue> map, String name, String otherwise) {
        return map.keySet().stream()
                .filter(key -> key.toUpperCase(Locale.ROOT).equals(name) && !isNull(map.get(key)))
                .findFirst()
                .orElse(otherwise);
    }

    private static ConfigurationValue overlaid(
            ConfigurationValue existing, List<String> path, Written value, Shape shape) {
        ConfigurationValue open = isNull(existing) ? shape.empty() : existing;
        switch (open) {
            case Entries(Map<String, ConfigurationValue> map) -> set(map, path, value, shape);
            case Items(List<ConfigurationValue> list) -> setItem(list, path, value, shape);
            case Written written -> {
                return switch (written.node().get()) {
                    case MappingNode map -> overlaid(new Entries(written.entries("this")), path, value, shape);
                    case SequenceNode list -> overlaid(new Items(written.items(list)), path, value, shape);
                    default -> written; // there is text in the way, and the registry ignores the variable as well
                };
            }
        }
        return open;
    }

    private static void setItem(List<ConfigurationValue> list, List<String> path, Written value, Shape shape) {
        String index = path.getFirst();
        if (!index.matches("[0-9]{1,4}") || Integer.parseInt(index) > list.size()) {
            throw new InvalidConfigurationException(
                    value.yaml().where() + ": the list has no such place: number them from 0");
        }
        int place = Integer.parseInt(index);
        if (place == list.size()) {
            list.add(null);
        }
        List<String> rest = path.subList(1, path.size());
        list.set(place, rest.isEmpty() ? value : overlaid(list.get(place), rest, value, shape.below(index)));
    }

    private static boolean isNull(ConfigurationValue value) {
        return value == null || (value instanceof Written written && written.isNull());
    }

    /** The registry's type of a value, which says how variables lead into it. */
    sealed interface Shape {

        /** The shape of the value below a key or an index. */
        Shape below(String key);

        /** The value that a variable makes, where there is nothing yet. */
        ConfigurationValue empty();

        /** Any value: the registry goes by what it finds, and makes maps. */
        Shape ANY = new Mapping(null);

        /** A map: its keys are met in any case. */
        record Mapping(Shape each) implements Shape {

            @Override
            public Shape below(String key) {
                return each == null ? this : each;
            }

            @Override
            public ConfigurationValue empty() {
                return new Entries(new LinkedHashMap<>());
            }
        }

        /**
         * A struct: the file has its keys in lower case, or they are not read.
         *
         * @param own its fields; what isn't in it may be anything
         * @param inlined the name of a struct whose fields the file has among them; null for none
         * @param others that struct's fields
         */
        record Struct(Map<String, Shape> own, String inlined, Map<String, Shape> others) implements Shape {

            Struct(Map<String, Shape> own) {
                this(own, null, Map.of());
            }

            @Override
            public Shape below(String key) {
                return own.getOrDefault(key, others.getOrDefault(key, ANY));
            }

            @Override
            public ConfigurationValue empty() {
                return new Entries(new LinkedHashMap<>());
            }
        }

        /** A list: a variable names a place in it, from 0. */
        record Sequence(Shape each) implements Shape {

            @Override
            public Shape below(String index) {
                return each;
            }

            @Override
            public ConfigurationValue empty() {
                return new Items(new ArrayList<>());
            }
        }
    }
}
