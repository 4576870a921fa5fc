package dev.tidemark.policy;

import dev.tidemark.policy.Tag.Past;
import dev.tidemark.schemas.Digest;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a policy means, as simple as it can be said: each question on a tag is asked of all of them. */
record PolicyModel(List<Hold> holds, List<ForRepositories> policies) {

    /** Versions, the older ones first, as the specification has them; those of one line are equal. */
    static final List<List<String>> VERSIONS = List.of(
            List.of("1.0.0-alpha"),
            List.of("v1.0.0-alpha.1"),
            List.of("1.0.0-alpha.beta"),
            List.of("1.0.0-beta.2"),
            List.of("1.0.0-beta.11"),
            List.of("1.0.0-rc.1"),
            List.of("v1.0.0", "1.0.0"),
            List.of("v2.0.0"),
            List.of("v2.1.0"),
            List.of("v2.1.1", "2.1.1"),
            List.of("10.0.0"));

    record Hold(List<String> repositories, List<String> tags, List<Digest> digests) {}

    record ForRepositories(
            String name,
            List<String> repositories,
            List<Rule> rules,
            boolean deleteOthers,
            Integer keepPrevious,
            Integer deleteAfter,
            Integer orphanedAfter) {}

    /** @param by a word; days are days. Null is what the rule doesn't say */
    record Rule(
            List<String> match,
            String keep,
            Integer newest,
            String by,
            Integer days,
            Integer newestPulled,
            Integer pulledDays,
            Integer groupBy) {

        boolean counts() {
            return newest != null || newestPulled != null;
        }
    }

    /** @param pullsSince from when on every pull is known; null if none is */
    record AsOf(long now, Long pullsSince) {

        private boolean isWithin(Integer days, long then) {
            return days != null && then > now - days(days);
        }

        private boolean isKnown(Tag tag) {
            return pullsSince != null && used(tag) >= pullsSince;
        }
    }

    /** Which of the tags stay. */
    Set<String> kept(String repository, List<Tag> tags, AsOf asOf) {
        return tags.stream()
                .filter(tag -> isKept(repository, tags, tag, asOf))
                .map(Tag::name)
                .collect(Collectors.toSet());
    }

    private boolean isKept(String repository, List<Tag> tags, Tag tag, AsOf asOf) {
        if (isSpared(repository, tag)) {
            return true;
        }
        ForRepositories policy = policy(repository);
        if (isOfReferrers(tag)) {
            return !isOrphan(policy, tag, asOf.now());
        }
        Rule rule = rule(policy, tag);
        if (rule == null) {
            return !policy.deleteOthers();
        }
        if (rule.counts() && !isComparable(rule, tag)) {
            return true;
        }
        boolean newest = rule.newest() != null && isNewest(repository, tags, tag, rule);
        boolean young = asOf.isWithin(rule.days(), tag.pushed());
        boolean lastPulled = rule.newestPulled() != null && isLastPulled(repository, tags, tag, rule, asOf);
        boolean pulled = rule.pulledDays() != null
                && (asOf.pullsSince() == null
                        || asOf.isWithin(rule.pulledDays(), asOf.pullsSince())
                        || asOf.isWithin(rule.pulledDays(), used(tag)));
        return switch (rule.keep()) {
            case "all" -> true;
            case "none" -> false;
            case "keepAny" -> newest || young || lastPulled || pulled;
            case "keepAll" ->
                (rule.newest() == null || newest)
                        && (rule.days() == null || young)
                        && (rule.newestPulled() == null || lastPulled)
                        && (rule.pulledDays() == null || pulled);
            default -> throw new AssertionError(rule.keep());
        };
    }

    private boolean isSpared(String repository, Tag tag) {
        return tag.held() != null
                || tag.digest() == null
                || policy(repository) == null
                || holds.stream()
                        .anyMatch(hold -> isIn(hold.repositories(), repository)
                                && (isIn(hold.tags(), tag.name())
                                        || hold.digests().contains(tag.digest())
                                        || (isOfReferrers(tag)
                                                && hold.digests().stream()
                                                        .anyMatch(digest -> tag.name()
                                                                .startsWith(digest.toString()
                                                                        .replace(':', '-'))))));
    }

    private static boolean isOfReferrers(Tag tag) {
        return tag.name().matches("sha256-[0-9a-f]{64}(\\.sig|\\.att|\\.sbom)?");
    }

    private static boolean isOrphan(ForRepositories policy, Tag tag, long now) {
        return policy.orphanedAfter() != null
                && tag.subject() != null
                && tag.subject().gone() != null
                && tag.subject().gone() <= now - days(policy.orphanedAfter())
                && tag.pushed() <= now - days(policy.orphanedAfter());
    }

    private boolean isNewest(String repository, List<Tag> tags, Tag tag, Rule rule) {
        return counted(repository, tags, tag, rule)
                        .filter(other -> isNewer(rule.by(), other, tag))
                        .count()
                < rule.newest();
    }

    /** What may have been pulled later than those that are known is kept. */
    private boolean isLastPulled(String repository, List<Tag> tags, Tag tag, Rule rule, AsOf asOf) {
        long later = counted(repository, tags, tag, rule)
                .filter(other ->
                        used(other) == used(tag) ? other.name().compareTo(tag.name()) > 0 : used(other) > used(tag))
                .count();
        long known = counted(repository, tags, tag, rule).filter(asOf::isKnown).count();
        return later < rule.newestPulled() || (!asOf.isKnown(tag) && known < rule.newestPulled());
    }

