package dev.tidemark.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A policy that is being written.
 *
 * @param comments on all of it
 */
record Draft(List<String> comments, List<ForRepositories> policies) {

    /**
     * A policy for some repositories.
     *
     * @param deleteOthers whether tags go that no rule matches
     * @param deleteAfter for how long manifests without a tag stay; null if nothing is said
     * @param orphanedAfter for how long tags of referrers stay whose subject is gone; null if nothing is said
     */
    record ForRepositories(
            List<String> comments,
            String name,
            List<String> repositories,
            List<Rule> rules,
            boolean deleteOthers,
            String deleteAfter,
            String orphanedAfter) {}

    /**
     * A rule on tags. Without a condition it keeps all, or none.
     *
     * @param newest null if it is no condition
     * @param pushedWithin null if it is no condition
     * @param newestPulled null if it is no condition
     * @param pulledWithin null if it is no condition
     */
    record Rule(
            List<String> comments,
            List<String> match,
            boolean keep,
            Integer newest,
            String pushedWithin,
            Integer newestPulled,
            String pulledWithin) {

        static Rule all(List<String> comments, List<String> match) {
            return new Rule(comments, match, true, null, null, null, null);
        }

        String text() {
            Map<String, Object> conditions = new LinkedHashMap<>();
            conditions.put("newest", newest);
            conditions.put("pushedWithin", pushedWithin == null ? null : quoted(pushedWithin));
            conditions.put("newestPulled", newestPulled);
            conditions.put("pulledWithin", pulledWithin == null ? null : quoted(pulledWithin));
            conditions.values().removeIf(value -> value == null);
            if (conditions.isEmpty()) {
                return "keep: " + (keep ? "all" : "none");
            }
            return conditions.entrySet().stream()
                    .map(condition -> condition.getKey() + ": " + condition.getValue())
                    .collect(Collectors.joining(", ", "keepAny: { ", " }"));
        }
    }

    String text() {
        List<String> lines = new ArrayList<>();
        add(comments, "# ", lines);
        lines.add("policies:");
        policies.forEach(policy -> add(policy, lines));
        return String.join("\n", lines) + "\n";
    }

    /** A comment is no place for lines that a stranger's document has. */
    private static void add(List<String> comments, String start, List<String> lines) {
        comments.forEach(comment -> lines.add(start + comment.replaceAll("\\R|\\p{Cntrl}", " ")));
    }

    private static void add(ForRepositories policy, List<String> lines) {
        add(policy.comments(), "  # ", lines);
        lines.add("  - name: " + quoted(policy.name()));
        lines.add("    repositories: " + list(policy.repositories()));
        if (policy.rules().isEmpty()) {
            lines.add("    otherTags: keep");
        } else {
            lines.add("    tags:");
            addRules(policy, lines);
            lines.add("    otherTags: " + (policy.deleteOthers() ? "delete" : "keep"));
        }
        if (policy.deleteAfter() != null) {
            lines.add("    untagged: { deleteAfter: %s }".formatted(quoted(policy.deleteAfter())));
        }
        if (policy.orphanedAfter() != null) {
            lines.add("    referrers: { orphanedAfter: %s }".formatted(quoted(policy.orphanedAfter())));
        }
    }

    /** Rules that never match are comments: a policy with them is refused. */
    private static void addRules(ForRepositories policy, List<String> lines) {
        Shadows shadows = new Shadows();
        for (Rule rule : policy.rules()) {
            boolean never = !shadows.add(0, patterns(rule.match())).isEmpty();
            String start = never ? "#     " : "      ";
            add(rule.comments(), "      # ", lines);
            if (never) {
                lines.add("      # It never matches, as others before it have all of it:");
            }
            lines.add(start + "- match: " + list(rule.match()));
            lines.add(start + "  " + rule.text());
        }
    }

    private static NamePatterns patterns(List<String> texts) {
        Map<Boolean, List<NamePattern>> patterns = texts.stream()
                .collect(Collectors.partitioningBy(
                        text -> text.startsWith("!"), Collectors.mapping(Draft::pattern, Collectors.toList())));
        return new NamePatterns(patterns.get(false), patterns.get(true));
    }

    private static NamePattern pattern(String text) {
        return NamePattern.read(text.startsWith("!") ? text.substring(1) : text, NamePattern::ofTags);
    }

    private static String list(List<String> texts) {
        return texts.stream().map(Draft::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidPolicyException(List.of("control characters can't be said: " + text));
        }
        return "'" + text.replace("'", "''") + "'";
    }
}
