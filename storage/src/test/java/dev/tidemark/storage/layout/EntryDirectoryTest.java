package dev.tidemark.storage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryDirectoryTest {

    private static final Digest ONE = Digest.parse("sha256:" + "1".repeat(64));
    private static final Digest TWO = Digest.parse("sha512:" + "2".repeat(128));
    private static final String UPLOAD = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
    private static final String REPOSITORY = Layout.repository("team/app") + "/";

    @Test
    void theDirectoryThatARegistryMakesForOneThingIsBuiltAnew() {
        for (String path : List.of(
                Layout.revision("team/app", ONE),
                Layout.layer("team/app", TWO),
                Layout.tag("team/app", "v1"),
                Layout.tag("team/app", "_layers"),
                Layout.upload("team/app", UPLOAD))) {
            assertThat(EntryDirectory.of("team/app", path.substring(REPOSITORY.length())))
                    .as(path)
                    .contains(path);
        }
        assertThat(EntryDirectory.of(null, Layout.blob(TWO))).contains(Layout.blob(TWO));
    }

    @Test
    void nothingElseHasAPath() {
        String hex = ONE.hex();
        for (String path : List.of(
                "",
                "/",
                "_layers",
                "_layers/sha256",
                "_layers/sha256/" + hex + "/",
                "_layers/sha256/../" + hex,
                "_layers/md5/" + hex,
                "_layers/sha256/" + hex.substring(1),
                "_uploads",
                "_uploads/id",
                "_uploads/../" + UPLOAD,
                "_uploads/" + UPLOAD + "/hashstates",
                "_manifests/tags",
                "_manifests/tags/..",
                "_manifests/tags/v1/index",
                "_manifests/revisions/sha256",
                "_manifests/revisions/sha256/" + hex + "/signatures",
                "_other/" + UPLOAD,
                "_other/tags/v1",
                "blobs/sha256/11/" + hex)) {
            assertThat(EntryDirectory.of("team/app", path)).as(path).isEmpty();
        }
        for (String path : List.of("blobs/sha256/11", "blobs/sha256/12/" + hex, "other/sha256/11/" + hex)) {
            assertThat(EntryDirectory.of(null, path)).as(path).isEmpty();
        }
        assertThat(EntryDirectory.of("team/../app", "_layers/sha256/" + hex)).isEmpty();
        assertThat(EntryDirectory.of("Team", "_layers/sha256/" + hex)).isEmpty();
    }
}
