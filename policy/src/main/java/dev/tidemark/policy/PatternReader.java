package dev.tidemark.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/** Reads lists of patterns. */
final class PatternReader {

    private final PolicyFaults faults;
    private final PolicyYaml yaml;

    PatternReader(PolicyFaults faults, PolicyYaml yaml) {
        this.faults = faults;
        this.yaml = yaml;
    }

    /** @return null if there is no list, or none that is right */
    NamePatterns read(Node node, String key, Function<String, NamePattern> read) {
        List<NamePattern> some = new ArrayList<>();
        List<NamePattern> none = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        boolean whole = node != null;
        for (Node item : node == null ? List.<Node>of() : yaml.list(node, key)) {
            Optional<String> text = yaml.text(item, key);
            boolean not = text.isPresent() && text.get().startsWith("!");
            Optional<NamePattern> pattern = text.flatMap(each -> pattern(item, not ? each.substring(1) : each, read));
            pattern.ifPresent((not ? none : some)::add);
            whole &= pattern.isPresent();
            if (text.isPresent() && !texts.add(text.get())) {
                faults.add(item, "'%s' is there twice".formatted(text.get()));
            }
        }
        if (!whole || texts.isEmpty()) {
            return null;
        }
        NamePatterns patterns = new NamePatterns(some, none);
        if (some.isEmpty()) {
            faults.add(node, "'%s' only takes away: begin with a pattern without '!'".formatted(key));
            return null;
        }
        if (patterns.isEmpty()) {
            faults.add(node, "'%s' never matches: what has a '!' takes all of it away".formatted(key));
            return null;
        }
        return patterns;
    }

    private Optional<NamePattern> pattern(Node node, String text, Function<String, NamePattern> read) {
        try {
            return Optional.of(NamePattern.read(text, read));
        } catch (InvalidPolicyException e) {
            faults.add(node, e.getMessage());
            return Optional.empty();
        }
    }
}
