package dev.tidemark.storage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.layout.LayoutEntry.NamedTag;
import dev.tidemark.storage.layout.LayoutEntry.NamedUpload;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayoutEntryTest {

    private static final Digest ONE = Digest.parse("sha256:" + "1".repeat(64));
    private static final String UPLOAD = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
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
    void aFileOfAnUploadNamesIt() {
        var upload = Optional.of(new NamedUpload("team/app", UPLOAD));

        assertThat(LayoutEntry.uploadOf(Layout.uploadStart("team/app", UPLOAD))).isEqualTo(upload);
        assertThat(LayoutEntry.uploadOf(Layout.upload("team/app", UPLOAD) + "/hashstates/sha256/10"))
                .isEqualTo(upload);
        assertThat(upload.orElseThrow().entry())
                .isEqualTo(new LayoutEntry(Kind.UPLOAD, "team/app", Layout.uploadDigest("team/app", UPLOAD)));
    }

    @Test
    void aDirectoryElsewhereIsNoUploadWhateverItsName() {
        for (String other : List.of(
                "repositories/team/app/_uploads/" + UPLOAD,
                "repositories/team/app/_uploads/id/data",
                "repositories/_uploads/" + UPLOAD + "/data",
                "repositories/Team/_uploads/" + UPLOAD + "/data",
                "repositories/team/../app/_uploads/" + UPLOAD + "/data",
                "repositories/team/app/_layers/sha256/_uploads/" + UPLOAD + "/data",
                "repositories/team/app/_uploads/x/_uploads/" + UPLOAD + "/data",
                Layout.currentLink("team/app", "_uploads"),
                Layout.historyEntry("team/app", "_uploads", ONE) + "/link",
                Layout.tags("team/app") + "/_uploads/" + UPLOAD + "/link",
                Layout.layerLink("team/app", ONE),
                "blobs/app/_uploads/" + UPLOAD + "/data")) {
            assertThat(LayoutEntry.uploadOf(other)).as(other).isEmpty();
        }
        assertThat(LayoutEntry.tagOf(Layout.currentLink("team/app", "_uploads")))
                .contains(new NamedTag("team/app", "_uploads"));
    }
}
