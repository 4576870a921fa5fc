package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.schemas.Hold.Subject;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldTest {

    private static final Digest DIGEST = Digest.Algorithm.SHA256.of(new byte[] {1});
    private static final Digest OTHER = Digest.Algorithm.SHA256.of(new byte[] {2});

    @Test
    void itsTextSaysWhatItIsOf() {
        assertThat(hold(DIGEST.toString()).subject()).isEqualTo(new Subject.OfDigest(DIGEST));
        assertThat(hold("team/app@" + DIGEST).subject()).isEqualTo(new Subject.OfManifest("team/app", DIGEST));
        assertThat(hold("team/app:v1").subject()).isEqualTo(new Subject.OfTag("team/app", "v1"));
        assertThat(hold("team/**").subject()).isEqualTo(new Subject.OfRepositories(RepositoryGlob.of("team/**")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:12ab",
                "team/app@sha256:12ab",
                "team/app@v1",
                "team/app:",
                ":v1",
                "host:5000/team/app:v1",
                "/team",
                "team/["
            })
    void aTextOfWhichThatCantBeToldIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> hold(text));
    }

    @Test
    void itEndsInTime() {
        assertThat(hold("a").over(Long.MAX_VALUE)).isFalse();
        assertThat(new Hold("a", null, null, "me", 0, 5L).over(4)).isFalse();
        assertThat(new Hold("a", null, null, "me", 0, 5L).over(5)).isTrue();
    }

    @Test
    void itsWordsSayWhoUntilWhenAndWhy() {
        assertThat(hold("a").words()).isEqualTo("held by me");
        assertThat(new Hold("a", null, "an audit", "me", 0, 5000L).words())
                .isEqualTo("held by me until 1970-01-01T00:00:05Z: an audit");
    }

    @Test
    void manyOfThemAreAskedWhatTheyAreOf() {
        Hold tag = new Hold("team/app:v1", DIGEST, null, "me", 0, null);
        Hold manifest = hold("team/app@" + OTHER);
        Hold pattern = hold("web/*");
        var holds = new Holds(Arrays.asList(tag, manifest, pattern));

        assertThat(holds.in("team/app")).containsExactly(tag, manifest);
        assertThat(holds.in("web/site")).containsExactly(pattern);
        assertThat(holds.in("other")).isEmpty();
        assertThat(holds.bytes()).containsOnlyKeys(OTHER);
        assertThat(holds.names("team/app", DIGEST)).isTrue();
        assertThat(holds.names("team/app", OTHER)).isTrue();
        assertThat(holds.names("web/site", OTHER)).isTrue();
        assertThat(holds.names("other", OTHER)).isFalse();
        assertThat(new Holds(List.of(hold(DIGEST.toString()))).names("other", DIGEST))
                .isTrue();
    }

    private static Hold hold(String of) {
        return new Hold(of, null, null, "me", 0, null);
    }
}
