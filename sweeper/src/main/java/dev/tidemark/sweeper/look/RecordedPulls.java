package dev.tidemark.sweeper.look;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.PullTopics;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.storage.StorageException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Finds them in the topics {@code pulls}, {@code tags} and {@code manifests}. Only a run whose policy asks for pulls,
 * and that knew of some, reads any.
 */
public record RecordedPulls(Cluster cluster) implements LatePulls {

    @Override
    public Set<Nominee> spared(Run run, Runnable goingOn) {
        Optional<Policy> policy = Optional.ofNullable(run.requested().policy())
                .map(PolicyText::text)
                .map(Policy::parse)
                .filter(Policy::asksForPulls);
        if (policy.isEmpty() || run.enumerated().pullsSince() == null) {
            return Set.of();
        }
        var pulled = new PulledTags(run, policy.get());
        BooleanSupplier goOn = () -> {
            goingOn.run();
            return true;
        };
        try (var tags = new TopicScan<>(cluster, cluster.topics().tags(), TagsRecord.class);
                var records = new RecordsOfRun(cluster, run, goOn)) {
            tags.read(0, run.requested(), goingOn, record -> {
                if (record.run().equals(run.id())) {
                    pulled.going(record);
                }
            });
            long going = run.enumerated().going().tags();
            if (pulled.going() < going) {
                throw unknown("%,d tags that go are in %s, and it has found %,d"
                        .formatted(pulled.going(), cluster.topics().tags(), going));
            }
            eachPull(pulled);
            if (!pulled.any()) {
                return Set.of();
            }
            while (leadToPulled(records, pulled)) {
                // An index may be of indexes.
            }
            tags.read(0, run.requested(), goingOn, record -> {
                if (record.run().equals(run.id())) {
                    pulled.add(record);
                }
            });
        }
        return pulled.spared();
    }

    private void eachPull(PulledTags pulled) {
        try {
            new PullTopics(cluster)
                    .eachPull(pull -> pulled.pulled(pull.key(), pull.at().orElse(Long.MAX_VALUE)));
        } catch (IllegalStateException e) {
            throw StorageException.settled(e.getMessage(), e);
        }
    }

    private static boolean leadToPulled(RecordsOfRun records, PulledTags pulled) {
        boolean[] more = {false};
        long manifests = 0;
        for (int partition : records.partitions()) {
            manifests += records.manifests(partition, pack -> more[0] |= pulled.leadToPulled(pack));
        }
        records.lacking(manifests).ifPresent(why -> {
            throw unknown(why);
        });
        return more[0];
    }

    private static StorageException unknown(String why) {
        return StorageException.settled(why + ": what was pulled since then is not known", null);
    }
}
