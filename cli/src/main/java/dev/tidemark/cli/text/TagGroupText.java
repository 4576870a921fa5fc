package dev.tidemark.cli.text;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.policy.TagGroup;
import dev.tidemark.schemas.text.Units;
import java.util.ArrayList;
import java.util.List;

/** The tags of a run by repository and rule, for people. */
public final class TagGroupText {

    /** Rows that a screen takes. */
    private static final int SHOWN = 30;

    private TagGroupText() {}

    /** A table of them, and an example of those that go and of those that stay. */
    public static List<String> lines(List<TagGroup> groups, Terminal terminal) {
        if (groups.isEmpty()) {
            return List.of("There are no tags.");
        }
        List<String> lines = new ArrayList<>(List.of(""));
        var table = new Table(0, 2);
        table.row("REPOSITORY", "RULE", "KEPT", "GOING", "FREES");
        groups.stream()
                .limit(SHOWN)
                .forEach(group -> table.row(
                        Terminal.clean(group.repository()),
                        Terminal.clean(group.words()),
                        Units.number(group.kept()),
                        Units.number(group.going()),
                        group.going() == 0 ? "" : Units.bytes(group.bytes())));
        lines.addAll(table.lines(terminal.width()));
        if (groups.size() > SHOWN) {
            lines.add("and " + Units.number(groups.size() - SHOWN) + " more (--format json lists them)");
        }
        groups.stream()
                .filter(group -> group.newestGoing() != null)
                .findFirst()
                .ifPresent(group -> lines.addAll(List.of(
                        "", "Newest that goes, of the first: " + example(group.repository(), group.newestGoing()))));
        groups.stream()
                .filter(group -> group.oldestKept() != null && group.rule() != null)
                .findFirst()
                .ifPresent(group -> lines.add("Oldest that stays: " + example(group.repository(), group.oldestKept())));
        return lines;
    }

    private static String example(String repository, TagGroup.Example example) {
        return Terminal.clean(
                "%s:%s, pushed %s (%s)".formatted(repository, example.tag(), example.pushed(), example.why()));
    }
}
