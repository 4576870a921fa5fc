package dev.tidemark.policy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The text of a model's policy. */
final class ModelYaml {

    private ModelYaml() {}

    /** As a user writes it. */
    static String of(PolicyModel model) {
        StringBuilder yaml = new StringBuilder();
        model.holds().forEach(hold -> {
            yaml.append(yaml.isEmpty() ? "hold:\n" : "").append("  - ");
            yaml.append(flow("repositories", hold.repositories(), "tags", hold.tags(), "digests", hold.digests()));
            yaml.append("\n");
        });
        yaml.append("policies:\n");
        for (PolicyModel.ForRepositories policy : model.policies()) {
            yaml.append("  - ")
                    .append("name: ")
                    .append(policy.name())
                    .append("\n    repositories: ")
                    .append(list(policy.repositories()));
            yaml.append("\n    otherTags: ")
                    .append(policy.deleteOthers() ? "delete" : "keep")
                    .append("\n");
            yaml.append(policy.rules().isEmpty() ? "" : "    tags:\n");
            policy.rules()
                    .forEach(rule -> yaml.append("      - ").append(rule(rule)).append("\n"));
            if (policy.keepPrevious() != null || policy.deleteAfter() != null) {
                yaml.append("    untagged: ")
                        .append(flow("keepPrevious", policy.keepPrevious(), "deleteAfter", days(policy.deleteAfter())))
                        .append("\n");
            }
            if (policy.orphanedAfter() != null) {
                yaml.append("    referrers: ")
                        .append(flow("orphanedAfter", policy.orphanedAfter() + "d"))
                        .append("\n");
            }
        }
        return yaml.toString();
    }

    private static String rule(PolicyModel.Rule rule) {
        return rule.keep().startsWith("keep")
                ? flow(
                        "match",
                        rule.match(),
                        "groupBy",
                        rule.groupBy(),
                        rule.keep(),
                        Map.of(
                                "",
                                flow(
                                        "newest",
                                        rule.newest(),
                                        "by",
                                        rule.by(),
                                        "pushedWithin",
                                        days(rule.days()),
                                        "newestPulled",
                                        rule.newestPulled(),
                                        "pulledWithin",
                                        days(rule.pulledDays()))))
                : flow("match", rule.match(), "keep", rule.keep());
    }

    private static String days(Integer days) {
        return days == null ? null : days + "d";
    }

    private static String flow(Object... pairs) {
        return IntStream.range(0, pairs.length / 2)
                .filter(i -> pairs[2 * i + 1] != null && !pairs[2 * i + 1].equals(List.of()))
                .mapToObj(i -> pairs[2 * i] + ": "
                        + switch (pairs[2 * i + 1]) {
                            case List<?> list -> list(list);
                            case Map<?, ?> map -> map.get("").toString();
                            case Object other -> other.toString();
                        })
                .collect(Collectors.joining(", ", "{ ", " }"));
    }

    private static String list(List<?> list) {
        return list.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", ", "[", "]"));
    }
}
