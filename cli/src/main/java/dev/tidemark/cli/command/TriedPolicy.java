package dev.tidemark.cli.command;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.TagsRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a policy would delete now.
 *
 * @param freed bytes of all that the run would delete
 * @param freedWithoutTag those of them that no tag that goes leads to: of manifests without a tag, and of blobs that
 *     nothing names
 * @param groups the tags by repository and rule, those first that lose the most
 */
record TriedPolicy(long freed, long freedWithoutTag, List<TagGroup> groups) {

    private record Rule(String repository, String policy, String rule) {

        private static final Comparator<String> NULLS_FIRST = Comparator.nullsFirst(Comparator.naturalOrder());
        private static final Comparator<Rule> ORDER = Comparator.comparing(Rule::repository)
                .thenComparing(Rule::policy, NULLS_FIRST)
                .thenComparing(Rule::rule, NULLS_FIRST);
    }

    /**
     * Reads it from the records of a dry run.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not give them
     */
    static TriedPolicy read(Cluster cluster, Run run) {
        Map<Rule, TagGroup> groups = new TreeMap<>(Rule.ORDER);
        Map<Rule, Set<Digest>> going = new HashMap<>();
        scan(cluster, cluster.topics().tags(), 1, run, TagsRecord.class, record -> {
            if (record.run().equals(run.id())) {
                record.tags().stream().filter(tag -> tag.verdict() != null).forEach(tag -> {
                    TagGroup group = TagGroup.of(record.repository(), tag);
                    var rule = new Rule(group.repository(), group.policy(), group.rule());
                    groups.merge(rule, group, TagGroup::plus);
                    if (tag.goes()) {
                        going.computeIfAbsent(rule, each -> new HashSet<>()).add(tag.digest());
                    }
                });
            }
        });
        Map<Digest, Long> eligible = eligible(cluster, run);
        FreedBytes freed = FreedBytes.of(
                eligible,
                leads(cluster, run, eligible.keySet()),
                groups.keySet().stream()
                        .map(rule -> going.getOrDefault(rule, Set.of()))
                        .toList());
        List<TagGroup> shared = new ArrayList<>();
        groups.values().forEach(group -> shared.add(group.freeing(freed.shares().get(shared.size()))));
        shared.sort(Comparator.comparingLong(TagGroup::going)
                .thenComparingLong(TagGroup::freed)
                .reversed());
        return new TriedPolicy(
                eligible.values().stream().mapToLong(Long::longValue).sum(), freed.rest(), shared);
    }

    /** The blobs that would be deleted. */
    private static Map<Digest, Long> eligible(Cluster cluster, Run run) {
        Map<Digest, Long> eligible = new HashMap<>();
        String topic = cluster.topics().eligibleDryRun();
        scan(cluster, topic, cluster.topics().partitions(), run, EligibleRecord.class, record -> {
            if (record.run().equals(run.id())
                    && record instanceof EligibleRecord.Eligible one
                    && one.kind() == Kind.BLOB) {
                eligible.put(one.digest(), one.bytes());
            }
        });
        return eligible;
    }

    /** From each manifest that would be deleted to what it names, and to what refers to it. */
    private static Map<Digest, Set<Digest>> leads(Cluster cluster, Run run, Set<Digest> eligible) {
        Map<Digest, Set<Digest>> leads = new HashMap<>();
        String topic = cluster.topics().manifests();
        scan(cluster, topic, cluster.topics().partitions(), run, EnumeratedRecord.class, record -> {
            if (record.run().equals(run.id()) && record instanceof EnumeratedRecord.Manifests pack) {
                pack.manifests().stream()
                        .filter(manifest -> eligible.contains(manifest.digest()))
                        .forEach(manifest -> {
                            Stream.of(manifest.references(), manifest.optionalReferences())
                                    .flatMap(List::stream)
                                    .forEach(named -> lead(leads, manifest.digest(), named));
                            if (manifest.subject() != null) {
                                lead(leads, manifest.subject(), manifest.digest());
                            }
                        });
            }
        });
        return leads;
    }

    private static void lead(Map<Digest, Set<Digest>> leads, Digest from, Digest to) {
        leads.computeIfAbsent(from, each -> new HashSet<>()).add(to);
    }

    private static <T> void scan(
            Cluster cluster, String topic, int partitions, Run run, Class<T> type, Consumer<T> each) {
        try (var scan = new TopicScan<>(cluster, topic, type)) {
            OptionalLong since = OptionalLong.of(run.requested().at() - Run.CLOCKS_DIFFER.toMillis());
            for (int partition = 0; partition < partitions; partition++) {
                scan.read(partition, since, () -> true, each);
            }
        }
    }
}
