package dev.tidemark.sweeper.look;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.policy.Policy;
import dev.tidemark.policy.RepositoryVerdict;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.TagsGoing;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A tag stays that was pulled since its run decided, if the policy would keep it for that, and only then. */
class PulledTagsTest {

    private static final RunId RUN = new RunId("20260801-000000");
    private static final String APP = "team/app";
    private static final long NOW = Duration.ofDays(20_000).toMillis();
    private static final long LATER = NOW + Duration.ofHours(3).toMillis();

    private static final String USED = """
            policies:
              - name: used
                repositories: ["**"]
                tags:
                  - match: ["build-*"]
                    keepAll: { newest: 1, pulledWithin: 90d }
                  - match: ["pr-*"]
                    keep: none
                  - match: ["hot-*"]
                    keepAny: { newestPulled: 1 }
                  - match: ["*"]
                    keepAny: { pulledWithin: 90d }
            """;

    private final List<Tag> tags = new ArrayList<>();
    private final List<Manifests> manifests = new ArrayList<>();
    private final List<PullRecord> pulls = new ArrayList<>();

    @Test
    void aTagThatIsPulledByItsNameOrByItsDigestStays() {
        tag("by-name", 300, null);
        tag("by-digest", 300, null);
        tag("unused", 300, null);
        pulls.add(new PullRecord(APP, "by-name", digest("by-name"), LATER));
        pulls.add(new PullRecord(APP, null, digest("by-digest"), LATER));

        assertThat(spared()).containsExactlyInAnyOrder(named("by-name"), named("by-digest"));
    }

    @Test
    void soDoesATagWhoseImageIsPulledByItsOwnDigest() {
        tag("index", 300, null);
        holds("inner", digest("image"));
        holds("index", digest("inner"));
        pulls.add(new PullRecord(APP, null, digest("image"), LATER));

        assertThat(spared()).containsExactly(named("index"));
    }

    @Test
    void aPullThatTheDecisionKnewOfSparesNothing() {
        tag("unused", 300, null);
        tag("hot-1", 300, NOW);
        tag("hot-2", 300, NOW);
        pulls.add(new PullRecord(APP, "unused", digest("unused"), NOW));
        pulls.add(new PullRecord(APP, "hot-1", digest("hot-1"), LATER));

        assertThat(decided()).filteredOn(Tag::goes).extracting(Tag::name).containsExactly("hot-1", "unused");
        assertThat(spared()).isEmpty();
    }

    @Test
    void theOneThatWasPulledLastStays() {
        tag("hot-1", 300, ago(2));
        tag("hot-2", 300, ago(3));
        pulls.add(new PullRecord(APP, "hot-2", digest("hot-2"), LATER));

        assertThat(spared()).containsExactly(named("hot-2"));
    }

    @Test
    void aRuleThatLetsItGoForAnotherReasonStillDoes() {
        tag("build-1", 300, null);
        tag("build-2", 200, ago(1));
        tag("pr-1", 300, null);
        pulls.add(new PullRecord(APP, "build-1", digest("build-1"), LATER));
        pulls.add(new PullRecord(APP, "pr-1", digest("pr-1"), LATER));

        assertThat(decided()).filteredOn(Tag::goes).extracting(Tag::name).containsExactly("build-1", "pr-1");
        assertThat(spared()).isEmpty();
    }

    @Test
    void aPullInAnotherRepositoryIsNone() {
        tag("unused", 300, null);
        pulls.add(new PullRecord("team/app/child", "unused", digest("unused"), LATER));

        assertThat(spared()).isEmpty();
    }

    private void tag(String name, int days, Long pulled) {
        tags.add(new Tag(name, digest(name), ago(days), pulled, List.of(), null, null, null));
        holds(name, digest("config of " + name));
    }

    private void holds(String name, Digest... references) {
        var manifest = new Manifest(
                digest(name),
                "type",
                1,
                1,
                List.of(),
                List.of(),
                List.of(),
                List.of(references),
                Sizes.NONE,
                List.of(),
                null,
                null,
                null,
                false);
        manifests.add(new Manifests(RUN, APP, List.of(manifest)));
    }

    /** The tags as a run with the policy records them. */
    private List<Tag> decided() {
        RepositoryVerdict verdict = Policy.parse(USED)
                .decide(APP, tags.stream().map(dev.tidemark.policy.Tag::of).toList(), NOW, ago(300));
        Map<String, Tag> byName = tags.stream().collect(Collectors.toMap(Tag::name, tag -> tag));
        return verdict.tags().stream()
                .map(word -> {
                    Tag tag = byName.get(word.tag());
                    return tag.with(tag.pulled(), null, null, word.recorded(verdict.policy()));
                })
                .toList();
    }

    private Set<Nominee> spared() {
        var record = new TagsRecord(RUN, APP, decided());
        var pulled = new PulledTags(run(record), Policy.parse(USED));
        pulled.going(record);
        pulls.forEach(pull -> pulled.pulled(pull.key(), pull.at()));
        if (!pulled.any()) {
            return Set.of();
        }
        while (manifests.stream().map(pulled::leadToPulled).reduce(false, Boolean::logicalOr)) {
            // An index may be of indexes.
        }
        pulled.add(record);
        return pulled.spared();
    }

    private static Run run(TagsRecord record) {
        var request =
                new Requested(RUN, NOW, new Options(NOW, false, false), 40, "test", null, null, PolicyText.of(USED));
        long going = record.tags().stream().filter(Tag::goes).count();
        var enumerated = new Enumerated(
                RUN,
                "/registry",
                1,
                1,
                record.tags().size(),
                0,
                0,
                0,
                null,
                null,
                0,
                Checksum.NONE,
                DescriptorCache.NONE,
                new TagsGoing(going, 0, null, null),
                ago(300),
                Fingerprint.NONE,
                OtherFiles.NONE);
        return Run.after(Run.after(Optional.empty(), request), enumerated).orElseThrow();
    }

    private static Nominee named(String name) {
        return new Nominee(APP, digest(name));
    }

    private static long ago(int days) {
        return NOW - Duration.ofDays(days).toMillis();
    }

    private static Digest digest(String name) {
        return Digest.Algorithm.SHA256.of(name.getBytes(StandardCharsets.UTF_8));
    }
}
