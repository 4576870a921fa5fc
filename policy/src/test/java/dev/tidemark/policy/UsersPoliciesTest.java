package dev.tidemark.policy;

import static dev.tidemark.policy.TestTags.NOW;
import static dev.tidemark.policy.TestTags.digest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.policy.PolicyImport.From;
import dev.tidemark.schemas.text.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten policies as users of other registries have them in public; what goes was worked out by hand. */
class UsersPoliciesTest {

    private static final Path DIRECTORY = Path.of("src/test/resources/dev/tidemark/policy/imports");

    /**
     * A file of the directory.
     *
     * @param source where somebody has these rules
     * @param repositories that they are for; null for zot, whose rules name them
     * @param policy their translation
     * @param repository that is decided on
     * @param images of it, each with the time since its push and its tags: {@code 3d v1 latest}
     * @param goes the tags that go
     * @param differs by tag, what else the other registry does with it; null if it does the same with all
     */
    record Users(
            String source,
            From from,
            String repositories,
            String rules,
            String policy,
            String repository,
            List<String> images,
            List<String> goes,
            Map<String, String> differs) {

        List<Tag> tags() {
            return images.stream()
                    .map(image -> image.split(" "))
                    .flatMap(words -> Arrays.stream(words)
                            .skip(1)
                            .map(tag -> new Tag(
                                    tag,
                                    digest(words[1]),
                                    NOW - Durations.parse(words[0]).toMillis(),
                                    List.of())))
                    .toList();
        }

        @Override
        public String toString() {
            return source;
        }
    }

    static List<Users> all() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted()
                    .map(file -> TestDocuments.read(file, Users.class))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void isTranslated(Users users) {
        assertThat(PolicyImport.translate(users.from(), users.rules(), users.repositories()))
                .isEqualTo(users.policy());
    }

    @ParameterizedTest
    @MethodSource("all")
    void letsGoWhatWasWorkedOutByHand(Users users) {
        List<Tag> tags = users.tags();

        assertThat(Policy.parse(users.policy())
                        .decide(users.repository(), tags, NOW, null)
                        .tags())
                .filteredOn(verdict -> !verdict.kept())
                .extracting(TagVerdict::tag)
                .containsExactlyInAnyOrderElementsOf(users.goes());
        if (users.differs() != null) {
            assertThat(tags).extracting(Tag::name).containsAll(users.differs().keySet());
        }
    }

    @Test
    void thereAreTenOfWhichTheDocumentTells() throws IOException {
        String document = Files.readString(Path.of("../docs/policies.md"));

        assertThat(all())
                .hasSize(10)
                .allSatisfy(users -> assertThat(document)
                        .contains(Arrays.stream(users.source().split(", ")).toList()));
    }
}
