package dev.tidemark.policy;

import static dev.tidemark.policy.TestTags.LONG_AGO;
import static dev.tidemark.policy.TestTags.NOW;
import static dev.tidemark.policy.TestTags.pulled;
import static dev.tidemark.policy.TestTags.tag;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.policy.PolicyImport.From;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of all kinds, with the outcome that was worked out by hand. */
class PolicyImportTest {

    /**
     * Rules of another registry.
     *
     * @param tags each with its age in days, and with that of its last pull: {@code v1:3}, {@code v1:900/5}
     * @param goes those of them that go
     */
    record Case(String name, From from, String repositories, String text, String repository, String tags, String goes) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Case[] cases() {
        return TestDocuments.read(Path.of("src/test/resources/dev/tidemark/policy/imported-rules.yaml"), Case[].class);
    }

    @Test
    void zotsReferrersGoSomeTimeAfterTheirSubject() {
        assertThat(PolicyImport.translate(From.ZOT, """
                { "retention": { "delay": "2h", "policies": [
                  { "repositories": ["**"], "deleteReferrers": true, "keepTags": [{ "patterns": [".*"] }] }] } }
                """, null)).contains("referrers: { orphanedAfter: '2h' }");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aTranslationDoesWhatTheRulesDo(Case rules) {
        String policy = PolicyImport.translate(rules.from(), rules.text(), rules.repositories());
        List<Tag> tags = Arrays.stream(rules.tags().split(" "))
                .map(tag -> tag.split("[:/]"))
                .map(tag -> tag.length == 2
                        ? tag(tag[0], Integer.parseInt(tag[1]))
                        : pulled(tag(tag[0], Integer.parseInt(tag[1])), Integer.parseInt(tag[2])))
                .toList();
        Map<String, Boolean> kept = Policy.parse(policy).decide(rules.repository(), tags, NOW, LONG_AGO).tags().stream()
                .collect(toMap(TagVerdict::tag, TagVerdict::kept));

        assertThat(kept)
                .as(policy)
                .isEqualTo(tags.stream()
                        .collect(toMap(
                                Tag::name,
                                tag -> !List.of(rules.goes().split(" ")).contains(tag.name()))));
    }

    @Test
    void aDocumentPutsNothingIntoThePolicyButItsRules() {
        String policy = PolicyImport.translate(From.ECR, """
            { "rules": [{ "rulePriority": 1, "description": "all\\npolicies: []\\u0085",
              "selection": { "tagStatus": "any",
              "countType": "imageCountMoreThan", "countNumber": 3 }, "action": { "type": "expire" } }] }
            """, "**");

        assertThat(policy).isEqualTo("""
            # From ECR, which counts images. Here tags are counted.
            policies:
              - name: 'ecr'
                repositories: ['**']
                tags:
                  # all policies: []\s
                  - match: ['*']
                    keepAny: { newest: 3 }
                otherTags: keep
            """);
        assertThatThrownBy(() -> PolicyImport.translate(
                        From.GITLAB,
                        "{ \"name_regex\": \".*\", \"keep_n\": 1, \"older_than\": \"7d }, x: { y: z\" }",
                        "**"))
                .hasMessageContaining("is no duration");
        assertThatThrownBy(() -> PolicyImport.translate(From.GITLAB, "{ \"name_regex_keep\": \"a\\nb\" }", "**"))
                .hasMessageContaining("control characters can't be said");
    }

    /** What is deleted must not be younger than there. */
    @ParameterizedTest
    @CsvSource({
        "'', 24h",
        "'\"gcDelay\": \"72h\", ', 72h",
        "'\"gcDelay\": \"72h\", \"GC\": \"false\", ', 72h",
    })
    void manifestsWithoutATagStayForAsLongAsThere(String storage, String after) {
        String policy = PolicyImport.translate(
                From.ZOT,
                "{ \"storage\": { %s\"retention\": { \"policies\": [{ \"repositories\": [\"**\"] }] } } }"
                        .formatted(storage),
                null);

        assertThat(policy).contains("deleteAfter: '" + after + "'");
        assertThat(policy.contains("# There it is switched off (gc: false).")).isEqualTo(storage.contains("GC"));
    }

    @Test
    void aDocumentThatSaysAThingTwiceIsRefused() {
        assertThatThrownBy(() -> PolicyImport.translate(
                        From.ZOT, "{ \"policies\": [{ \"repositories\": [], \"Repositories\": [] }] }", null))
                .hasMessage("policies[0].Repositories: it is there twice");
        assertThatThrownBy(() -> PolicyImport.translate(From.GITLAB, "{ \"keep_n\": 1, \"keep_n\": 2 }", "**"))
                .hasMessageContaining("Duplicate");
        assertThatThrownBy(() -> PolicyImport.translate(From.GITLAB, "keep_n: 1\nkeep_n: 2\n", "**"))
                .hasMessageContaining("duplicate");
        assertThatThrownBy(() -> PolicyImport.translate(From.GITLAB, "{} {}", "**"))
                .hasMessageContaining("this is no JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ZOT | '' | the document: it is no object",
                "ZOT | '{' | 'this is no JSON: Unexpected end-of-input: expected close marker for Object (start marker"
                        + " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1,"
                        + " column: 1])'",
                "ZOT | '{ \"policies\": [{ \"keepTags\": [] }] }' | 'policies[0]: it is for no repositories'",
                "ZOT | '{ \"policies\": [{ \"repositories\": [\"**\"], \"keepUntagged\": {} }] }' |"
                        + " 'policies[0].keepUntagged: nobody knows how to translate that'",
                "ZOT | '{ \"policies\": [{ \"repositories\": [\"**\"], \"keepTags\": [{ \"patterns\": [\"(\"] }] }] }'"
                        + " | '''/.*(?:().*/'' is no pattern: missing closing ): .*(?:().*'",
                "ECR | '{ \"rules\": [{ \"selection\": { \"tagStatus\": \"tagged\", \"tagPatternList\": [\"a\","
                        + " \"b\"], \"countType\": \"imageCountMoreThan\", \"countNumber\": 1 }, \"action\": {"
                        + " \"type\": \"expire\" } }] }' | 'rules[0].selection: images that have a tag for each of"
                        + " several patterns can''t be said: a rule here is of single tags'",
                "ECR | '{ \"rules\": [{ \"selection\": { \"tagStatus\": \"tagged\", \"countType\":"
                        + " \"imageCountMoreThan\", \"countNumber\": 1 }, \"action\": { \"type\": \"expire\" } }] }' |"
                        + " 'rules[0].selection: it names no tags: give a tagPatternList, as [\"*\"]'",
                "ECR | '{ \"rules\": [{ \"selection\": { \"tagStatus\": \"any\", \"countType\": \"sinceImagePushed\","
                        + " \"countNumber\": 1 }, \"action\": { \"type\": \"transition\" } }] }' |"
                        + " 'rules[0].action: only ''expire'' deletes, and this is ''transition'''",
                "ECR | '{ \"rules\": [{ \"selection\": { \"tagStatus\": \"any\", \"countType\": \"sinceImagePushed\","
                        + " \"countNumber\": -1 }, \"action\": { \"type\": \"expire\" } }] }' |"
                        + " 'rules[0].selection.countNumber: it is no whole number'",
                "ZOT | '{ \"storage\": { \"subPaths\": {} } }' |"
                        + " 'storage.subPaths: each has a retention of its own, which can''t be said'",
                "GITLAB | 'a: \"' | 'line 1: this is no YAML: found unexpected end of stream'",
                "GITLAB | '{ \"keep\": 1 }' | 'keep: nobody knows how to translate that'",
                "GITLAB | '{ \"keep_n\": [1], \"name_regex\": \".*\" }' | 'keep_n: it is no whole number'",
                "GITLAB | '{ \"keep_n\": \"ten\", \"name_regex\": \".*\" }' | 'keep_n: it is no whole number'",
                "HARBOR | '{ \"rules\": [{ \"template\": \"always\", \"tag_selectors\": [{ \"pattern\": \"a*\" }] }, {"
                        + " \"template\": \"nothing\", \"tag_selectors\": [{ \"pattern\": \"*b\" }] }] }' |"
                        + " 'rules[1]: it overlaps with rules[0], and neither has all of the other''s names'",
                "HARBOR | '{ \"rules\": [{ \"template\": \"latestPushedK\" }] }' |"
                        + " 'rules[0].params.latestPushedK: it is missing'",
                "GITLAB | '{ \"name_regex\": \".*\", \"older_than\": \"7d\" }' | 'keep_n: it is missing'",
                "GITLAB | '{ \"name_regex\": \".*\", \"keep_n\": 1 }' | 'older_than: it is missing'",
                "HARBOR | '{ \"rules\": [{ \"action\": \"retain\" }] }' | 'rules[0]: it has no template'",
            })
    void aRuleThatCannotBeSaidIsAFault(From from, String text, String fault) {
        assertThatThrownBy(() -> PolicyImport.translate(from, text, from == From.ZOT ? null : "library/**"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessage(fault);
    }
}
