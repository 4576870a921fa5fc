package dev.tidemark.policy;

import dev.tidemark.policy.RepositoryPolicy.UntaggedRule;
import dev.tidemark.schemas.Digest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the text of a policy. All its faults are told at once. */
final class PolicyReader {

    private static final String HOLD = "hold";
    private static final String POLICIES = "policies";
    private static final String NAME = "name";
    private static final String REPOSITORIES = "repositories";
    private static final String TAGS = "tags";
    private static final String DIGESTS = "digests";
    private static final String REASON = "reason";
    private static final String OTHER_TAGS = "otherTags";
    private static final String UNTAGGED = "untagged";
    private static final String KEEP_PREVIOUS = "keepPrevious";
    private static final String DELETE_AFTER = "deleteAfter";
    private static final String REFERRERS = "referrers";
    private static final String ORPHANED_AFTER = "orphanedAfter";

    private final String text;
    private final PolicyFaults faults = new PolicyFaults();
    private final PolicyYaml yaml = new PolicyYaml(faults);
    private final PatternReader patterns = new PatternReader(faults, yaml);

    PolicyReader(String text) {
        this.text = text;
    }

    Policy read() {
        Optional<Node> document = yaml.document(text);
        faults.throwIfAny();
        List<HoldRule> holds = new ArrayList<>();
        List<RepositoryPolicy> policies = new ArrayList<>();
        document.ifPresentOrElse(node -> read(node, holds, policies), () -> faults.add(1, "there is no policy in it"));
        faults.throwIfAny();
        return new Policy(text, holds, policies);
    }

    private void read(Node node, List<HoldRule> holds, List<RepositoryPolicy> policies) {
        Map<String, Node> keys = yaml.map(node, "the file", List.of(HOLD, POLICIES));
        if (keys.containsKey(HOLD)) {
            yaml.list(keys.get(HOLD), HOLD).forEach(each -> holds.add(hold(each)));
        }
        if (!keys.containsKey(POLICIES)) {
            faults.add(node, "'policies' is missing: nothing would be deleted");
            return;
        }
        Shadows shadows = new Shadows();
        Set<String> names = new HashSet<>();
        for (Node each : yaml.list(keys.get(POLICIES), POLICIES)) {
            RepositoryPolicy policy = policy(each);
            policies.add(policy);
            shadowed(each, policy.repositories(), shadows);
            if (!names.add(policy.name())) {
                faults.add(each, "two policies are named '%s'".formatted(policy.name()));
            }
        }
    }

    private HoldRule hold(Node node) {
        Map<String, Node> keys = yaml.map(node, "a hold", List.of(REPOSITORIES, TAGS, DIGESTS, REASON));
        if (keys.containsKey(TAGS) && keys.containsKey(DIGESTS)) {
            faults.add(node, "a hold is of tags or of digests: make it two");
        } else if (!keys.containsKey(TAGS) && !keys.containsKey(DIGESTS) && !keys.containsKey(REPOSITORIES)) {
            faults.add(node, "a hold is of 'tags', 'digests' or whole 'repositories', and this one has none of them");
        }
        Set<Digest> digests = new HashSet<>();
        if (keys.containsKey(DIGESTS)) {
            yaml.list(keys.get(DIGESTS), DIGESTS).forEach(each -> digest(each).ifPresent(digests::add));
        }
        return new HoldRule(
                "hold, line " + PolicyFaults.line(node),
                patterns.read(keys.get(REPOSITORIES), REPOSITORIES, NamePattern::ofRepositories),
                patterns.read(keys.get(TAGS), TAGS, NamePattern::ofTags),
                digests,
                value(keys, REASON, each -> yaml.text(each, REASON)).orElse(null));
    }

    private Optional<Digest> digest(Node node) {
        Optional<String> text = yaml.text(node, DIGESTS);
        Optional<Digest> digest = text.flatMap(Digest::tryParse);
        if (text.isPresent() && digest.isEmpty()) {
            faults.add(node, "'%s' is no digest: write all of it, as sha256:9f86d0…".formatted(text.get()));
        }
        return digest;
    }

