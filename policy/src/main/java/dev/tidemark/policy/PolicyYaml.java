package dev.tidemark.policy;

import dev.tidemark.schemas.text.Durations;
import dev.tidemark.schemas.text.Spelling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML of which nothing is passed over: what is not as it should be is a fault, with its line, and no value. */
final class PolicyYaml {

    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,8}");

    private final PolicyFaults faults;

    PolicyYaml(PolicyFaults faults) {
        this.faults = faults;
    }

    /** The only document of a text; empty if there is none. */
    Optional<Node> document(String text) {
        LoaderOptions options = new LoaderOptions();
        try {
            return Optional.ofNullable(
                    new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options)
                            .getSingleNode());
        } catch (MarkedYAMLException e) {
            String hint = "while scanning an alias".equals(e.getContext())
                    ? ": what begins with a star needs quotes, as \"*\""
                    : "";
            faults.add(e.getProblemMark().getLine() + 1, "this is no YAML: " + e.getProblem() + hint);
        } catch (RuntimeException e) { // SnakeYAML lets others out, for text that ends in "\x
            faults.add(
                    1,
                    "this can't be read as YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return Optional.empty();
    }

    /** A map's values by their keys, each of which has to be known. */
    Map<String, Node> map(Node node, String what, List<String> known) {
        Map<String, Node> values = new LinkedHashMap<>();
        if (!(node instanceof MappingNode map)) {
            faults.add(node, "%s is a map, with the keys %s".formatted(what, String.join(", ", known)));
            return values;
        }
        for (NodeTuple entry : map.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!known.contains(key)) {
                faults.add(entry.getKeyNode(), unknown(key, what, known));
            } else if (values.put(key, entry.getValueNode()) != null) {
                faults.add(entry.getKeyNode(), "'%s' is there twice".formatted(key));
            }
        }
        return values;
    }

    private static String unknown(String key, String what, List<String> known) {
        String meant = Spelling.nearest(key, known)
                .filter(nearest -> key.startsWith(nearest) || Spelling.similar(key, nearest))
                .map(nearest -> "did you mean '%s'?".formatted(nearest))
                .orElseGet(() -> "it may have " + String.join(", ", known));
        return "%s has no key '%s': %s".formatted(what, key, meant);
    }

    /** The items of a list that is not empty. */
    List<Node> list(Node node, String key) {
        if (node instanceof SequenceNode list && !list.getValue().isEmpty()) {
            return list.getValue();
        }
        faults.add(
                node, node instanceof SequenceNode ? "'%s' is empty".formatted(key) : "'%s' is a list".formatted(key));
        return List.of();
    }

    /** The text of a scalar as it is written; empty if it is none. */
    Optional<String> text(Node node, String key) {
        if (!(node instanceof ScalarNode scalar)) {
            faults.add(node, "'%s' is text".formatted(key));
        } else if (scalar.getTag().startsWith("!")) {
            faults.add(
                    node,
                    "what begins with '!' needs quotes, as \"%s\""
                            .formatted(scalar.getTag().getValue()));
        } else if (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isBlank()) {
            faults.add(node, "'%s' is empty".formatted(key));
        } else {
            return Optional.of(scalar.getValue());
        }
        return Optional.empty();
    }

    /** A whole number from 1. */
    Optional<Integer> count(Node node, String key) {
        return text(node, key).flatMap(text -> {
            if (COUNT.matcher(text).matches()) {
                return Optional.of(Integer.parseInt(text));
            }
            faults.add(node, "'%s' is a whole number from 1, and not '%s'".formatted(key, text));
            return Optional.empty();
        });
    }

    /** A duration, in ms. */
    Optional<Long> duration(Node node, String key) {
        return text(node, key).flatMap(text -> {
            try {
                return Optional.of(Durations.parse(text).toMillis());
            } catch (IllegalArgumentException e) {
                faults.add(node, "'%s': %s".formatted(key, e.getMessage()));
                return Optional.empty();
            }
        });
    }
}