    /** All that count with a tag, itself as well. */
    private Stream<Tag> counted(String repository, List<Tag> tags, Tag tag, Rule rule) {
        return tags.stream()
                .filter(other -> !isSpared(repository, other)
                        && !isOfReferrers(other)
                        && Objects.equals(rule(policy(repository), other), rule)
                        && isComparable(rule, other)
                        && group(rule, other).equals(group(rule, tag)));
    }

    /** A push is a use. */
    private static long used(Tag tag) {
        return tag.pulled() == null ? tag.pushed() : Math.max(tag.pushed(), tag.pulled());
    }

    private static boolean isComparable(Rule rule, Tag tag) {
        return group(rule, tag) != null && (!"semver".equals(rule.by()) || version(tag) >= 0);
    }

    private static boolean isNewer(String by, Tag a, Tag b) {
        if ("semver".equals(by) && version(a) != version(b)) {
            return version(a) > version(b);
        }
        return ("name".equals(by) || a.pushed() == b.pushed())
                ? a.name().compareTo(b.name()) > 0
                : a.pushed() > b.pushed();
    }

    private static int version(Tag tag) {
        return IntStream.range(0, VERSIONS.size())
                .filter(i -> VERSIONS.get(i).contains(tag.name()))
                .findFirst()
                .orElse(-1);
    }

    private static String group(Rule rule, Tag tag) {
        if (rule.groupBy() == null) {
            return "";
        }
        String regex = rule.match().stream()
                .filter(pattern -> isIn(List.of(pattern), tag.name()))
                .findFirst()
                .orElseThrow();
        Matcher matcher =
                Pattern.compile(regex.substring(1, regex.length() - 1)).matcher(tag.name());
        return matcher.matches() ? matcher.group(rule.groupBy()) : null;
    }

    private ForRepositories policy(String repository) {
        return policies.stream()
                .filter(each -> isIn(each.repositories(), repository))
                .findFirst()
                .orElse(null);
    }

    private static Rule rule(ForRepositories policy, Tag tag) {
        return policy.rules().stream()
                .filter(each -> isIn(each.match(), tag.name()))
                .findFirst()
                .orElse(null);
    }

    /** What becomes of a manifest without a tag: the class of the answer. */
    Class<? extends Untagged> untagged(String repository, List<Tag> tags, Digest digest, long pushed, AsOf asOf) {
        ForRepositories policy = policy(repository);
        Set<String> kept = kept(repository, tags, asOf);
        boolean needed = tags.stream()
                .anyMatch(tag -> tag.digest() == null
                        || (kept.contains(tag.name())
                                && (tag.digest().equals(digest)
                                        || (policy != null
                                                && previous(tag, policy).contains(digest)))));
        if (needed
                || holds.stream()
                        .anyMatch(hold -> isIn(hold.repositories(), repository)
                                && hold.digests().contains(digest))) {
            return Untagged.Kept.class;
        }
        if (policy == null || policy.deleteAfter() == null) {
            boolean released = tags.stream().anyMatch(tag -> digest.equals(tag.digest()));
            return released ? Untagged.Goes.class : Untagged.Undecided.class;
        }
        long since = Stream.concat(Stream.of(pushed), tags.stream().flatMap(tag -> replaced(tag, digest)))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return asOf.isWithin(policy.deleteAfter(), since) ? Untagged.Kept.class : Untagged.Goes.class;
    }

    private static List<Digest> previous(Tag tag, ForRepositories policy) {
        return tag.history().stream()
                .filter(past -> !past.digest().equals(tag.digest()))
                .sorted(Comparator.comparingLong((Past past) -> -past.pushed()).thenComparing(Past::digest))
                .map(Past::digest)
                .distinct()
                .limit(policy.keepPrevious() == null ? 0 : policy.keepPrevious())
                .toList();
    }

    /** When the tag came to name something after the digest. */
    private static Stream<Long> replaced(Tag tag, Digest digest) {
        return tag.history().stream()
                .filter(past -> past.digest().equals(digest))
                .map(Past::pushed)
                .max(Comparator.naturalOrder())
                .flatMap(last -> Stream.concat(
                                Stream.of(tag.pushed()), tag.history().stream().map(Past::pushed))
                        .filter(time -> time > last)
                        .min(Comparator.naturalOrder()))
                .stream();
    }

    private static long days(int days) {
        return days * 86_400_000L;
    }

    /** A name is in a list if it matches one of the patterns, and none of those with a "!". */
    static boolean isIn(List<String> patterns, String name) {
        return patterns.stream().anyMatch(each -> !each.startsWith("!") && matches(each, name))
                && patterns.stream().noneMatch(each -> each.startsWith("!") && matches(each.substring(1), name));
    }

    private static boolean matches(String pattern, String name) {
        return pattern.startsWith("/")
                ? name.matches(pattern.substring(1, pattern.length() - 1))
                : globs(pattern, name);
    }

    private static boolean globs(String glob, String name) {
        if (glob.isEmpty()) {
            return name.isEmpty();
        }
        if (glob.startsWith("**")) {
            return IntStream.rangeClosed(0, name.length()).anyMatch(i -> globs(glob.substring(2), name.substring(i)))
                    || (glob.startsWith("**/") && globs(glob.substring(3), name));
        }
        if (glob.startsWith("*")) {
            return globs(glob.substring(1), name)
                    || (!name.isEmpty() && name.charAt(0) != '/' && globs(glob, name.substring(1)));
        }
        boolean same = !name.isEmpty() && (glob.charAt(0) == name.charAt(0) || glob.charAt(0) == '?');
        return same && globs(glob.substring(1), name.substring(1));
    }
}
