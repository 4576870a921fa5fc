package dev.tidemark.storage.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A value of a registry's configuration. Where no variable leads into it, it stays as it is written. */
sealed interface ConfigurationValue {

    /**
     * Reads it.
     *
     * @param scalars how a place in a text is read
     * @throws InvalidConfigurationException if the text can't be read
     */
    Object read(BiFunction<ConfigurationYaml, Node, Object> scalars);

    /** As plain Java: text, number, boolean, list, map (a fresh and mutable one), or null. */
    default Object typed() {
        return read(ConfigurationYaml::value);
    }

    /** The same, with all scalars but null as the text that is written: {@code 010} is a password, and not 8. */
    default Object texts() {
        return read(ConfigurationYaml::texts);
    }

    /**
     * The entries of a map, none for nothing.
     *
     * @param name what it is, for messages
     * @throws InvalidConfigurationException if it is no map
     */
    Map<String, ConfigurationValue> entries(String name);

    /**
     * A value as the file or a variable has it.
     *
     * @param node where in it, null for nothing; a variable is parsed when it is asked for
     */
    record Written(ConfigurationYaml yaml, Supplier<Node> node) implements ConfigurationValue {

        static Written of(String variable, String text) {
            var yaml = new ConfigurationYaml(variable, text);
            return new Written(yaml, yaml::root);
        }

        /** Whether there is something, be it nothing but its key. */
        boolean isThere() {
            return node.get() != null;
        }

        boolean isNull() {
            return ConfigurationYaml.isNull(node.get());
        }

        boolean isMap() {
            return node.get() instanceof MappingNode;
        }

        @Override
        public Object read(BiFunction<ConfigurationYaml, Node, Object> scalars) {
            return scalars.apply(yaml, node.get());
        }

        /** {@inheritDoc} The map is a fresh and mutable one. */
        @Override
        public Map<String, ConfigurationValue> entries(String name) {
            Map<String, ConfigurationValue> entries = new LinkedHashMap<>();
            if (node.get() instanceof MappingNode map) {
                yaml.entries(map).forEach((key, value) -> entries.put(key, new Written(yaml, () -> value)));
            } else if (!isNull()) {
                throw yaml.invalid(node.get(), name + " must be a map of parameters");
            }
            return entries;
        }

        /** The places of a list, in a fresh and mutable one. */
        List<ConfigurationValue> items(SequenceNode list) {
            List<ConfigurationValue> items = new ArrayList<>();
            list.getValue().forEach(item -> items.add(new Written(yaml, () -> item)));
            return items;
        }
    }

    /** A map that variables lead into. */
    record Entries(Map<String, ConfigurationValue> values) implements ConfigurationValue {

        @Override
        public Object read(BiFunction<ConfigurationYaml, Node, Object> scalars) {
            Map<String, Object> map = new LinkedHashMap<>();
            values.forEach((key, value) -> map.put(key, value.read(scalars)));
            return map;
        }

        @Override
        public Map<String, ConfigurationValue> entries(String name) {
            return values;
        }
    }

    /** A list that variables lead into. */
    record Items(List<ConfigurationValue> values) implements ConfigurationValue {

        @Override
        public Object read(BiFunction<ConfigurationYaml, Node, Object> scalars) {
            List<Object> list = new ArrayList<>();
            values.forEach(value -> list.add(value.read(scalars)));
            return list;
        }

        @Override
        public Map<String, ConfigurationValue> entries(String name) {
            throw new InvalidConfigurationException(name + " must be a map of parameters");
        }
    }
}
