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
    private static final String NEWEST_PULLED = "newestPulled";
    private static final String PULLED_WITHIN = "pulledWithin";

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
        if (group > 0 && !(keep instanceof Conditions conditions && conditions.counts())) {
            faults.add(keys.get(GROUP_BY), "'groupBy' is for 'newest' and 'newestPulled', and the rule has neither");
        }
        return new TagRule("%s, line %d: %s".formatted(policy, PolicyFaults.line(node), match), match, keep);
    }

    /** The capture group; 0 if there is none. */
    private int group(Map<String, Node> keys, NamePatterns match) {
        Node node = keys.get(GROUP_BY);
        int group = count(keys, GROUP_BY).orElse(0);
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
        Map<String, Node> keys =
                yaml.map(node, "'%s'".formatted(key), List.of(NEWEST, BY, PUSHED_WITHIN, NEWEST_PULLED, PULLED_WITHIN));
        if (faults.count() == before && keys.keySet().stream().allMatch(BY::equals)) {
            faults.add(
                    node,
                    "'%s' has no condition: write newest, pushedWithin, newestPulled or pulledWithin".formatted(key));
        }
        Optional<Order> by = Optional.ofNullable(keys.get(BY)).flatMap(this::order);
        if (keys.containsKey(BY) && !keys.containsKey(NEWEST)) {
            faults.add(keys.get(BY), "'by' is for 'newest', and there is none");
        }
        Long pushedWithin = within(keys, PUSHED_WITHIN, "pushed");
        return new Conditions(
                key.equals(KEEP_ALL),
                group,
                count(keys, NEWEST)
                        .map(count -> new Newest(count, by.orElse(Order.TIME)))
                        .orElse(null),
                pushedWithin,
                count(keys, NEWEST_PULLED).orElse(null),
                within(keys, PULLED_WITHIN, "pulled"));
    }

    private Optional<Integer> count(Map<String, Node> keys, String key) {
        return Optional.ofNullable(keys.get(key)).flatMap(each -> yaml.count(each, key));
    }

    private Long within(Map<String, Node> keys, String key, String what) {
        Optional<Long> within = Optional.ofNullable(keys.get(key)).flatMap(each -> yaml.duration(each, key));
        if (within.equals(Optional.of(0L))) {
            faults.add(keys.get(key), "nothing is ever %s within 0: 'keep: none' keeps none".formatted(what));
        }
        return within.orElse(null);
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
