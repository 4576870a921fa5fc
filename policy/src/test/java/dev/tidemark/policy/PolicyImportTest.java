package dev.tidemark.policy;

import static dev.tidemark.policy.TestTags.LONG_AGO;
import static dev.tidemark.policy.TestTags.NOW;
import static dev.tidemark.policy.TestTags.pulled;
import static dev.tidemark.policy.TestTags.tag;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.policy.PolicyImport.From;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "the example of zot's documentation, with the ten that were pulled last",
                        From.ZOT,
                        null,
                        """
                        { "storage": { "retention": { "dryRun": false, "delay": "24h", "policies": [
                          { "repositories": ["infra/*", "tmp/**"], "deleteReferrers": false, "deleteUntagged": true,
                            "keepTags": [{ "patterns": ["v2.*", ".*-prod"], "mostRecentlyPushedCount": 10,
                              "mostRecentlyPulledCount": 10, "pulledWithin": "720h", "pushedWithin": "720h" }] },
                          { "repositories": ["**"], "keepTags": [{ "patterns": [".*"] }] }] } } }
                        """,
                        "tmp",
                        "v2.1:900/5 a-prod:900 v1.0:1/1 sometimes-v2:3",
                        "v1.0"),
                new Case(
                        "zot: the last three of everything, and no other rule",
                        From.ZOT,
                        null,
                        """
                        storage:
                          gc: true
                          retention:
                            policies:
                              - repositories: ["**"]
                                deleteUntagged: true
                                keepTags: [{ mostRecentlyPushedCount: 3 }]
                        """,
                        "team/app",
                        "a:4 b:3 c:2 d:1",
                        "a"),
                new Case(
                        "zot: one rule a condition, of which the first has all tags",
                        From.ZOT,
                        null,
                        """
                        { "retention": { "policies": [{ "repositories": ["**"], "deleteUntagged": true,
                          "deleteReferrers": true,
                          "keepTags": [ { "patterns": [".*"], "mostRecentlyPushedCount": 2 },
                            { "patterns": [".*"], "pushedWithin": "168h" }, { "patterns": [".*"],
                              "pulledWithin": "168h" }] }] } }
                        """,
                        "app",
                        "a:3 b:2 c:1",
                        "a"),
                new Case(
                        "zot: what was pulled in a week, and of releases the last that was",
                        From.ZOT,
                        null,
                        """
                        { "retention": { "policies": [{ "repositories": ["**"], "keepTags": [
                            { "patterns": ["^v"], "mostRecentlyPulledCount": 1 },
                            { "patterns": [".*"], "pulledWithin": "168h" }] }] } }
                        """,
                        "app",
                        "v1:900/3 v2:800/4 a:30/6 b:30/8 c:30 d:1",
                        "v2 b c"),
                new Case(
                        "zot: versions and commits, by patterns that are found anywhere",
                        From.ZOT,
                        null,
                        """
                        { "storage": { "retention": { "delay": "2h", "policies": [{ "repositories": ["**"],
                          "keepTags": [
                          { "patterns": ["v.*"], "mostRecentlyPushedCount": 2 },
                          { "patterns": ["^[0-9a-f]{7,64}$"], "mostRecentlyPushedCount": 1 },
                          { "patterns": ["^latest$"] }] }] } } }
                        """,
                        "app",
                        "v1:9 v2:8 dev:7 1234567:6 abcdef0:5 abc:1 latest:900",
                        "v1 1234567 abc"),
                new Case(
                        "zot: keys in any case, a rule that is in no list, and stars that are no component",
                        From.ZOT,
                        null,
                        """
                        { "storage": { "gcDelay": "72h", "Retention": { "policies": [
                          { "Repositories": ["evict-**"], "KeepTags": { "patterns": ["v"] } }] } } }
                        """,
                        "evict-app",
                        "v1:900 dev-v:900 x:1",
                        "x"),
                new Case(
                        "zot: repositories that two stars don't reach, as they are no component",
                        From.ZOT,
                        null,
                        """
                        { "retention": { "policies": [{ "repositories": ["evict-**"],
                          "keepTags": [{ "patterns": ["v"] }] }] } }
                        """,
                        "evict-a/b",
                        "v1:900 x:1",
                        ""),
                new Case("Harbor: so it is there", From.HARBOR, "library/**", """
                    { "rules": [{ "template": "always", "tag_selectors": [{ "pattern": "v**" }],
                      "scope_selectors": { "repository": [{ "pattern": "app-**" }] } }] }
                    """, "library/app-a/b", "v1:900 x:1", ""),
                new Case(
                        "GitLab: numbers and truths as text, and a blank for none",
                        From.GITLAB,
                        "**",
                        """
                        { "enabled": "true", "keep_n": "", "older_than": "30d", "name_regex": ".*" }
                        """,
                        "app",
                        "latest:900 a:31 b:29",
                        "a"),
                new Case(
                        "GitLab: five, and two weeks, of all but the long-lived branches",
                        From.GITLAB,
                        "group/project/**",
                        """
                        { "container_expiration_policy_attributes": { "cadence": "1d", "enabled": true, "keep_n": 2,
                          "older_than": "14d", "name_regex": ".*",
                          "name_regex_keep": "^(?:v.+|main|master|release|dev|stage|preprod|prod).*" } }
                        """,
                        "group/project/app",
                        "latest:900 v1:900 main-1:900 feature-a:30 feature-b:29 feature-c:28 feature-d:3",
                        "feature-a feature-b"),
                new Case(
                        "GitLab: the policy of issue 325429, which took what it should have kept",
                        From.GITLAB,
                        "group/project",
                        """
                        { "keep_n": 1, "older_than": "90d", "name_regex": ".*",
                          "name_regex_keep": "(master|stable.*)" }
                        """,
                        "group/project",
                        "master:900 stable-1:900 master-2:900 a:95 b:91",
                        "master-2 a"),
                new Case(
                        "GitLab: alternatives without a group have one anchor each",
                        From.GITLAB,
                        "**",
                        """
                        { "name_regex_delete": ".*", "name_regex_keep": "main|v.*", "keep_n": null, "older_than": "7d" }
                        """,
                        "app",
                        "main-old:900 dev:900 dev-v:900 xmain:900 x:3",
                        "xmain"),
                new Case(
                        "GitLab: releases and latest by their names",
                        From.GITLAB,
                        "**",
                        """
                        container_expiration_policy:
                          cadence: 1d
                          enabled: true
                          keep_n: 10
                          older_than: 90d
                          name_regex: .*
                          name_regex_keep: ^(v[0-9]+\\.[0-9]+\\.[0-9]+(-(alpha|beta|rc)\\.[0-9]+)?|latest)\\z
                          next_run_at: "2026-10-02T16:35:33.317Z"
                        """,
                        "app",
                        "v1.0.0:900 v1.0.0-rc.1:900 v1.0:900 a:1 b:2 c:3 d:4 e:5 f:6 g:7 h:8 i:9 j:91",
                        "v1.0"),
                new Case(
                        "ECR: three months of everything tagged, a week of the rest",
                        From.ECR,
                        "app",
                        """
                        { "rules": [
                          { "rulePriority": 1, "description": "untagged", "selection": { "tagStatus": "untagged",
                            "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7 },
                              "action": { "type": "expire" } },
                          { "rulePriority": 2, "description": "tagged", "selection": { "tagStatus": "tagged",
                            "tagPatternList": ["*"],
                            "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 90 },
                              "action": { "type": "expire" } }] }
                        """,
                        "app",
                        "a:89 b:91",
                        "b"),
                new Case(
                        "ECR: one of production, and thirty of all",
                        From.ECR,
                        "**",
                        """
                        { "rules": [
                          { "rulePriority": 20, "selection": { "tagStatus": "tagged", "tagPatternList": ["*"],
                            "countType": "imageCountMoreThan", "countNumber": 2 }, "action": { "type": "expire" } },
                          { "rulePriority": 10, "selection": { "tagStatus": "tagged", "tagPrefixList": ["prod"],
                            "countType": "imageCountMoreThan", "countNumber": 1 }, "action": { "type": "expire" } },
                          { "rulePriority": 980, "selection": { "tagStatus": "untagged",
                            "countType": "imageCountMoreThan",
                            "countNumber": 1 }, "action": { "type": "expire" } }] }
                        """,
                        "app",
                        "prod-1:2 prod-2:1 a:5 b:4 c:3",
                        "prod-1 a"),
                new Case(
                        "ECR: what nobody has pulled for ninety days",
                        From.ECR,
                        "**",
                        """
                        { "rules": [{ "rulePriority": 1, "selection": { "tagStatus": "any",
                          "countType": "sinceImagePulled", "countUnit": "days", "countNumber": 90 },
                            "action": { "type": "expire" } }] }
                        """,
                        "app",
                        "a:900/89 b:900/91 c:900 d:89",
                        "b c"),
                new Case(
                        "ECR: the last ten",
                        From.ECR,
                        "**",
                        """
                        { "rules": [{ "rulePriority": 1, "description": "Keep last 10 images",
                          "selection": { "tagStatus": "any",
                          "countType": "imageCountMoreThan", "countNumber": 10 }, "action": { "type": "expire" } }] }
                        """,
                        "app",
                        "a:1 b:2 c:3 d:4 e:5 f:6 g:7 h:8 i:9 j:10 k:11",
                        "k"),
                new Case(
                        "Harbor: ten, or thirty days",
                        From.HARBOR,
                        "library/**",
                        """
                        { "algorithm": "or", "rules": [
                          %s, "template": "latestPushedK", "params": { "latestPushedK": 2 } },
                          %s, "template": "nDaysSinceLastPush", "params": { "nDaysSinceLastPush": 30 } }],
                          "trigger": { "kind": "Schedule", "settings": { "cron": "0 0 2 * * *" } },
                          "scope": { "level": "project", "ref": 1 } }
                        """.formatted(harbor("**"), harbor("**")),
                        "library/app",
                        "a:50 b:40 c:20 d:10 e:1",
                        "a b"),
                new Case(
                        "Harbor: what was pulled in a month, and the last two that were",
                        From.HARBOR,
                        "library/**",
                        """
                        { "algorithm": "or", "rules": [
                          %s, "template": "nDaysSinceLastPull", "params": { "nDaysSinceLastPull": 30 } },
                          %s, "template": "latestPulledN", "params": { "latestPulledN": 2 } }] }
                        """.formatted(harbor("**"), harbor("release-*")),
                        "library/app",
                        "a:900/29 b:900/31 release-1:900/40 release-2:900/41 release-3:900/42 c:900",
                        "b release-3 c"),
                new Case(
                        "Harbor: releases always, and ten each of two branches",
                        From.HARBOR,
                        "library/**",
                        """
                        { "algorithm": "or", "rules": [
                          %s, "template": "latestPushedK", "params": { "latestPushedK": 1 } },
                          %s, "template": "latestPushedK", "params": { "latestPushedK": 1 } },
                          %s, "template": "always", "params": {} }] }
                        """.formatted(harbor("dev*"), harbor("staging*"), harbor("{v*.*.*,1.*.*}")),
                        "library/a/b",
                        "v1.0.0:900 1.0.0:900 dev-1:9 dev-2:1 staging-1:3 feature:1",
                        "dev-1 feature"),
                new Case(
                        "Harbor: what is on all tags keeps what is on some, too",
                        From.HARBOR,
                        "library/**",
                        """
                        { "rules": [
                          %s, "template": "nDaysSinceLastPush", "params": { "nDaysSinceLastPush": 5 } },
                          %s, "template": "latestPushedK", "params": { "latestPushedK": 1 } },
                          %s, "disabled": true, "template": "always" }] }
                        """.formatted(harbor("**"), harbor("main-*"), harbor("**")),
                        "library/app",
                        "main-1:9 main-2:4 main-3:3 x:4 y:6",
                        "main-1 y"));
    }

    private static String harbor(String tags) {
        return """
            { "action": "retain",
              "tag_selectors": [{ "kind": "doublestar", "decoration": "matches", "pattern": "%s",
                "extras": "{\\"untagged\\":true}" }],
              "scope_selectors": { "repository": [{ "kind": "doublestar", "decoration": "repoMatches",
                "pattern": "**" }] }\
            """.formatted(tags);
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
    void whatCantBeSaidIsAFault(From from, String text, String fault) {
        assertThatThrownBy(() -> PolicyImport.translate(from, text, from == From.ZOT ? null : "library/**"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessage(fault);
    }
}
