package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links to manifests that were not there: what goes of them, and which of them stay. */
class DanglingLinksTest extends OldRegistry {

    private final ManifestLink current = ManifestLink.current("v1");

    @BeforeEach
    void aLostManifest() {
        RegistryOnDisk.remove(registry.data(later));
        registry.age(Duration.ofDays(9));
    }

    @Test
    void aTagGoesWithItsHistory() {
        RegistryOnDisk.remove(registry.data(image));

        assertThat(sweep(link(current))).returns(Outcome.DELETED, DeletionRecord::outcome);

        assertThat(app.tagDirectory("v1")).doesNotExist();
        assertThat(app.revision(later)).exists();
        assertThat(sweep(link(current))).returns(Outcome.ALREADY_GONE, DeletionRecord::outcome);
    }

    @Test
    void aRevisionAndAnEntryGoAlone() {
        RegistryOnDisk.remove(app.revision(image));

        assertThat(sweep(link(ManifestLink.revision(digest(later))))).returns(Outcome.DELETED, DeletionRecord::outcome);
        assertThat(sweep(link(ManifestLink.past("v1", digest(image)))))
                .returns(Outcome.DELETED, DeletionRecord::outcome);

        assertThat(app.revision(later).getParent()).doesNotExist();
        assertThat(app.history("v1", image).getParent()).doesNotExist();
        assertThat(app.history("v1", later)).exists();
        assertThat(app.currentLink("v1")).exists();
    }

    @Test
    void linksToAManifestThatIsThereAgainStay() {
        app.image("later");

        RegistryOnDisk.age(app.revision(later), Duration.ofDays(9));

        assertSpared(current, WhyKept.NAMED_IS_THERE);
        assertSpared(ManifestLink.revision(digest(later)), WhyKept.NAMED_IS_THERE);
        assertSpared(ManifestLink.past("v1", digest(image)), WhyKept.NAMED_IS_THERE);
    }

    /** By its history a policy may keep the image. */
    @Test
    void aTagStaysWhoseHistoryNamesAnImageThatIsThere() {
        assertSpared(current, WhyKept.HISTORY);
        assertThat(app.history("v1", image)).exists();
    }

    /** The run may have waited for its approval since. */
    @Test
    void aTagThatIsHeldSinceTheRunBeganStaysWithItsHistory() {
        RegistryOnDisk.remove(app.revision(image));
        var held = new Holds(List.of(new Hold("team/app:v1", null, null, "operator", 0, null)));
        var deleter = new Deleter(
                storage(),
                Optional.empty(),
                request(null),
                new Rescued(Set.of(), held),
                new CachePurge(Optional.empty()));

        for (ManifestLink link : List.of(current, ManifestLink.past("v1", digest(image)))) {
            assertThat(sweep(deleter, new Candidate(link(link), false, false)))
                    .returns(Outcome.SPARED, DeletionRecord::outcome)
                    .returns(WhyKept.RESCUED, DeletionRecord::why);
        }
    }

    @Test
    void aTagThatNamesAnImageByNowStays() {
        app.tag("v1", image);
        assertSpared(current, WhyKept.YOUNG);

        RegistryOnDisk.age(app.currentLink("v1"), Duration.ofDays(9));
        assertSpared(current, WhyKept.NAMED_IS_THERE);
    }

    @Test
    void aTagWhoseHistoryIsWrittenToStays() {
        RegistryOnDisk.age(app.history("v1", later), Duration.ZERO);

        assertSpared(current, WhyKept.YOUNG);
    }

    @Test
    void aManifestThatIsLinkedAsALayerIsServed() {
        String old = registry.blob("of registry 2.1.0");
        app.layerLink(old).tag("old", old);
        registry.age(Duration.ofDays(9));

        assertSpared(ManifestLink.current("old"), WhyKept.NAMED_IS_THERE);
    }

    @Test
    void anUnreadableOneStays() throws IOException {
        Files.writeString(app.currentLink("v1"), "sha256:");
        RegistryOnDisk.age(app.currentLink("v1"), Duration.ofDays(9));

        assertThat(sweep(link(current)))
                .returns(Outcome.FAILED, DeletionRecord::outcome)
                .returns(WhyKept.LINK_UNREADABLE, DeletionRecord::why);
        assertThat(app.currentLink("v1")).exists();
    }

    @Test
    void onlyAPathThatARegistryHasIsDeletedAt() {
        assertThat(sweep(link("team/app", "_manifests/tags/../../link"))).returns(WhyKept.INVALID, DeletionRecord::why);
        assertThat(sweep(link("../app", current.path()))).returns(WhyKept.INVALID, DeletionRecord::why);
    }

    /** The tag's link is gone, and its history is not. */
    @Test
    void aTryThatWasCutOffIsFinished() {
        RegistryOnDisk.remove(registry.data(image));
        RegistryOnDisk.remove(app.currentLink("v1").getParent());

        assertThat(sweep(deleter(storage()), new Candidate(link(current), false, true)))
                .returns(Outcome.DELETED, DeletionRecord::outcome);
        assertThat(app.tagDirectory("v1")).doesNotExist();
    }

    private void assertSpared(ManifestLink link, String why) {
        assertThat(sweep(link(link)))
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(why, DeletionRecord::why);
        assertThat(registry.base().resolve(link.file("team/app"))).exists();
    }

    private static Eligible link(ManifestLink link) {
        return link("team/app", link.path());
    }

    private static Eligible link(String repository, String path) {
        return new Eligible(
                RUN,
                Kind.LINK,
                Layout.leftoverDigest(repository, path),
                repository,
                null,
                path,
                71,
                "test",
                0,
                List.of(),
                RUN);
    }
}
