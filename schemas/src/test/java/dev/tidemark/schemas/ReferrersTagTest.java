package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest.Algorithm;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferrersTagTest {

    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Property
    void isNamedForItsSubject(@ForAll Algorithm algorithm, @ForAll byte[] content) {
        Digest subject = algorithm.of(content);
        String name = subject.toString().replace(':', '-');

        for (String suffix : new String[] {"", ".sig", ".att", ".sbom"}) {
            assertThat(ReferrersTag.subject(name + suffix)).contains(subject);
        }
    }

    /** As the OCI's distribution spec has it. */
    @Test
    void ofALongDigestItMayHaveTheBeginning() {
        assertThat(ReferrersTag.is("sha512-" + HEX)).isTrue();
        assertThat(ReferrersTag.subject("sha512-" + HEX)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "v1",
                "sha256",
                "sha256-",
                "sha256-" + HEX + ".other",
                "sha256-" + HEX + ".sig.att",
                "sha256-" + HEX + ".",
                "sha256-" + HEX + "0",
                "sha256." + HEX,
                "md5-" + HEX,
                "a-sha256-" + HEX,
                "SHA256-" + HEX,
                "sha256-E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
            })
    void orIsNone(String tag) {
        assertThat(ReferrersTag.is(tag)).isFalse();
    }
}
