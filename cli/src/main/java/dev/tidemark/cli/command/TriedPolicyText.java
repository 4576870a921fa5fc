package dev.tidemark.cli.command;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.Table;
import dev.tidemark.schemas.text.Units;
import java.util.ArrayList;
import java.util.List;

/** What a policy would delete, in words. */
final class TriedPolicyText {

    /** Rows that a screen takes. */
    private static final int SHOWN = 40;

    private static final int EXAMPLES = 5;

    private TriedPolicyText() {}

    /** A table of the tags by repository and rule, and of some the newest that goes and the oldest that stays. */
    static List<String> lines(TriedPolicy tried, int width) {
        List<TagGroup> groups = tried.groups();
        if (groups.isEmpty()) {
            return List.of("There are no tags.");
        }
        List<String> lines = new ArrayList<>(List.of(""));
        var table = new Table(0, 2);
        table.row("REPOSITORY", "RULE", "KEPT", "GOING", "FREES", "ALONE");
        groups.stream()
                .limit(SHOWN)
                .forEach(group -> table.row(
                        Terminal.clean(group.repository()),
                        Terminal.clean(rule(group)),
                        Units.number(group.kept()),
                        Units.number(group.going()),
                        Units.bytes(group.freed()),
                        Units.bytes(group.alone())));
        lines.addAll(table.lines(width));
        if (groups.size() > SHOWN) {
            lines.add("and " + Units.number(groups.size() - SHOWN) + " more: --format json has all");
        }
        lines.add("");
        lines.add("In all %s, of which %s without a tag."
                .formatted(Units.bytes(tried.freed()), Units.bytes(tried.freedWithoutTag())));
        lines.add("What several rules free is shared among them evenly; ALONE is what no other one frees.");
        groups.stream()
                .filter(group -> group.rule() != null || group.going() > 0)
                .limit(EXAMPLES)
                .forEach(group -> addExamples(group, lines));
        return lines;
    }

    private static void addExamples(TagGroup group, List<String> lines) {
        lines.add("");
        lines.add(Terminal.clean(group.repository() + ", " + rule(group)));
        if (group.newestGoing() != null) {
            lines.add("  newest that goes:  " + words(group.newestGoing()));
        }
        if (group.oldestKept() != null) {
            lines.add("  oldest that stays: " + words(group.oldestKept()));
        }
    }

    private static String rule(TagGroup group) {
        if (group.rule() != null) {
            return group.rule();
        }
        return group.policy() == null ? "(no policy)" : group.policy() + " (no rule)";
    }

    private static String words(TagGroup.Example example) {
        return Terminal.clean("%s, pushed %s (%s)".formatted(example.tag(), example.pushed(), example.why()));
    }
}
