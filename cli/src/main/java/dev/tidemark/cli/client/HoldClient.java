package dev.tidemark.cli.client;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.HoldTopic;
import dev.tidemark.schemas.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads and writes holds, on whatever Kafka there is. */
public final class HoldClient {

    /** Clocks of users' machines differ: a hold is removed by others only when it has been over for this long. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private final HoldTopic topic;

    /**
     * Finds the topic.
     *
     * @param alone whether no service makes topics on this Kafka
     * @throws CollectionException if it is not there, and is not to be made
     */
    public HoldClient(Cluster cluster, boolean alone) {
        topic = new HoldTopic(cluster);
        WrittenTopic.require(cluster, alone, cluster.topics().holds());
    }

    /** All that there are, those that are over as well. */
    public List<Hold> all() {
        try {
            return topic.read();
        } catch (IllegalStateException e) {
            throw new CollectionException(e.getMessage(), e);
        }
    }

    /** Makes holds. One of the same is replaced. */
    public void add(Collection<Hold> holds) {
        topic.write(holds, over(all()));
    }

    /**
     * Removes a hold. One that can't be read is removed as well.
     *
     * @throws UsageException if there is none
     */
    public void remove(String of) {
        List<String> removed = new ArrayList<>(List.of(of));
        try {
            List<Hold> all = topic.read();
            if (all.stream().noneMatch(hold -> hold.of().equals(of))) {
                throw new UsageException(
                        "there is no hold of " + of + ": 'tidemark hold list' has those that there are");
            }
            removed.addAll(over(all));
        } catch (IllegalStateException e) {
            // It may be this one that can't be read.
        }
        topic.write(List.of(), removed);
    }

    private static List<String> over(List<Hold> all) {
        long past = System.currentTimeMillis() - CLOCKS_DIFFER.toMillis();
        return all.stream().filter(hold -> hold.over(past)).map(Hold::of).toList();
    }
}
