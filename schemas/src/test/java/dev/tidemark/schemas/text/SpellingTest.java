package dev.tidemark.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    @Test
    void theNearestTakesTheFewestLetters() {
        assertThat(Spelling.nearest("colect", List.of("compare", "collect", "report")))
                .contains("collect");
        assertThat(Spelling.nearest("", List.of("abc", "ab"))).contains("ab");
        assertThat(Spelling.nearest("same", List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rootdirectory, rootdirectory, true",
        "rootdirectroy, rootdirectory, true",
        "rotdirctory, rootdirectory, true",
        "bukcet, bucket, true",
        "buckets, bucket, true",
        "basket, bucket, true",
        "casket, bucket, false",
        "maxthreads, rootdirectory, false",
        "s4, s3, false",
        "'', s3, false",
    })
    void aThirdOfTheLettersMayBeWrong(String word, String known, boolean similar) {
        assertThat(Spelling.similar(word, known)).isEqualTo(similar);
    }
}
