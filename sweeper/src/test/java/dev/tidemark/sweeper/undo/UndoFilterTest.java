package dev.tidemark.sweeper.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RepositoryGlob;
import dev.tidemark.storage.layout.Layout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes back with what a filter names. */
class UndoFilterTest extends UndoneRun {

    @Test
    void aRepositoryComesBackWithAllThatItLeadsToAndNothingElse() {
        app.index(app.image("one"), app.image("two"));
        app.layerLink(registry.blob("uploaded"));
        Map<String, String> wanted = registry.snapshot();
        site.image("three");
        registry.blob("linked by nobody");
        swept(RUN);

        Undo.Outcome preview = undo(repositories("team/*")).preview();
        Undo.Outcome outcome = undo(repositories("team/*")).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
        assertThat(outcome).isEqualTo(preview);
    }

    @Test
    void aGlobOfTwoStarsNamesRepositoriesAtAnyDepth() {
        app.image("one");
        site.image("two");
        Map<String, String> wanted = registry.snapshot();
        registry.blob("linked by nobody");
        swept(RUN);

        undo(repositories("team/**")).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void aManifestComesBackWithAllThatItLeadsToAndNothingElse() {
        String index = app.index(app.image("one"));
        Map<String, String> wanted = registry.snapshot();
        app.image("two");
        swept(RUN);

        undo(digests(index)).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void aBlobComesBackWithTheLinksThatNameItAndNothingElse() {
        String layer = registry.blob("layer");
        app.layerLink(layer);
        site.layerLink(layer);
        Map<String, String> wanted = registry.snapshot();
        app.image("two");
        swept(RUN);

        undo(digests(layer)).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void ofBothFiltersBothHaveToNameIt() {
        String layer = registry.blob("layer");
        site.layerLink(layer);
        Map<String, String> wanted = registry.snapshot();
        app.layerLink(layer);
        swept(RUN);

        undo(new UndoFilter(List.of(RepositoryGlob.of("team/web/*")), Set.of(Digest.parse(layer))))
                .restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
    }

    @Test
    void anEntryOfATagsHistoryComesBackWithItsManifest() {
        String image = app.image("old");
        app.tag("v1", image);
        Map<String, String> before = registry.snapshot();
        String entry = Layout.historyEntry("team/app", "v1", Digest.parse(image)) + "/link";
        take(RUN, List.of(entry, Layout.revision("team/app", Digest.parse(image)) + "/link"));

        undo(digests(image)).restore();

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void aFilterThatNamesNothingChangesNothing() {
        app.image("one");
        swept(RUN);
        Map<String, String> after = registry.snapshot();

        assertThat(undo(repositories("nobody/*")).preview()).isEqualTo(Undo.Outcome.NOTHING);
        assertThat(undo(repositories("nobody/*")).restore()).isEqualTo(Undo.Outcome.NOTHING);
        assertThat(registry.snapshot()).isEqualTo(after);
    }
}
