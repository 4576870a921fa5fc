package dev.tidemark.policy;

import dev.tidemark.policy.Draft.ForRepositories;
import dev.tidemark.policy.Draft.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GitLab's cleanup policy of a project. */
final class FromGitlab {

    private static final Set<String> KEYS = Set.of(
            "cadence",
            "enabled",
            "keep_n",
            "older_than",
            "name_regex",
            "name_regex_delete",
            "name_regex_keep",
            "next_run_at");

    private FromGitlab() {}

    static Draft translate(Foreign root, String repositories) {
        Foreign policy = root.within("container_expiration_policy_attributes", "container_expiration_policy")
                .only(KEYS);
        List<String> comments = new ArrayList<>();
        comments.add("From GitLab, which orders by the time that an image says of itself. Here it is the last push.");
        if (policy.at("enabled").isThere() && !policy.at("enabled").isTrue()) {
            comments.add("There it is switched off (enabled: false).");
        }
        List<Rule> rules = new ArrayList<>();
        rules.add(Rule.all(List.of("GitLab never deletes it."), List.of("latest")));
        regex(policy, "name_regex_keep").ifPresent(keep -> rules.add(Rule.all(List.of(), List.of(pattern(keep)))));
        regex(policy, "name_regex_delete")
                .or(() -> regex(policy, "name_regex"))
                .ifPresent(delete -> rules.add(new Rule(
                        List.of(),
                        List.of(pattern(delete)),
                        false,
                        policy.at("keep_n").orFault().count().orElse(null),
                        policy.at("older_than").orFault().text().orElse(null),
                        null,
                        null)));
        return new Draft(
                comments,
                List.of(new ForRepositories(List.of(), "gitlab", List.of(repositories), rules, false, null, null)));
    }

    private static Optional<String> regex(Foreign policy, String key) {
        return policy.at(key).text().filter(regex -> !regex.isBlank());
    }

    /** GitLab puts \A before a regex and \z behind it, and so before the first alternative and behind the last. */
    private static String pattern(String regex) {
        if (regex.equals(".*") || regex.equals(".+")) {
            return "*";
        }
        return regex.contains("|") ? "/.*(?:\\A%s\\z).*/".formatted(regex) : "/%s/".formatted(regex);
    }
}
