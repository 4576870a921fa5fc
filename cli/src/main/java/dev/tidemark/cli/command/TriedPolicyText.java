package dev.tidemark.cli.command;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.Table;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.text.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The tags of a run with a policy, by repository and rule. */
final class TagGroups {

    /** Rows that a screen takes. */
    private static final int SHOWN = 40;

    private record Rule(String repository, String policy, String rule) {}

    private TagGroups() {}

    /**
     * Reads them, those first that lose the most.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not give them
     */
    static List<TagGroup> read(Cluster cluster, Run run) {
        Map<Rule, TagGroup> groups = new HashMap<>();
        try (var scan = new TopicScan<>(cluster, cluster.topics().tags(), TagsRecord.class)) {
            long since = run.requested().at() - Run.CLOCKS_DIFFER.toMillis();
            scan.read(0, OptionalLong.of(since), () -> true, record -> {
                if (record.run().equals(run.id())) {
                    record.tags().stream()
                            .filter(tag -> tag.verdict() != null)
                            .map(tag -> TagGroup.of(record.repository(), tag))
                            .forEach(group -> groups.merge(
                                    new Rule(group.repository(), group.policy(), group.rule()), group, TagGroup::plus));
                }
            });
        }
        return groups.values().stream()
                .sorted(Comparator.comparingLong(TagGroup::going)
                        .reversed()
                        .thenComparing(TagGroup::repository)
                        .thenComparing(group -> String.valueOf(group.rule())))
                .toList();
    }

    /** A table of them, and an example of those that go and of those that stay. */
    static List<String> lines(List<TagGroup> groups, Terminal terminal) {
        if (groups.isEmpty()) {
            return List.of("There are no tags.");
        }
        List<String> lines = new ArrayList<>(List.of(""));
        var table = new Table(0, 2);
        table.row("REPOSITORY", "RULE", "KEPT", "GOING");
        groups.stream()
                .limit(SHOWN)
                .forEach(group -> table.row(
                        Terminal.clean(group.repository()),
                        Terminal.clean(rule(group)),
                        Units.number(group.kept()),
                        Units.number(group.going())));
        lines.addAll(table.lines(terminal.width()));
        if (groups.size() > SHOWN) {
            lines.add("and " + Units.number(groups.size() - SHOWN) + " more: --format json has all");
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

    private static String rule(TagGroup group) {
        if (group.rule() != null) {
            return group.rule();
        }
        return group.policy() == null ? "(no policy)" : group.policy() + " (no rule)";
    }

    private static String example(String repository, TagGroup.Example example) {
        return Terminal.clean(
                "%s:%s, pushed %s (%s)".formatted(repository, example.tag(), example.pushed(), example.why()));
    }
}