    private RepositoryPolicy policy(Node node) {
        int before = faults.count();
        Map<String, Node> keys =
                yaml.map(node, "a policy", List.of(NAME, REPOSITORIES, TAGS, OTHER_TAGS, UNTAGGED, REFERRERS));
        require(node, keys, NAME, REPOSITORIES);
        if (faults.count() == before && keys.keySet().stream().allMatch(Set.of(NAME, REPOSITORIES)::contains)) {
            faults.add(node, "the policy says nothing of its repositories: 'otherTags: keep' keeps all tags");
        }
        String name = value(keys, NAME, each -> yaml.text(each, NAME)).orElse("line " + PolicyFaults.line(node));
        return new RepositoryPolicy(
                name,
                patterns.read(keys.get(REPOSITORIES), REPOSITORIES, NamePattern::ofRepositories),
                rules(keys.get(TAGS), name),
                otherTags(keys, name),
                Optional.ofNullable(keys.get(UNTAGGED))
                        .map(untagged -> untagged(untagged, name))
                        .orElse(null),
                Optional.ofNullable(keys.get(REFERRERS))
                        .map(referrers -> referrers(referrers, name))
                        .orElse(null));
    }

    private List<TagRule> rules(Node node, String policy) {
        List<TagRule> rules = new ArrayList<>();
        if (node != null) {
            Shadows shadows = new Shadows();
            RuleReader reader = new RuleReader(policy, faults, yaml, patterns);
            for (Node each : yaml.list(node, TAGS)) {
                TagRule rule = reader.read(each);
                rules.add(rule);
                shadowed(each, rule.match(), shadows);
            }
        }
        return rules;
    }

    private TagRule otherTags(Map<String, Node> keys, String policy) {
        TagRule kept = new TagRule(null, null, new TagRule.All("no rule matches"));
        Node node = keys.get(OTHER_TAGS);
        Optional<String> word = value(keys, OTHER_TAGS, each -> yaml.text(each, OTHER_TAGS));
        if (word.isEmpty()) {
            return kept;
        }
        String rule = "%s, line %d: otherTags".formatted(policy, PolicyFaults.line(node));
        switch (word.get()) {
            case "keep" -> {
                return new TagRule(rule, null, new TagRule.All("no rule matches"));
            }
            case "delete" -> {
                if (!keys.containsKey(TAGS)) {
                    faults.add(node, "without 'tags' all of them would go: a rule with 'keep: none' says so");
                }
                return new TagRule(rule, null, new TagRule.None("no rule matches"));
            }
            default -> {
                faults.add(node, "'otherTags' is keep or delete, and not '%s'".formatted(word.get()));
                return kept;
            }
        }
    }

    private UntaggedRule untagged(Node node, String policy) {
        int before = faults.count();
        Map<String, Node> keys = yaml.map(node, "'untagged'", List.of(KEEP_PREVIOUS, DELETE_AFTER));
        if (faults.count() == before && keys.isEmpty()) {
            faults.add(node, "'untagged' is empty");
        }
        return new UntaggedRule(
                "%s, line %d: untagged".formatted(policy, PolicyFaults.line(node)),
                value(keys, KEEP_PREVIOUS, each -> yaml.count(each, KEEP_PREVIOUS))
                        .orElse(0),
                value(keys, DELETE_AFTER, each -> yaml.duration(each, DELETE_AFTER))
                        .orElse(null));
    }

    private ReferrersRule referrers(Node node, String policy) {
        int before = faults.count();
        Map<String, Node> keys = yaml.map(node, "'referrers'", List.of(ORPHANED_AFTER));
        if (faults.count() == before) {
            require(node, keys, ORPHANED_AFTER);
        }
        return new ReferrersRule(
                "%s, line %d: referrers".formatted(policy, PolicyFaults.line(node)),
                value(keys, ORPHANED_AFTER, each -> yaml.duration(each, ORPHANED_AFTER))
                        .orElse(0L));
    }

    /** @param patterns null if they are not right */
    private void shadowed(Node node, NamePatterns patterns, Shadows shadows) {
        SortedSet<Integer> lines = patterns == null ? new TreeSet<>() : shadows.add(PolicyFaults.line(node), patterns);
        if (!lines.isEmpty()) {
            String by = lines.stream().map(String::valueOf).collect(Collectors.joining(" and "));
            faults.add(node, "this never matches: line %s before it has all of %s".formatted(by, patterns));
        }
    }

    private void require(Node node, Map<String, Node> keys, String... required) {
        for (String key : required) {
            if (!keys.containsKey(key)) {
                faults.add(node, "'%s' is missing".formatted(key));
            }
        }
    }

    private static <T> Optional<T> value(Map<String, Node> keys, String key, Function<Node, Optional<T>> read) {
        return Optional.ofNullable(keys.get(key)).flatMap(read);
    }
}
