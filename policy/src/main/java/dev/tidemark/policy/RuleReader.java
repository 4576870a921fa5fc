package dev.tidemark.policy;

import dev.tidemark.policy.TagRule.Keep;
import dev.tidemark.policy.TagRule.Newest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the rules on tags of one policy. */
final class RuleReader {

    private static final String MATCH = "match";
    private static final String KEEP = "keep";
    private static final String KEEP_ANY = "keepAny";
    private static final String KEEP_ALL = "keepAll";
    private static final String GROUP_BY = "groupBy";
    private static final List<String> KEEPS = List.of(KEEP, KEEP_ANY, KEEP_ALL);

    private static final String NEWEST = "newest";
    private static final String BY = "by";
    private static final String PUSHED_WITHIN = "pushedWithin";

    /** They need the registry's events. */
    private static final List<String> NOT_YET = List.of("pulledWithin", "newestPulled");

    private final String policy;
    private final PolicyFaults faults;
    private final PolicyYaml yaml;
    private final PatternReader patterns;

    RuleReader(String policy, PolicyFaults faults, PolicyYaml yaml, PatternReader patterns) {
        this.policy = policy;
        this.faults = faults;
        this.yaml = yaml;
        this.patterns = patterns;
    }

    /** A rule, which is of no use if it has faults. */
    TagRule read(Node node) {
        Map<String, Node> keys = yaml.map(node, "a rule", List.of(MATCH, KEEP, KEEP_ANY, KEEP_ALL, GROUP_BY));
        if (!keys.containsKey(MATCH)) {
            faults.add(node, "'match' is missing");
        }
        NamePatterns match = patterns.read(keys.get(MATCH), MATCH, NamePattern::ofTags);
        List<String> keeps = KEEPS.stream().filter(keys::containsKey).toList();
        if (keeps.size() != 1) {
            faults.add(
                    node,
                    keeps.isEmpty()
                            ? "what does the rule keep? Write keep, keepAny or keepAll"
                            : "a rule has one of " + String.join(" and ", keeps));
        }
        int group = group(keys, match);
        Keep keep = keeps.isEmpty() || keeps.getFirst().equals(KEEP)
                ? allOrNone(keys.get(KEEP))
                : conditions(keys.get(keeps.getFirst()), keeps.getFirst(), group);
        if (group > 0 && !(keep instanceof Conditions conditions && conditions.newest() != null)) {
            faults.add(keys.get(GROUP_BY), "'groupBy' is for 'newest', and the rule has none");
        }
        return new TagRule("%s, line %d: %s".formatted(policy, PolicyFaults.line(node), match), match, keep);
    }

    /** The capture group; 0 if there is none. */
    private int group(Map<String, Node> keys, NamePatterns match) {
        Node node = keys.get(GROUP_BY);
        int group = Optional.ofNullable(node)
                .flatMap(each -> yaml.count(each, GROUP_BY))
                .orElse(0);
        if (match != null) {
            match.some().stream()
                    .filter(pattern -> pattern.groups() < group)
                    .forEach(pattern -> faults.add(
                            node,
                            "'%s' has no capture group %d, by which 'groupBy' groups"
                                    .formatted(pattern.text(), group)));
        }
        return group;
    }

    private Keep allOrNone(Node node) {
        Optional<String> word = Optional.ofNullable(node).flatMap(each -> yaml.text(each, KEEP));
        if (word.isPresent() && !List.of("all", "none").contains(word.get())) {
            faults.add(node, "'keep' is all or none, and not '%s'".formatted(word.get()));
        }
        return word.equals(Optional.of("none")) ? new TagRule.None("none is kept") : new TagRule.All("all are kept");
    }

    private Conditions conditions(Node node, String key, int group) {
        int before = faults.count();
        Map<String, Node> keys = yaml.map(
                node, "'%s'".formatted(key), List.of(NEWEST, BY, PUSHED_WITHIN, NOT_YET.get(0), NOT_YET.get(1)));
        NOT_YET.stream()
                .filter(keys::containsKey)
                .forEach(each -> faults.add(
                        keys.get(each), "'%s' can't be used yet: it needs the registry's pull events".formatted(each)));
        if (faults.count() == before && keys.keySet().stream().allMatch(BY::equals)) {
            faults.add(node, "'%s' has no condition: write newest, pushedWithin, or both".formatted(key));
        }
        Optional<Order> by = Optional.ofNullable(keys.get(BY)).flatMap(this::order);
        if (keys.containsKey(BY) && !keys.containsKey(NEWEST)) {
            faults.add(keys.get(BY), "'by' is for 'newest', and there is none");
        }
        Optional<Long> within =
                Optional.ofNullable(keys.get(PUSHED_WITHIN)).flatMap(each -> yaml.duration(each, PUSHED_WITHIN));
        if (within.equals(Optional.of(0L))) {
            faults.add(keys.get(PUSHED_WITHIN), "nothing is ever pushed within 0: 'keep: none' keeps none");
        }
        return new Conditions(
                key.equals(KEEP_ALL),
                Optional.ofNullable(keys.get(NEWEST))
                        .flatMap(each -> yaml.count(each, NEWEST))
                        .map(count -> new Newest(count, by.orElse(Order.TIME), group))
                        .orElse(null),
                within.orElse(null));
    }

    private Optional<Order> order(Node node) {
        Optional<String> word = yaml.text(node, BY);
        Optional<Order> order = word.flatMap(each -> Arrays.stream(Order.values())
                .filter(known -> known.word().equals(each))
                .findFirst());
        if (word.isPresent() && order.isEmpty()) {
            faults.add(
                    node,
                    "'by' is %s, and not '%s'"
                            .formatted(
                                    Arrays.stream(Order.values())
                                            .map(Order::word)
                                            .collect(Collectors.joining(" or ")),
                                    word.get()));
        }
        return order;
    }
}
