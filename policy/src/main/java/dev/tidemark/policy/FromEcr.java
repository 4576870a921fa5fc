package dev.tidemark.policy;

import dev.tidemark.policy.Draft.ForRepositories;
import dev.tidemark.policy.Draft.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** A lifecycle policy of Amazon ECR. */
final class FromEcr {

    private static final Set<String> RULE = Set.of("rulePriority", "description", "selection", "action");
    private static final Set<String> SELECTION =
            Set.of("tagStatus", "tagPrefixList", "tagPatternList", "countType", "countUnit", "countNumber");
    private static final String COUNT = "imageCountMoreThan";
    private static final String AGE = "sinceImagePushed";
    private static final String UNUSED = "sinceImagePulled";

    private final List<Rule> rules = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();
    private String deleteAfter;

    private FromEcr() {}

    static Draft translate(Foreign root, String repositories) {
        FromEcr from = new FromEcr();
        root.only(Set.of("rules")).at("rules").items().stream()
                .sorted(Comparator.comparing(
                        rule -> rule.at("rulePriority").count().orElse(0)))
                .forEach(rule -> from.add(rule.only(RULE), rule.at("selection").only(SELECTION)));
        return new Draft(
                List.of("From ECR, which counts images. Here tags are counted."),
                List.of(new ForRepositories(
                        from.comments, "ecr", List.of(repositories), from.rules, false, from.deleteAfter, null)));
    }

    private void add(Foreign rule, Foreign selection) {
        List<String> words = rule.at("description").text().stream().toList();
        String action = rule.at("action").at("type").text().orElse("");
        String count = selection.at("countType").text().orElse("");
        int number = selection
                .at("countNumber")
                .count()
                .orElseThrow(() -> selection.at("countNumber").fault("it is no number"));
        if (!action.equals("expire")) {
            throw rule.at("action").fault("only 'expire' deletes, and this is '%s'".formatted(action));
        }
        switch (selection.at("tagStatus").text().orElse("")) {
            case "untagged" -> untagged(selection, count, number);
            case "any" -> {
                rules.add(rule(words, List.of("*"), selection, count, number));
                if (!count.equals(COUNT)) {
                    untagged(selection, count, number);
                }
            }
            case "tagged" -> rules.add(rule(words, tags(selection), selection, count, number));
            default -> throw selection.at("tagStatus").fault("it is tagged, untagged or any");
        }
    }

    private void untagged(Foreign selection, String count, int number) {
        if (!count.equals(AGE)) {
            comments.add("Manifests without a tag go by the time of their push alone: %s (%s %d) can't be said."
                    .formatted(selection.path(), count, number));
        } else if (deleteAfter == null) {
            deleteAfter = days(selection, number);
        }
    }

    private static Rule rule(List<String> words, List<String> match, Foreign selection, String count, int number) {
        return switch (count) {
            case COUNT -> new Rule(words, match, false, number, null, null, null);
            case AGE -> new Rule(words, match, false, null, days(selection, number), null, null);
            case UNUSED -> new Rule(words, match, false, null, null, null, days(selection, number));
            default -> {
                List<String> comments = new ArrayList<>(words);
                comments.add("All are kept: %s can't be said yet.".formatted(count));
                yield Rule.all(comments, match);
            }
        };
    }

    private static String days(Foreign selection, int number) {
        String unit = selection.at("countUnit").text().orElse("");
        if (!unit.equals("days")) {
            throw selection.at("countUnit").fault("it is days, and not '%s'".formatted(unit));
        }
        return number + "d";
    }

    /** Of several patterns, an image has to have a tag for each. */
    private static List<String> tags(Foreign selection) {
        List<String> patterns = new ArrayList<>(selection.at("tagPatternList").texts());
        selection.at("tagPrefixList").texts().forEach(prefix -> patterns.add(prefix + "*"));
        if (patterns.isEmpty()) {
            throw selection.fault("it names no tags: give a tagPatternList, as [\"*\"]");
        }
        if (patterns.size() > 1) {
            throw selection.fault(
                    "images that have a tag for each of several patterns can't be said: a rule here is of single tags");
        }
        return patterns;
    }
}
