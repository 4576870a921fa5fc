package dev.tidemark.policy;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexesTest {

    /** With backtracking, each of them takes years on a name of this length. */
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+", "(a|aa)+", "(a*)*b", "(.*a){20}", "(a?){100}a{100}b", "(([a-z])+.)+[A-Z]([a-z])+"})
    void noRegexStopsARun(String regex) {
        NamePattern pattern = NamePattern.ofTags("/" + regex + "/");

        assertTimeoutPreemptively(
                ofSeconds(20),
                () -> assertThat(pattern.matches("a".repeat(127) + "!")).isFalse());
    }

    /** Compiled, they would need gigabytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "((a{100}){100}){100}",
                "(((ab|c){9,99}x){9,}){99}",
                "([]a{2}]{1000}){10}",
                "\\Q(\\Ea"
            })
    void aRegexThatRepeatsTooMuchIsRefused(String regex) {
        assertTimeoutPreemptively(
                ofSeconds(20), () -> assertThatIllegalArgumentException().isThrownBy(() -> Regexes.compile(regex)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "\\d{4}-\\d{2}-\\d{2}T\\d{6}-[0-9a-f]{40}",
                "(?i)v(\\d{1,5})\\.(\\d{1,5})\\.(\\d{1,5})(-rc\\.\\d+)?",
                "[\\]{9999}]+",
                "\\p{L}{1,64}[[:digit:]]*",
                ".{128}",
            })
    void aRegexAsPeopleWriteItIsNot(String regex) {
        assertThat(Regexes.compile(regex)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "a**", "(?!x)y", "(?<=x)y", "(a)\\1", "a{1001}", "*", "x)"})
    void aTextThatIsNoRegexIsRefusedInWords(String regex) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Regexes.compile(regex))
                .withMessageMatching("\\p{Print}+");
    }

    /** The size that is known before is no less than the real one. */
    @Property(tries = 3_000)
    void noRegexThatIsAcceptedIsLarge(
            @ForAll
                    @StringLength(max = 24)
                    @Chars({'a', '(', ')', '[', ']', '{', '}', '1', '9', '9', ',', '*', '?', '|', '\\', '.'})
                    String regex) {
        try {
            assertThat(Regexes.compile(regex).programSize()).isLessThan(20_000);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
