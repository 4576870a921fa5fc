package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryGlobTest {

    @ParameterizedTest
    @CsvSource({
        "team/app, team/app",
        "team/*, team/app",
        "team/**, team/app",
        "team/**, team/a/b",
        "**/app, app",
        "**/app, team/a/app",
        "team/**/app, team/app",
        "team/**/app, team/a/b/app",
        "**, team/app",
        "'team/{app,site}', team/site",
        "team/app-?, team/app-1",
    })
    void aRepositoryMatches(String glob, String repository) {
        assertThat(RepositoryGlob.of(glob).matches(repository)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "team/app, team/app2",
        "team/*, team/a/b",
        "team/*, team",
        "team/**, teams/app",
        "team/**, team",
        "*, team/app",
        "**/app, team/myapp",
        "app, team/app",
    })
    void anotherDoesNot(String glob, String repository) {
        assertThat(RepositoryGlob.of(glob).matches(repository)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/team", "team/", "team/{a", "team/[a"})
    void aTextThatIsNoPatternIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RepositoryGlob.of(text));
    }
}
