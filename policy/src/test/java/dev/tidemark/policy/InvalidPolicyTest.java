package dev.tidemark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts that are no policy. */
class InvalidPolicyTest {

    private static final String EVERYTHING = """
        hold:
          - { repositories: ["team/**"], tags: ["latest"], reason: "in use" }
          - { digests: ["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"] }
        policies:
          - name: products
            repositories: ["team/**", "!team/play/**"]
            tags:
              - match: ["/pr-(\\\\d+)-.*/"]
                groupBy: 1
                keepAll: { newest: 3, by: semver, pushedWithin: 100h }
              - match: ["main-*"]
                keep: all
            otherTags: keep
            untagged: { keepPrevious: 2, deleteAfter: 14d }
        """;

    @Test
    void allFaultsAreToldWithTheirLines() {
        assertThat(faults("""
            holds: []
            policies:
              - name: a
                repositories: ["**", "**"]
                tags:
                  - match: ["v*", "/v(/"]
                    keepAny: { newst: 3 }
                  - match: ["main-*"]
                  - match: ["*"]
                    keepAny: { newest: 0, pushedWithin: soon }
                  - match: ["x"]
                    keep: all
              - name: a
                repositories: ["team/*"]
                otherTags: keep
            """))
                .containsExactly(
                        "line 1: the file has no key 'holds': did you mean 'hold'?",
                        "line 4: '**' is there twice",
                        "line 6: '/v(/' is no pattern: missing closing ): v(",
                        "line 7: 'keepAny' has no key 'newst': did you mean 'newest'?",
                        "line 8: what does the rule keep? Write keep, keepAny or keepAll",
                        "line 10: 'pushedWithin': 'soon' is no duration: write 24h, 7d, 1h30m, 90s or 0",
                        "line 10: 'newest' is a whole number from 1, and not '0'",
                        "line 11: this never matches: line 9 before it has all of x",
                        "line 13: this never matches: line 3 before it has all of team/*",
                        "line 13: two policies are named 'a'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                  | line 1: there is no policy in it",
                "'# nothing'                         | line 1: there is no policy in it",
                "[]                                  | line 1: the file is a map, with the keys hold, policies",
                "policies                            | line 1: the file is a map, with the keys hold, policies",
                "'hold: [{ tags: [a] }]'             | line 1: 'policies' is missing: nothing would be deleted",
                "'policies: []'                      | line 1: 'policies' is empty",
                "'policies:'                         | line 1: 'policies' is a list",
                "'policies: [a]'                     | line 1: a policy is a map, with the keys name, repositories,"
                        + " tags, otherTags, untagged, referrers",
                "'policies: [*]'                     | 'line 1: this is no YAML: unexpected character found ](93):"
                        + " what begins with a star needs quotes, as \"*\"'",
                "'policies: [\"a'                    | line 1: this is no YAML: found unexpected end of stream",
                "'a: 1'                              | line 1: the file has no key 'a': it may have hold, policies",
                "'? [a] : 1'                         | line 1: the file has no key '': it may have hold, policies",
            })
    void aTextThatIsNoPolicyIsRefused(String text, String fault) {
        assertThat(faults(text)).contains(fault);
    }

    @Test
    void soIsASecondDocument() {
        assertThat(faults("policies: []\n---\npolicies: []\n"))
                .containsExactly("line 2: this is no YAML: but found another document");
    }

