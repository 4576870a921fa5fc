package dev.tidemark.storage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayoutEntryTest {

    private static final Digest ONE = Digest.parse("sha256:" + "1".repeat(64));
    private static final Digest TWO = Digest.parse("sha512:" + "2".repeat(128));

    @Test
    void allDigestsOfAPathAreFound() {
        assertThat(LayoutEntry.digests(Layout.blob(ONE) + "/data")).containsExactly(ONE);
        assertThat(LayoutEntry.digests(Layout.layer("team/app", TWO) + "/link")).containsExactly(TWO);
        assertThat(LayoutEntry.digests(Layout.historyEntry("team/app", "latest", ONE) + "/link"))
                .containsExactly(ONE);
        assertThat(LayoutEntry.digests(Layout.revision("team/app", ONE) + "/signatures/sha512/" + TWO.hex() + "/link"))
                .containsExactly(ONE, TWO);
        assertThat(LayoutEntry.digests(Layout.tags("sha256") + "/latest/current/link"))
                .isEmpty();
    }

    @Test
    void aPathOfARepositoryNamesIt() {
        assertThat(LayoutEntry.repositoryOf(Layout.layerLink("team/app", TWO))).contains("team/app");
        assertThat(LayoutEntry.repositoryOf(Layout.historyEntry("team/_layers", "latest", ONE) + "/link"))
                .as("a name that is not valid, as a stray directory may have")
                .contains("team");
        assertThat(LayoutEntry.repositoryOf(Layout.revisionLink("repositories", ONE)))
                .contains("repositories");
        assertThat(LayoutEntry.repositoryOf(Layout.blobData(ONE))).isEmpty();
    }

    @Test
    void aFileOfAnUploadHasTheDigestOfTheUploadsPath() {
        var upload = Optional.of(new LayoutEntry(Kind.UPLOAD, "team/app", Layout.uploadDigest("team/app", "id")));

        assertThat(LayoutEntry.uploadOf("repositories/team/app/_uploads/id/startedat"))
                .isEqualTo(upload);
        assertThat(LayoutEntry.uploadOf("repositories/team/app/_uploads/id/hashstates/sha256/10"))
                .isEqualTo(upload);
        for (String other : List.of(
                "repositories/team/app/_uploads/id",
                "repositories/_uploads/id/data",
                "repositories/team/app/_layers/sha256/id/link",
                "blobs/app/_uploads/id/data")) {
            assertThat(LayoutEntry.uploadOf(other)).as(other).isEmpty();
        }
    }
}
