package dev.tidemark.evidence.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.testkit.TestIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images have a manifest of 10 bytes; configs and layers have 100. */
class TagGroupsTest {

    private final TestIndex index = TestIndex.index();

    private List<TagGroup> groups() throws SQLException {
        try (Connection connection = index.open()) {
            return TagGroups.of(connection);
        }
    }

    @Test
    void aRuleFreesWhatOnlyItsTagsLeadTo() throws SQLException {
        var app = index.repo("app");
        String one = app.image("one", "base", "one");
        app.kept("v1", one, "r, line 1", "all", null)
                .going("v2", app.image("two", "base", "two"), "r, line 2", "newest 2, and 1 are kept")
                .going("v3", one, "r, line 2", "newest 3, and 1 are kept");

        assertThat(groups())
                .extracting(TagGroup::rule, TagGroup::kept, TagGroup::going, TagGroup::bytes)
                .containsExactly(tuple("r, line 2", 0L, 2L, 210L), tuple("r, line 1", 1L, 0L, 0L));
    }

    @Test
    void aBlobThatSeveralRulesLeadToIsSharedEvenly() throws SQLException {
        var app = index.repo("app");
        var tools = index.repo("tools");
        app.going("a", app.image("a", "shared"), "r, line 1", "old")
                .going("b", app.image("b", "shared"), "r, line 2", "old");
        tools.going("c", tools.image("c", "shared"), "r, line 1", "old");

        List<TagGroup> groups = groups();

        assertThat(groups).extracting(TagGroup::bytes).containsExactly(144L, 143L, 143L);
        assertThat(groups.stream().mapToLong(TagGroup::bytes).sum()).isEqualTo(3 * 110 + 100);
    }

    @Test
    void imagesOfAnIndexAndSignaturesAreLedTo() throws SQLException {
        var app = index.repo("app");
        String image = app.image("amd64", "base");
        app.going("v1", app.index("i", image), "r, line 1", "old");
        app.referrer("signature", image);

        assertThat(groups()).extracting(TagGroup::bytes).containsExactly(10 + 10 + 100 + 100 + 10 + 100L);
    }

    @Test
    void theOldestThatStaysAndTheNewestThatGoesStandForTheOthers() throws SQLException {
        var app = index.repo("app");
        String kept = app.image("x");
        String gone = app.image("y");
        app.kept("k1", kept, "r", "all", null)
                .kept("k2", kept, "r", "all", null)
                .going("g1", gone, "r", "old")
                .going("g2", gone, "r", "old");

        TagGroup group = groups().getFirst();

        assertThat(group.oldestKept()).isEqualTo(new TagGroup.Example("k1", "1970-01-01T00:00:01Z", "all"));
        assertThat(group.newestGoing()).isEqualTo(new TagGroup.Example("g2", "1970-01-01T00:00:01Z", "old"));
    }

    @Test
    void thereAreNoneWithoutAPolicy() throws SQLException {
        index.repo("app").tag("v1", index.repo("app").image("x"));

        assertThat(groups()).isEmpty();
    }
}
