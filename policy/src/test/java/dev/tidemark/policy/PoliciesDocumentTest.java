package dev.tidemark.policy;

import static dev.tidemark.policy.TestTags.NOW;
import static dev.tidemark.policy.TestTags.tag;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.text.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/policies.md says of policies. */
class PoliciesDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/policies.md");
    private static final Pattern ROW = Pattern.compile("\\| `(.*)` \\| (\\w+) \\| (.*) \\|");

    /**
     * A section of the document.
     *
     * @param policy the text of the policy in it
     * @param rows tag, age and outcome, as its table has them
     */
    record Section(String title, String policy, List<Matcher> rows) {

        @Override
        public String toString() {
            return title;
        }
    }

    static List<Section> ready() throws IOException {
        String text = Files.readString(DOCUMENT);
        return Arrays.stream(text.substring(text.indexOf("## Ready policies")).split("\n### "))
                .skip(1)
                .map(section -> new Section(
                        section.lines().findFirst().orElseThrow(),
                        blocks(section).collect(Collectors.joining()),
                        section.lines()
                                .map(ROW::matcher)
                                .filter(Matcher::matches)
                                .toList()))
                .toList();
    }

    /** The indented blocks that are policies. */
    private static Stream<String> blocks(String text) {
        return Pattern.compile("(?:(?:    .*)?\n)+")
                .matcher(text)
                .results()
                .map(block -> block.group().indent(-4).strip() + "\n")
                .filter(block -> block.startsWith("policies:") || block.startsWith("hold:"));
    }

    @Test
    void everyPolicyInItIsOne() throws IOException {
        List<String> policies = blocks(Files.readString(DOCUMENT)).toList();

        assertThat(policies).hasSizeGreaterThan(ready().size()).allSatisfy(policy -> Policy.parse(policy));
    }

    @ParameterizedTest
    @MethodSource("ready")
    void aReadyPolicyDoesWhatItsTableSays(Section section) {
        List<Tag> tags = section.rows().stream()
                .map(row -> tag(row.group(1), Durations.parse(row.group(2))))
                .toList();
        Map<String, String> outcomes =
                Policy.parse(section.policy()).decide("team/app", tags, NOW, null).tags().stream()
                        .collect(toMap(
                                TagVerdict::tag, verdict -> (verdict.kept() ? "stays: " : "goes: ") + verdict.why()));

        assertThat(section.rows()).isNotEmpty();
        assertThat(outcomes)
                .isEqualTo(section.rows().stream().collect(toMap(row -> row.group(1), row -> row.group(3))));
    }
}
