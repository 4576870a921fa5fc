package dev.tidemark.storage.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.reader.UnicodeReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as the registry's parser, Go's yaml.v2, understands it.
 *
 * <p>SnakeYAML parses; what the parse means is decided here, since its own answer differs in what could name another
 * directory: in yaml.v2 the last one wins, be it a repeated key, or a {@code <<} merge that stands after the key.
 * Jackson's YAML knows no merges, and reads an alias as its name.
 */
final class ConfigurationYaml {

    /** More than any driver has parameters. Stops an alias that contains itself, and aliases that multiply. */
    private static final int MAX_VALUES = 1_000;

    private final String where;
    private final String text;
    private Node root;
    private boolean parsed;
    private int values;

    /**
     * @param where the file or the variable that the text is from, for messages
     */
    ConfigurationYaml(String where, String text) {
        this.where = where;
        this.text = text;
    }

    /** Decodes a file: UTF-8, or what its byte order mark says. */
    static ConfigurationYaml of(String where, byte[] bytes) {
        StringWriter text = new StringWriter();
        try (UnicodeReader reader = new UnicodeReader(new ByteArrayInputStream(bytes))) {
            reader.transferTo(text);
        } catch (IOException e) {
            throw new InvalidConfigurationException(where + " is not UTF-8 text: name the registry's config.yml");
        }
        return new ConfigurationYaml(where, text.toString());
    }

    /** The file or the variable that the text is from. */
    String where() {
        return where;
    }

    /**
     * Parses the first document. Further documents are not looked at, nor does the registry look at them.
     *
     * @return null if there is none
     * @throws InvalidConfigurationException if it is no YAML
     */
    Node root() {
        if (!parsed) {
            root = parse();
            parsed = true;
        }
        return root;
    }

    private Node parse() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        try {
            Composer composer = new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
            return composer.checkNode() ? composer.getNode() : null;
        } catch (MarkedYAMLException e) {
            throw invalid(e.getProblemMark().getLine() + 1, e.getProblem());
        } catch (ReaderException e) {
            long line = 1
                    + text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            throw invalid(
                    line, "control characters are not allowed (%s)".formatted(Character.getName(e.getCodePoint())));
        } catch (YAMLException e) {
            throw new InvalidConfigurationException(where + ": " + e.getMessage());
        } catch (RuntimeException e) { // SnakeYAML lets a NumberFormatException out, for text that ends in "\x
            throw new InvalidConfigurationException(where + ": this can't be read as YAML: " + e.getMessage());
        }
    }

    static boolean isNull(Node node) {
        return node == null || (node instanceof ScalarNode && node.getTag().equals(Tag.NULL));
    }

    /** A map's entries in the order in which they are written, each merge in its place; the last one of a key wins. */
    Map<String, Node> entries(MappingNode map) {
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple entry : map.getValue()) {
            count(entry.getKeyNode());
            if (entry.getKeyNode().getTag().equals(Tag.MERGE)) {
                merge(entry.getValueNode(), entries);
            } else if (entry.getKeyNode() instanceof ScalarNode key) {
                entries.put(key.getValue(), entry.getValueNode());
            } else {
                throw invalid(entry.getKeyNode(), "a key is not text");
            }
        }
        return entries;
    }

    private void merge(Node source, Map<String, Node> entries) {
        switch (source) {
            case MappingNode map -> entries.putAll(entries(map));
            case SequenceNode maps -> {
                for (Node map : maps.getValue().reversed()) { // of several maps, the first one wins
                    if (!(map instanceof MappingNode)) {
                        throw invalid(map, "'<<' merges maps, and this is none");
                    }
                    merge(map, entries);
                }
            }
            default -> throw invalid(source, "'<<' merges maps, and this is none");
        }
    }

    /** A node as plain Java: text, number, boolean, list, map (a fresh and mutable one), or null. */
    Object value(Node node) {
        return value(node, this::scalar);
    }

    /** The same, with all scalars but null as the text that is written: {@code 010} is a password, and not 8. */
    Object texts(Node node) {
        return value(node, scalar -> isNull(scalar) ? null : scalar.getValue());
    }

    private Object value(Node node, Function<ScalarNode, Object> scalars) {
        return switch (node) {
            case null -> null;
            case MappingNode map -> map(map, scalars);
            case SequenceNode sequence -> list(sequence, scalars);
            case ScalarNode scalar -> scalars.apply(scalar);
            default -> throw invalid(node, "this is neither text, nor a list, nor a map");
        };
    }

    private Map<String, Object> map(MappingNode node, Function<ScalarNode, Object> scalars) {
        Map<String, Object> map = new LinkedHashMap<>();
        entries(node).forEach((key, value) -> map.put(key, value(value, scalars)));
        return map;
    }

    private List<Object> list(SequenceNode node, Function<ScalarNode, Object> scalars) {
        List<Object> list = new ArrayList<>();
        for (Node item : node.getValue()) {
            count(item);
            list.add(value(item, scalars));
        }
        return list;
    }

    private Object scalar(ScalarNode node) {
        if (isNull(node)) {
            return null;
        }
        try {
            return Scalars.typed(node);
        } catch (RuntimeException e) { // such as an index out of bounds, for !!int ''
            throw invalid(node, "this can't be read as " + node.getTag());
        }
    }

    private void count(Node node) {
        if (++values > MAX_VALUES) {
            throw invalid(node, "more than %,d values: does an alias contain itself?".formatted(MAX_VALUES));
        }
    }

    InvalidConfigurationException invalid(Node node, String what) {
        return invalid(node.getStartMark().getLine() + 1, what);
    }

    private InvalidConfigurationException invalid(long line, String what) {
        return new InvalidConfigurationException("%s, line %d: %s".formatted(where, line, what));
    }

    /** SnakeYAML's own reading of numbers and booleans. All else is text, dates and unknown tags too, as in yaml.v2. */
    private static final class Scalars extends SafeConstructor {

        private Scalars() {
            super(new LoaderOptions());
        }

        static Object typed(ScalarNode node) {
            Tag tag = node.getTag();
            boolean isText = !List.of(Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.BINARY).contains(tag);
            return isText
                    ? node.getValue()
                    : new Scalars().yamlConstructors.get(tag).construct(node);
        }
    }
}
