package dev.tidemark.schemas.text;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

    /** The JDK has globs of the same meaning, which are matched by backtracking. */
    @Property(tries = 20_000)
    void itMatchesWhatTheJdksDoes(
            @ForAll
                    @StringLength(max = 8)
                    @Chars({'a', 'b', '/', '*', '*', '?', '[', ']', '-', '!', '{', '}', ',', '.'})
                    String glob,
            @ForAll @StringLength(min = 1, max = 5) @Chars({'a', 'b', 'c', '/', '-', '.'}) String name) {
        Path path = Path.of(name);
        if (path.toString().equals(name)) { // a path has no empty components
            jdk(glob)
                    .ifPresent(matcher -> assertThat(Glob.regex(glob).matches(name))
                            .as("%s on %s", glob, name)
                            .isEqualTo(matcher.matches(path)));
        }
    }

    private static Optional<PathMatcher> jdk(String glob) {
        try {
            return Optional.of(FileSystems.getDefault().getPathMatcher("glob:" + glob));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    @Property
    void aTextThatIsNoGlobIsRefusedInWords(
            @ForAll @StringLength(max = 12) @CharRange(from = ' ', to = '~') String glob) {
        try {
            Glob.regex(glob);
        } catch (IllegalArgumentException e) {
            assertThat(e).isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a", "{a,{b}}", "[a", "[]", "[b-a]", "[/]", "[/-a]", "a\\", "[a\\"})
    void aTextThatIsNoGlobIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Glob.regex(text));
    }

    @ParameterizedTest
    @CsvSource({
        "v1.0, v1x0, false",
        "v1.0, av1.0, false",
        "v1.0, v1.0-rc, false",
        "v[0-9].*, v1.0, true",
        "v[!0-9].*, v1.0, false",
        "v[^0-9].*, v1.0, false",
        "v[^0-9].*, vx.0, true",
        "v[\\^x], vx, true",
        "a\\*, a*, true",
        "a\\*, ab, false",
        "[\\]-a], ], true",
        "a(b)+$, a(b)+$, true",
        "[*-/a], a, true",
        "[*-/a], ., true",
        "[*-/a], /, false",
    })
    void aWholeNameMatches(String glob, String name, boolean matches) {
        assertThat(Glob.regex(glob).matches(name)).isEqualTo(matches);
    }

    @Test
    void manyStarsTakeNoTime() {
        var pattern = Glob.regex("*a".repeat(30) + "!");
        assertTimeoutPreemptively(
                ofSeconds(20),
                () -> assertThat(pattern.matches("a".repeat(255))).isFalse());
    }
}
