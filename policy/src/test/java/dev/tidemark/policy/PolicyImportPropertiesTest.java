package dev.tidemark.policy;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.policy.PolicyImport.From;
import dev.tidemark.schemas.Digest.Algorithm;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Random rules of other registries, and what these would keep. */
@PropertyDefaults(tries = 500, edgeCases = EdgeCasesMode.NONE)
class PolicyImportPropertiesTest {

    private static final long NOW = 1_780_000_000_000L;
    private static final long DAY = 86_400_000L;
    private static final List<String> NAMES =
            List.of("v1", "v2", "v2-rc", "main-1", "main-2", "main-2-rc", "dev", "latest", "x-v1", "pr-1", "pr-2");

    /**
     * A rule that keeps some of the tags that it selects.
     *
     * @param select a glob for Harbor, where with a "!" it is of all others; a regex for zot
     * @param newest null if it is no condition
     * @param days null if it is no condition
     */
    record Rule(String select, Integer newest, Integer days) {

        Set<String> keeps(List<Tag> selected) {
            Stream<Tag> newestOnes = selected.stream()
                    .sorted(comparingLong(Tag::pushed).reversed())
                    .limit(newest == null ? 0 : newest);
            Stream<Tag> young = selected.stream().filter(tag -> days != null && NOW - tag.pushed() < days * DAY);
            Stream<Tag> all = newest == null && days == null ? selected.stream() : Stream.of();
            return Stream.of(newestOnes, young, all)
                    .flatMap(tags -> tags)
                    .map(Tag::name)
                    .collect(toSet());
        }
    }

    @Provide
    Arbitrary<List<Rule>> harbor() {
        Arbitrary<String> globs =
                Arbitraries.of("**", "v*", "main-*", "*-rc", "main-?", "{v*,dev}", "!v*", "latest", "*1");
        Arbitrary<Integer> numbers = Arbitraries.integers().between(1, 4);
        return Arbitraries.oneOf(
                        Combinators.combine(globs, numbers).as((glob, number) -> new Rule(glob, number, null)),
                        Combinators.combine(globs, numbers).as((glob, number) -> new Rule(glob, null, number)),
                        globs.map(glob -> new Rule(glob, null, null)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Rule>> zot() {
        return Combinators.combine(
                        Arbitraries.of(".*", "v", "^v", "main-.*", "-rc$", "^latest$", "a|1", "[0-9]"),
                        Arbitraries.integers().between(1, 4).injectNull(0.4),
                        Arbitraries.integers().between(1, 6).injectNull(0.4))
                .as(Rule::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Tag>> tags() {
        // No two of the same moment: each registry tells such tags apart in its own way.
        return Arbitraries.shuffle(NAMES)
                .map(names -> IntStream.range(0, names.size())
                        .mapToObj(i -> new Tag(
                                names.get(i), Algorithm.SHA256.of(new byte[] {(byte) i}), NOW - i * DAY + i, List.of()))
                        .toList());
    }

    private static void translated(boolean is) {
        Statistics.label("translated")
                .collect(is)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 25));
    }

    @Property
    void aTagThatAnyRuleOfHarborKeepsStays(@ForAll("harbor") List<Rule> rules, @ForAll("tags") List<Tag> tags) {
        String text = rules.stream()
                .map(PolicyImportPropertiesTest::harborRule)
                .collect(Collectors.joining(", ", "{ \"rules\": [", "] }"));
        String policy;
        try {
            policy = PolicyImport.translate(From.HARBOR, text, "library/**");
        } catch (InvalidPolicyException e) {
            assertThat(e).hasMessageContaining("it overlaps with");
            translated(false);
            return;
        }
        Set<String> kept = rules.stream()
                .flatMap(rule ->
                        rule
                                .keeps(tags.stream()
                                        .filter(tag -> globs(rule.select(), tag.name()))
                                        .toList())
                                .stream())
                .collect(toSet());

        assertThat(kept(policy, "library/app", tags)).as(policy).containsAll(kept);
        translated(true);
        if (rules.stream().map(Rule::select).distinct().count() == 1) {
            assertThat(kept(policy, "library/app", tags)).as(policy).isEqualTo(kept);
        }
    }

    @Property
    void zotKeepsTheSame(@ForAll("zot") List<Rule> rules, @ForAll("tags") List<Tag> tags) {
        String text = rules.stream()
                .map(PolicyImportPropertiesTest::zotRule)
                .collect(Collectors.joining(
                        ", ", "{ \"policies\": [{ \"repositories\": [\"**\"], \"keepTags\": [", "] }] }"));
        Set<String> kept = rules.stream()
                .flatMap(rule -> rule
                        .keeps(tags.stream()
                                .filter(tag -> rules.stream()
                                                .filter(each -> finds(each.select(), tag.name()))
                                                .findFirst()
                                                .orElse(null)
                                        == rule)
                                .toList())
                        .stream())
                .collect(toSet());
        String policy = PolicyImport.translate(From.ZOT, text, null);

        assertThat(kept(policy, "app", tags)).as(policy).isEqualTo(kept);
    }

    private static Set<String> kept(String policy, String repository, List<Tag> tags) {
        return Policy.parse(policy).decide(repository, tags, NOW, null).tags().stream()
                .filter(TagVerdict::kept)
                .map(TagVerdict::tag)
                .collect(toSet());
    }

    private static String harborRule(Rule rule) {
        String template =
                rule.newest() != null ? "latestPushedK" : rule.days() != null ? "nDaysSinceLastPush" : "always";
        boolean excludes = rule.select().startsWith("!");
        return """
            { "template": "%s", "params": { "%s": %s },
              "tag_selectors": [{ "decoration": "%s", "pattern": "%s" }] }\
            """.formatted(
                        template,
                        template,
                        rule.newest() != null ? rule.newest() : rule.days(),
                        excludes ? "excludes" : "matches",
                        excludes ? rule.select().substring(1) : rule.select());
    }

    private static String zotRule(Rule rule) {
        return "{ \"patterns\": [\"%s\"], \"mostRecentlyPushedCount\": %s, \"pushedWithin\": %s }"
                .formatted(rule.select(), rule.newest(), rule.days() == null ? null : "\"" + rule.days() * 24 + "h\"");
    }

    private static boolean globs(String glob, String name) {
        return glob.startsWith("!")
                ? !globs(glob.substring(1), name)
                : name.matches(glob.replace("*", ".*").replace("?", ".").replace("{v.*,dev}", "(v.*|dev)"));
    }

    private static boolean finds(String regex, String name) {
        return Pattern.compile(regex).matcher(name).find();
    }
}
