package dev.tidemark.evidence.index;

import static dev.tidemark.testkit.TestIndex.OLD;
import static dev.tidemark.testkit.TestIndex.YOUNG;
import static dev.tidemark.testkit.TestIndex.digest;
import static dev.tidemark.testkit.TestIndex.index;
import static dev.tidemark.testkit.TestIndex.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.TestIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests' own idea of what is live is that of the index. */
class TestIndexTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksOutWhatIsLiveAsTheIndexDoes(boolean deleteUntagged) throws SQLException {
        TestIndex index = index();
        if (!deleteUntagged) {
            index.keepUntagged();
        }
        var app = index.repo("app");
        String sha512 = "sha512:" + "ab".repeat(64);
        app.tag("v1", app.index("i", app.image("amd64", "base"), app.image("arm64", "base")))
                .past("v1", app.image("before"));
        app.image(YOUNG, "young");
        app.referrer("signature", app.referrer("sbom", digest("image arm64")));
        app.referrer("of nothing", digest("image nowhere"));
        app.referrer("of the dead", digest("image before"));
        index.repo("mirror").referrer("elsewhere", digest("image arm64"));
        app.tag("gone", app.dangling("dangling"));
        app.link(digest("mounted"), YOUNG, null, null).link(digest("pinned"), OLD, null, "for a reason");
        app.tag(
                "v2",
                app.manifest(
                        OLD, digest("aliased"), TestIndex.IMAGE, null, List.of(sha512), List.of(digest("foreign"))));
        app.link(sha512, OLD, digest("stored"), null).push(digest("stored"), 5);
        index.blob(digest("upload"), 5, YOUNG, null)
                .blob(digest("kept"), 5, OLD, "for a reason")
                .blob(digest("orphan"), 5);
        app.going("v0", app.image("let go"), "all, line 3: v*", "newest 1, and 1 is kept")
                .tag("v1.0", digest("image let go too"))
                .going("v1.1", app.image("let go too"), "all, line 3: v*", "newest 1, and 1 is kept");
        index.repo("old")
                .push(layer("base"), 100)
                .manifest(OLD, digest("odd"), null, "it is empty", List.of(), List.of(digest("orphan2")));

        try (Connection connection = index.open()) {
            List<String> ours = live(connection);
            new Liveness(connection, TestIndex.CUTOFF, deleteUntagged).compute();

            assertThat(ours).hasSizeGreaterThan(20).containsExactlyElementsOf(live(connection));
        }
    }

    private static List<String> live(Connection index) {
        var live = new ArrayList<String>();
        Sql.each(
                // The index counts the step from a link to what its content names as none.
                index,
                "SELECT text, rule, CASE rule WHEN 'alias' THEN '' ELSE distance END FROM live JOIN digest ON id = "
                        + "digest ORDER BY text",
                row -> live.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(3)));
        Sql.each(
                index,
                "SELECT text, name FROM live_link k JOIN digest d ON d.id = digest JOIN repository r ON r.id = "
                        + "repository ORDER BY text, name",
                row -> live.add(row.getString(2) + "@" + row.getString(1)));
        return live;
    }
}
