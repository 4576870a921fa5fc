package dev.tidemark.storage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "library/alpine", "a/b/c/d", "a.b", "a_b", "a__b", "a---b", "0/1"})
    void repositoryNamesThatTheApiAllows(String name) {
        assertThat(Layout.validRepository(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "/a",
                "a//b",
                "A",
                "a/..",
                "../a",
                ".",
                "..",
                "a/./b",
                "_manifests",
                "a/_layers",
                "a..b",
                "a___b",
                "-a",
                "a-",
                "a b",
                "a\n",
                "ä"
            })
    void repositoryNamesThatItDoesNot(String name) {
        assertThat(Layout.validRepository(name)).isFalse();
    }

    @Test
    void noNameIsLongerThan255() {
        assertThat(Layout.validRepository("a".repeat(255))).isTrue();
        assertThat(Layout.validRepository("a".repeat(256))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "-a", ".a", "a b", "a\n"})
    void tagsThatTheApiDoesNotAllow(String tag) {
        assertThat(Layout.validTag(tag)).isFalse();
    }

    @Test
    void pathsAreThoseOfTheRegistry() {
        Digest digest = Digest.parse("sha256:" + "ab".repeat(32));
        assertThat(Layout.blob(digest)).isEqualTo("blobs/sha256/ab/" + digest.hex());
        assertThat(Layout.revision("a/b", digest))
                .isEqualTo("repositories/a/b/_manifests/revisions/sha256/" + digest.hex());
        assertThat(Layout.layer("a/b", digest)).isEqualTo("repositories/a/b/_layers/sha256/" + digest.hex());
        assertThat(Layout.historyEntry("a", "v1", digest))
                .isEqualTo("repositories/a/_manifests/tags/v1/index/sha256/" + digest.hex());
    }

    @Property
    void noValidNameLeavesItsDirectory(@ForAll String name) {
        if (Layout.validRepository(name)) {
            assertThat(Path.of("repositories").resolve(name).normalize().toString())
                    .isEqualTo("repositories/" + name);
        }
        if (Layout.validTag(name)) {
            assertThat(Path.of("tags").resolve(name).normalize().toString()).isEqualTo("tags/" + name);
        }
    }
}
