package dev.tidemark.storage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestLinkTest {

    private static final String HEX = "1".repeat(64);
    private static final Digest ONE = Digest.parse("sha256:" + HEX);

    @Test
    void eachIsReadBackFromItsPath() {
        for (ManifestLink link :
                List.of(ManifestLink.current("v1"), ManifestLink.past("v1", ONE), ManifestLink.revision(ONE))) {
            assertThat(ManifestLink.of(link.path())).contains(link);
            assertThat(link.file("team/app")).isEqualTo("repositories/team/app/" + link.path());
        }
        assertThat(ManifestLink.current("v1").path()).isEqualTo("_manifests/tags/v1/current/link");
        assertThat(ManifestLink.past("v1", ONE).path()).isEqualTo("_manifests/tags/v1/index/sha256/" + HEX + "/link");
        assertThat(ManifestLink.revision(ONE).path()).isEqualTo("_manifests/revisions/sha256/" + HEX + "/link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "_manifests/tags/v1",
                "_manifests/tags/../current/link",
                "_manifests/tags/v1/current/data",
                "_manifests/tags/v1/../../link",
                "_manifests/tags/v1/index/sha256/11/link",
                "_manifests/tags/v1/index/md5/" + "11111111111111111111111111111111/link",
                "_manifests/revisions/sha256/../link",
                "_layers/revisions/sha256/1111111111111111111111111111111111111111111111111111111111111111/link",
                "_manifests/revisions/sha256/1111111111111111111111111111111111111111111111111111111111111111/link/",
            })
    void noRegistryHasALinkAtAnotherPath(String path) {
        assertThat(ManifestLink.of(path)).isEmpty();
    }
}
