package dev.tidemark.sweeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DeletedFilesTest {

    private static Digest digest(int number) {
        return Digest.Algorithm.SHA256.of(("file " + number).getBytes(StandardCharsets.UTF_8));
    }

    private static Kind kind(int number) {
        return Kind.values()[number % Kind.values().length];
    }

    private static String repository(int number) {
        return kind(number) == Kind.BLOB ? null : "team/app" + number % 7;
    }

    @Property(tries = 50)
    void everyFileThatWasAddedIsKnown(
            @ForAll @IntRange(max = 5_000) int files, @ForAll @IntRange(max = 5_000) int said) {
        var deleted = new DeletedFiles(said);
        IntStream.range(0, files).forEach(i -> deleted.add(kind(i), digest(i), repository(i)));

        assertThat(IntStream.range(0, files)).allMatch(i -> deleted.mayHave(kind(i), digest(i), repository(i)));
    }

    @Test
    void fewOthersAreTakenForOne() {
        int files = 100_000;
        var deleted = new DeletedFiles(files);
        IntStream.range(0, files).forEach(i -> deleted.add(kind(i), digest(i), repository(i)));

        assertThat(IntStream.range(files, 2 * files)
                        .filter(i -> deleted.mayHave(kind(i), digest(i), repository(i)))
                        .count())
                .isLessThan(files / 200);
        assertThat(IntStream.range(0, files)
                        .filter(i -> kind(i) == Kind.LAYER)
                        .filter(i -> deleted.mayHave(Kind.LAYER, digest(i), "elsewhere"))
                        .count())
                .isLessThan(files / 200);
    }
}
