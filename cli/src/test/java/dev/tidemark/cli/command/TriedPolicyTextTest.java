package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.command.TagGroup.Example;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TriedPolicyTextTest {

    private static final Example KEPT = new Example("main-5", "2026-01-05T00:00:00Z", "newest 2 of 2");
    private static final Example GOING = new Example("main-4", "2026-01-04T00:00:00Z", "newest 3, and 2 are kept");

    @Test
    void eachRuleHasARowAndThoseThatLoseTheMostHaveExamples() {
        var tried = new TriedPolicy(
                5_000_000,
                1_000,
                List.of(
                        new TagGroup("team/app", "p", "main-*", 2, 1_400, 4_500_000, 4_000_000, KEPT, GOING),
                        new TagGroup("team/app", "p", null, 1, 0, 0, 0, KEPT, null),
                        new TagGroup("library/base", null, null, 7, 0, 0, 0, KEPT, null)));

        assertThat(TriedPolicyText.lines(tried, 80))
                .containsExactly("""
                    (empty)
                    REPOSITORY    RULE         KEPT  GOING   FREES   ALONE
                    team/app      main-*          2  1,400  4.5 MB  4.0 MB
                    team/app      p (no rule)     1      0     0 B     0 B
                    library/base  (no policy)     7      0     0 B     0 B
                    (empty)
                    In all 5.0 MB, of which 1.0 kB without a tag.
                    What several rules free is shared among them evenly; ALONE is what no other one frees.
                    (empty)
                    team/app, main-*
                      newest that goes:  main-4, pushed 2026-01-04T00:00:00Z (newest 3, and 2 are kept)
                      oldest that stays: main-5, pushed 2026-01-05T00:00:00Z (newest 2 of 2)
                    """.replace("(empty)", "").stripTrailing().split("\n", -1));
    }

    @Test
    void aLongListIsCutAndSaysWhereTheRestIs() {
        List<TagGroup> groups = IntStream.range(0, 50)
                .mapToObj(i -> new TagGroup("app-" + i, "p", "*", 0, 1, 10, 10, null, GOING))
                .toList();

        List<String> lines = TriedPolicyText.lines(new TriedPolicy(500, 0, groups), 80);

        assertThat(lines).contains("and 10 more: --format json has all");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("  newest that goes"))
                .hasSize(5);
        assertThat(lines).noneMatch(line -> line.startsWith("  oldest that stays"));
    }

    @Test
    void aRegistryWithoutTagsHasNone() {
        assertThat(TriedPolicyText.lines(new TriedPolicy(0, 0, List.of()), 80)).containsExactly("There are no tags.");
    }
}
