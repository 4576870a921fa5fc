package dev.tidemark.policy;

import dev.tidemark.policy.Draft.ForRepositories;
import dev.tidemark.policy.Draft.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The retention of zot's configuration. */
final class FromZot {

    private static final Set<String> RETENTION = Set.of("dryRun", "delay", "policies");
    private static final Set<String> POLICY = Set.of("repositories", "deleteReferrers", "deleteUntagged", "keepTags");
    private static final Set<String> RULE =
            Set.of("patterns", "pushedWithin", "mostRecentlyPushedCount", "pulledWithin", "mostRecentlyPulledCount");

    private static final Set<String> KEYS = Stream.of(
                    Set.of("storage", "subPaths", "gc", "gcDelay", "retention"), RETENTION, POLICY, RULE)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private static final String FOR_EVER = "36500d";

    private FromZot() {}

    static Draft translate(Foreign written) {
        // zot reads keys in any case: its own examples have KeepTags.
        Foreign root = written.spelled(KEYS);
        Foreign subPaths = root.at("storage").at("subPaths");
        if (subPaths.isThere()) {
            throw subPaths.fault("each has a retention of its own, which can't be said");
        }
        Foreign retention = root.within("storage.retention", "retention").only(RETENTION);
        Foreign storage = root.within("storage");
        // Without either, it is 24h for older versions, and less for newer ones.
        String delay = retention
                .at("delay")
                .text()
                .or(() -> storage.at("gcDelay").text())
                .orElse("24h");
        List<ForRepositories> policies = new ArrayList<>();
        for (Foreign policy : retention.at("policies").items()) {
            policies.add(policy(policy.only(POLICY), "zot-" + (policies.size() + 1), delay));
        }
        List<String> words = new ArrayList<>(List.of("From zot."));
        if (storage.at("gc").isThere() && !storage.at("gc").isTrue()) {
            words.add("There it is switched off (gc: false).");
        }
        return new Draft(words, policies);
    }

    private static ForRepositories policy(Foreign policy, String name, String delay) {
        List<String> repositories = policy.at("repositories").texts();
        if (repositories.isEmpty()) {
            throw policy.fault("it is for no repositories");
        }
        List<Rule> rules = policy.at("keepTags").oneOrMore().stream()
                .map(rule -> rule(rule.only(RULE)))
                .toList();
        Foreign untagged = policy.at("deleteUntagged");
        boolean deleteUntagged = !untagged.isThere() || untagged.isTrue();
        return new ForRepositories(
                deleteUntagged ? List.of() : List.of("zot keeps manifests without a tag (deleteUntagged: false)."),
                name,
                // For zot, a/** is a, too.
                repositories.stream()
                        .map(Globs::ofDoublestar)
                        .flatMap(Globs::withItsRoot)
                        .distinct()
                        .toList(),
                rules,
                true,
                deleteUntagged ? delay : FOR_EVER,
                policy.at("deleteReferrers").isTrue() ? delay : null);
    }

    private static Rule rule(Foreign rule) {
        List<String> match = rule.at("patterns").isThere()
                ? rule.at("patterns").texts().stream()
                        .map(FromZot::pattern)
                        .distinct()
                        .toList()
                : List.<String>of();
        match = match.isEmpty() ? List.of("*") : match;
        return new Rule(
                List.of(),
                match,
                true,
                rule.at("mostRecentlyPushedCount").count().orElse(null),
                rule.at("pushedWithin").text().orElse(null),
                rule.at("mostRecentlyPulledCount").count().orElse(null),
                rule.at("pulledWithin").text().orElse(null));
    }

    /** zot looks for a pattern anywhere in a tag. */
    private static String pattern(String regex) {
        return regex.equals(".*") || regex.equals(".+") ? "*" : "/.*(?:%s).*/".formatted(regex);
    }
}
