package dev.tidemark.policy;

import dev.tidemark.policy.Draft.ForRepositories;
import dev.tidemark.policy.Draft.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The retention policy of a Harbor project. There a tag stays if any rule keeps it; here the first rule that matches it
 * decides. So a rule that is on some of another's tags comes before that one, and keeps what either does.
 */
final class FromHarbor {

    private static final Set<String> POLICY = Set.of("id", "algorithm", "rules", "trigger", "scope");
    private static final Set<String> RULE =
            Set.of("id", "priority", "disabled", "action", "template", "params", "tag_selectors", "scope_selectors");
    private static final String EVERYTHING = "**";

    /**
     * A rule, or several on the same tags.
     *
     * @param all why all its tags are kept; null if they are not
     */
    private record Merged(Foreign from, Globs repositories, Globs tags, String all, Limits limits) {

        Merged or(Merged other) {
            return new Merged(from, repositories, tags, all == null ? other.all : all, limits.or(other.limits));
        }

        Rule rule() {
            if (all != null) {
                return Rule.all(all.isEmpty() ? List.of() : List.of(all), tags.texts());
            }
            return new Rule(
                    List.of(),
                    tags.texts(),
                    false,
                    limits.newest(),
                    days(limits.days()),
                    limits.newestPulled(),
                    days(limits.daysPulled()));
        }

        private static String days(Integer days) {
            return days == null ? null : days + "d";
        }
    }

    /** The limits within which a rule keeps a tag; null for each that it does not set. */
    private record Limits(Integer newest, Integer days, Integer newestPulled, Integer daysPulled) {

        static final Limits NONE = new Limits(null, null, null, null);

        Limits or(Limits other) {
            return new Limits(
                    max(newest, other.newest),
                    max(days, other.days),
                    max(newestPulled, other.newestPulled),
                    max(daysPulled, other.daysPulled));
        }

        private static Integer max(Integer a, Integer b) {
            return a == null ? b : b == null ? a : Integer.valueOf(Math.max(a, b));
        }
    }

    private FromHarbor() {}

    static Draft translate(Foreign root, String repositories) {
        if (!repositories.endsWith("/" + EVERYTHING)) {
            throw root.fault("it is of a project: give the repositories as PROJECT/**");
        }
        String project = repositories.substring(0, repositories.length() - EVERYTHING.length());
        List<Merged> rules = root.only(POLICY).at("rules").items().stream()
                .filter(rule -> !rule.only(RULE).at("disabled").isTrue())
                .map(rule -> rule(rule, project))
                .toList();
        List<ForRepositories> policies = new ArrayList<>();
        for (Merged one : narrowFirst(rules, Merged::repositories)) {
            List<Merged> here = rules.stream()
                    .filter(rule -> rule.repositories().covers(one.repositories()))
                    .toList();
            policies.add(new ForRepositories(
                    List.of(),
                    "harbor-" + (policies.size() + 1),
                    one.repositories().texts(),
                    rules(here),
                    true,
                    null,
                    null));
        }
        return new Draft(
                List.of(
                        "From Harbor, where a tag stays if any rule keeps it. Here the first rule that matches it"
                                + " decides, and",
                        "counts only tags that no rule before it has: some more stay."),
                policies);
    }

    private static List<Rule> rules(List<Merged> rules) {
        return narrowFirst(rules, Merged::tags).stream()
                .map(one -> rules.stream()
                        .filter(other -> other != one && other.tags().covers(one.tags()))
                        .reduce(one, Merged::or)
                        .rule())
                .toList();
    }

    /** One of each that are equal, and each before what covers it. */
    private static List<Merged> narrowFirst(List<Merged> rules, Function<Merged, Globs> of) {
        List<Merged> ordered = new ArrayList<>();
        for (Merged rule : rules) {
            Globs globs = of.apply(rule);
            int at = 0;
            boolean there = false;
            for (int i = 0; i < ordered.size(); i++) {
                Globs others = of.apply(ordered.get(i));
                boolean wider = globs.covers(others);
                boolean narrower = others.covers(globs);
                if (!wider && !narrower && !globs.isApartFrom(others)) {
                    throw overlapping(rule, ordered.get(i));
                }
                there |= wider && narrower;
                at = wider ? i + 1 : at;
            }
            for (Merged earlier : ordered.subList(0, at)) {
                if (!there && of.apply(earlier).covers(globs)) {
                    throw overlapping(rule, earlier);
                }
            }
            if (!there) {
                ordered.add(at, rule);
            }
        }
        return ordered;
    }

    private static InvalidPolicyException overlapping(Merged rule, Merged other) {
        return rule.from()
                .fault("it overlaps with %s, and neither has all of the other's names"
                        .formatted(other.from().path()));
    }

    private static Merged rule(Foreign rule, String project) {
        Foreign action = rule.at("action");
        if (action.text().filter(word -> !word.equals("retain")).isPresent()) {
            throw action.fault("it is retain");
        }
        Globs repositories = selected(rule.at("scope_selectors").at("repository"), "repoMatches", EVERYTHING)
                .map(pattern -> project + pattern);
        Globs tags = selected(rule.at("tag_selectors"), "matches", "*");
        String template = rule.at("template").text().orElseThrow(() -> rule.fault("it has no template"));
        Foreign parameter = rule.at("params").at(template);
        return switch (template) {
            case "always" -> new Merged(rule, repositories, tags, "", Limits.NONE);
            case "nothing" -> new Merged(rule, repositories, tags, null, Limits.NONE);
            case "latestPushedK" ->
                new Merged(rule, repositories, tags, null, new Limits(number(parameter), null, null, null));
            case "nDaysSinceLastPush" ->
                new Merged(rule, repositories, tags, null, new Limits(null, number(parameter), null, null));
            case "latestPulledN" ->
                new Merged(rule, repositories, tags, null, new Limits(null, null, number(parameter), null));
            case "nDaysSinceLastPull" ->
                new Merged(rule, repositories, tags, null, new Limits(null, null, null, number(parameter)));
            default ->
                new Merged(
                        rule,
                        repositories,
                        tags,
                        "All are kept: %s can't be said yet.".formatted(template),
                        Limits.NONE);
        };
    }

    /** Without one, Harbor has a default of its own. */
    private static Integer number(Foreign parameter) {
        return parameter.orFault().count().orElse(null);
    }

    private static Globs selected(Foreign selectors, String matches, String everything) {
        List<Foreign> items = selectors.items();
        if (items.size() > 1) {
            throw selectors.fault("several selectors can't be said");
        }
        if (items.isEmpty()) {
            return new Globs(List.of(everything), List.of());
        }
        Foreign selector = items.getFirst();
        String pattern = selector.at("pattern").text().orElseThrow(() -> selector.fault("it has no pattern"));
        List<String> patterns =
                Globs.alternatives(pattern.equals(EVERYTHING) ? everything : Globs.ofDoublestar(pattern));
        return selector.at("decoration").text().orElse(matches).equals(matches)
                ? new Globs(patterns, List.of())
                : new Globs(
                        List.of(everything),
                        patterns.stream().flatMap(Globs::withItsRoot).toList());
    }
}