    @Test
    void soIsTextThatYamlCantHave() {
        assertThat(faults("a: \"\\x")).singleElement().asString().startsWith("line 1: this can't be read as YAML: ");
        assertThat(faults("policies: \0"))
                .singleElement()
                .asString()
                .startsWith("line 1: this can't be read as YAML: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ repositories: [a], otherTags: keep }          | 'name' is missing",
                "{ name: a, otherTags: keep }                    | 'repositories' is missing",
                "{ name: a, repositories: [a] }                  | the policy says nothing of its repositories:"
                        + " 'otherTags: keep' keeps all tags",
                "{ name: '', repositories: [a], otherTags: keep }| 'name' is empty",
                "{ name: [a], repositories: [a], otherTags: keep }| 'name' is text",
                "{ name: a, repositories: a, otherTags: keep }   | 'repositories' is a list",
                "{ name: a, repositories: [/a], otherTags: keep }| '/a' is no pattern: a repository has no slash at"
                        + " its beginning or end, and some name",
                "{ name: a, repositories: ['a[b'], otherTags: keep }| 'a[b' is no pattern: '[' without ']'",
                "{ name: a, repositories: ['!a'], otherTags: keep }| 'repositories' only takes away: begin with a"
                        + " pattern without '!'",
                "{ name: a, repositories: [a, '!**'], otherTags: keep }| 'repositories' never matches: what has a '!'"
                        + " takes all of it away",
                "{ name: a, repositories: [a, !b ], otherTags: keep }| 'what begins with ''!'' needs quotes, as"
                        + " \"!b\"'",
                "{ name: a, repositories: [a, ~], otherTags: keep }| 'repositories' is empty",
                "{ name: a, repositories: [a], otherTags: none } | 'otherTags' is keep or delete, and not 'none'",
                "{ name: a, repositories: [a], otherTags: delete }| without 'tags' all of them would go: a rule with"
                        + " 'keep: none' says so",
                "{ name: a, repositories: [a], otherTags: keep, otherTags: delete }| 'otherTags' is there twice",
                "{ name: a, repositories: [a], other_tags: keep }| a policy has no key 'other_tags': did you mean"
                        + " 'otherTags'?",
                "{ name: a, repositories: [a], untagged: {} }    | 'untagged' is empty",
                "{ name: a, repositories: [a], untagged: 3 }     | 'untagged' is a map, with the keys keepPrevious,"
                        + " deleteAfter",
                "{ name: a, repositories: [a], untagged: { keepPrevious: -1 } }| 'keepPrevious' is a whole number from"
                        + " 1, and not '-1'",
                "{ name: a, repositories: [a], untagged: { deleteAfter: 14 } }| 'deleteAfter': '14' is no duration:"
                        + " write 24h, 7d, 1h30m, 90s or 0",
                "{ name: a, repositories: [a], referrers: {} }   | 'orphanedAfter' is missing",
                "{ name: a, repositories: [a], referrers: { orphanedAfter: 24 } }| 'orphanedAfter': '24' is no"
                        + " duration: write 24h, 7d, 1h30m, 90s or 0",
                "{ name: a, repositories: [a], referrers: { orphaned: 1d } }| 'referrers' has no key 'orphaned': it"
                        + " may have orphanedAfter",
                "{ name: a, repositories: [a], tags: [] }        | 'tags' is empty",
            })
    void aPolicyThatIsWrongIsRefused(String policy, String fault) {
        assertThat(faults("policies:\n  - " + policy)).contains("line 2: " + fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ keep: all }                                   | 'match' is missing",
                "{ match: [a] }                                  | what does the rule keep? Write keep, keepAny or"
                        + " keepAll",
                "{ match: [a], keep: all, keepAny: { newest: 1 } }| a rule has one of keep and keepAny",
                "{ match: [a], keep: some }                      | 'keep' is all or none, and not 'some'",
                "{ match: [a], keepAny: {} }                     | 'keepAny' has no condition: write newest,"
                        + " pushedWithin, newestPulled or pulledWithin",
                "{ match: [a], keepAny: { by: name } }           | 'keepAny' has no condition: write newest,"
                        + " pushedWithin, newestPulled or pulledWithin",
                "{ match: [a], keepAny: { by: age, newest: 1 } } | 'by' is time or semver or name, and not 'age'",
                "{ match: [a], keepAny: { by: name, pushedWithin: 1d } }| 'by' is for 'newest', and there is none",
                "{ match: [a], keepAny: { newest: 1.5 } }        | 'newest' is a whole number from 1, and not '1.5'",
                "{ match: [a], keepAny: { newest: 99999999999 } }| 'newest' is a whole number from 1, and not"
                        + " '99999999999'",
                "{ match: [a], keepAny: { pushedWithin: 0 } }    | nothing is ever pushed within 0: 'keep: none' keeps"
                        + " none",
                "{ match: [a], keepAny: { pushedWithin: 0d } }   | nothing is ever pushed within 0: 'keep: none' keeps"
                        + " none",
                "{ match: [a], keepAny: { pulledWithin: 0d } }   | nothing is ever pulled within 0: 'keep: none' keeps"
                        + " none",
                "{ match: [a], keepAny: { newestPulled: 0 } }    | 'newestPulled' is a whole number from 1, and not"
                        + " '0'",
                "{ match: [a], keepAny: { by: name, newestPulled: 1 } }| 'by' is for 'newest', and there is none",
                "{ match: [a], keep: all, groupBy: 1 }           | 'a' has no capture group 1, by which 'groupBy'"
                        + " groups",
                "{ match: ['/a(b)/'], keep: all, groupBy: 1 }    | 'groupBy' is for 'newest' and"
                        + " 'newestPulled', and the rule has neither",
                "{ match: ['/a(b)/'], keepAny: { pulledWithin: 1d }, groupBy: 1 }| 'groupBy' is for 'newest' and"
                        + " 'newestPulled', and the rule has neither",
                "{ match: ['/a(b)/', '/c/'], keepAny: { newest: 1 }, groupBy: 1 }| '/c/' has no capture group 1, by"
                        + " which 'groupBy' groups",
                "{ match: ['/a'], keep: all }                    | '/a' is no pattern: a regex ends with a slash, as"
                        + " it begins",
                "{ match: ['/'], keep: all }                     | '/' is no pattern: a regex ends with a slash, as it"
                        + " begins",
                "{ match: ['//'], keep: all }                    | '//' is no pattern: a regex ends with a slash, as"
                        + " it begins",
                "{ match: ['app:v1'], keep: all }                | 'app:v1' is no pattern: no tag has such a name:"
                        + " letters, digits, '_', '.' and '-' are in one",
                "{ match: ['a{b'], keep: all }                   | 'a{b' is no pattern: '{' without '}'",
                "{ match: ['!'], keep: all }                     | '' is no pattern: no tag has such a name: letters,"
                        + " digits, '_', '.' and '-' are in one",
                "{ match: ['a', '!a'], keep: all }               | 'match' never matches: what has a '!' takes all of"
                        + " it away",
            })
    void aRuleThatIsWrongIsRefused(String rule, String fault) {
        assertThat(faults("policies:\n  - name: p\n    repositories: ['**']\n    tags:\n      - " + rule))
                .contains("line 5: " + fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ reason: none }                     | a hold is of 'tags', 'digests' or whole 'repositories', and"
                        + " this one has none of them",
                "{ tags: [a], digests: [b] }          | a hold is of tags or of digests: make it two",
                "{ digests: ['sha256:12'] }           | 'sha256:12' is no digest: write all of it, as sha256:9f86d0…",
                "{ digests: [] }                      | 'digests' is empty",
                "{ tag: [a] }                         | a hold has no key 'tag': did you mean 'tags'?",
                "{ tags: [a], reason: }               | 'reason' is empty",
            })
    void aHoldThatIsWrongIsRefused(String hold, String fault) {
        assertThat(faults("hold:\n  - " + hold + "\n")).contains("line 2: " + fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a*             | a*             | true",
                "*              | a*             | true",
                "a*             | ab             | true",
                "a*             | a*b*           | true",
                "/.*/           | /b+/           | true",
                "/b+/           | /b+/           | true",
                "'a*'', ''b*'   | 'ab'', ''bc'   | true",
                "a*             | *a             | false",
                "a?             | a*             | false",
                "a*             | '{a,b}c'       | false",
                "a*             | 'a[bc]'        | false",
                "'a*'', ''!ab'  | a*             | false",
                "'a*'', ''!ab'  | 'a*'', ''!ab'  | true",
                "'a*'', ''!ab'  | 'a*'', ''!a*b' | true",
                "'a*'           | 'ab'', ''c'    | false",
                "a              | /a/            | false",
            })
    void aRuleThatNeverMatchesIsRefused(String earlier, String later, boolean refused) {
        String text = "policies:\n  - name: p\n    repositories: ['**']\n    tags:\n"
                + "      - { match: ['%s'], keep: all }\n      - { match: ['%s'], keep: all }\n"
                        .formatted(earlier, later);

        assertThat(isRefused(text)).isEqualTo(refused);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "**      | *        | true",
                "**      | a/b      | true",
                "a/**    | a/*      | true",
                "a/**    | a/b/**   | true",
                "a/*     | a/b      | true",
                "a/*     | a/**     | false",
                "a/*/*   | a/**     | false",
                "*       | **       | false",
                "*/*     | **       | false",
                "**/a    | a        | true",
                "a/**    | a        | false",
            })
    void aPolicyThatNeverMatchesIsRefused(String earlier, String later, boolean refused) {
        String policy = "  - { name: %s, repositories: ['%s'], otherTags: keep }\n";
        String text = "policies:\n" + policy.formatted("a", earlier) + policy.formatted("b", later);

        assertThat(isRefused(text)).isEqualTo(refused);
    }

    /** Whatever is cut off, there is a policy or a line that says why there is none. */
    @Property
    void aTextThatIsCutOffIsReadOrRefused(
            @ForAll @IntRange(max = 900) int from, @ForAll @IntRange(max = 40) int length) {
        int start = Math.min(from, EVERYTHING.length());
        String text =
                EVERYTHING.substring(0, start) + EVERYTHING.substring(Math.min(EVERYTHING.length(), start + length));
        try {
            assertThat(Policy.parse(text).text()).isEqualTo(text);
        } catch (InvalidPolicyException e) {
            assertThat(e.faults()).isNotEmpty().allMatch(fault -> fault.matches("line \\d+: .*"));
        }
    }

    private static boolean isRefused(String text) {
        try {
            Policy.parse(text);
            return false;
        } catch (InvalidPolicyException e) {
            assertThat(e.faults()).singleElement().asString().contains("this never matches");
            return true;
        }
    }

    private static List<String> faults(String text) {
        return catchThrowableOfType(InvalidPolicyException.class, () -> Policy.parse(text))
                .faults();
    }
}
