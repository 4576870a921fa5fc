package dev.tidemark.marker.rules;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.Held;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The partitions of the topics that markers read, in memory, and what a registry's enumerator publishes there. */
final class PublishedInput {

    private static final int MARKS = Input.values().length;

    private final int partitions;
    private final Random random;
    /** By partition: manifests, blobs, layers, marks. */
    private final List<List<List<Object>>> queues = new ArrayList<>();

    PublishedInput(int partitions, Random random) {
        this.partitions = partitions;
        this.random = random;
        for (int p = 0; p < partitions; p++) {
            queues.add(List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
        }
    }

    int partition(Digest digest) {
        return Math.floorMod(digest.hex().hashCode(), partitions);
    }

    /** Publishes a run's input, in random order, with its barriers. */
    void publish(RunId run, Options options, Collection<Held<?>> registry) {
        publish(run, options, registry, List.of());
    }

    /**
     * Publishes a run's input, the first of the simulation.
     *
     * @param again says something else of what is in the registry already: the barriers don't count it
     */
    void publish(RunId run, Options options, Collection<Held<?>> registry, Collection<Held<?>> again) {
        int[][] counts = new int[Input.values().length][partitions];
        for (Input input : Input.values()) {
            for (int p = 0; p < partitions; p++) {
                queue(p, input).add(new StartOfInput(run, input, options, Checksum.NONE));
            }
        }
        List<Held<?>> shuffled = new ArrayList<>(registry);
        Collections.shuffle(shuffled, random);
        for (Held<?> one : shuffled) {
            int p = partition(one.digest());
            queue(p, one.input()).add(one);
            counts[one.input().ordinal()][p]++;
        }
        for (Held<?> one : again) {
            List<Object> queue = queue(partition(one.digest()), one.input());
            queue.add(1 + random.nextInt(queue.size()), one);
        }
        for (Input input : Input.values()) {
            for (int p = 0; p < partitions; p++) {
                List<Object> queue = queue(p, input);
                pack(
                        run,
                        queue.subList(
                                queue.lastIndexOf(new StartOfInput(run, input, options, Checksum.NONE)) + 1,
                                queue.size()));
                queue(p, input).add(new EndOfInput(run, input, counts[input.ordinal()][p], Checksum.NONE));
            }
        }
    }

    /** Puts what a registry holds into packs, some of them of one, each where its first one was. */
    private void pack(RunId run, List<Object> held) {
        Map<String, List<Held<?>>> open = new HashMap<>();
        List<List<Held<?>>> packs = new ArrayList<>();
        for (Object each : held) {
            var one = (Held<?>) each;
            String kind = one.input() + " " + one.repository();
            boolean alone = random.nextInt(3) == 0;
            if (alone || !open.containsKey(kind)) {
                open.put(kind, new ArrayList<>());
                packs.add(open.get(kind));
            }
            open.get(kind).add(one);
            if (alone) {
                open.remove(kind);
            }
        }
        held.clear();
        packs.forEach(pack -> held.add(Held.pack(run, pack)));
    }

    /** How many records are published and not yet consumed. */
    int published() {
        return queues.stream().flatMap(List::stream).mapToInt(List::size).sum();
    }

    /** Removes one of the records of the input that are published. */
    Object loseInput(int index) {
        int left = index;
        for (List<List<Object>> partition : queues) {
            for (List<Object> queue : partition) {
                if (left < queue.size()) {
                    return queue.remove(left);
                }
                left -= queue.size();
            }
        }
        throw new IllegalArgumentException("there is no record " + index);
    }

    /** The records of a partition: of the three inputs, and of marks. */
    List<Object> queue(int partition, int topic) {
        return queues.get(partition).get(topic);
    }

    List<Object> marks(int partition) {
        return queues.get(partition).get(MARKS);
    }

    private List<Object> queue(int partition, Input input) {
        return queues.get(partition).get(input.ordinal());
    }
}
