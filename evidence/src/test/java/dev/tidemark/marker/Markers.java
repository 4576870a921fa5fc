package dev.tidemark.marker;

import dev.tidemark.marker.rows.MarkStore;
import dev.tidemark.marker.rules.MarkPacks;
import dev.tidemark.marker.rules.Marker;
import dev.tidemark.marker.rules.Outbox;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The real markers of all partitions, in memory: what they are given and what they say of it. */
public final class Markers {

    private static final int ROWS = 1_000;
    private static final int PACK = 1_000;

    private final Random random;
    private final Says says;
    private final List<Marker> markers = new ArrayList<>();
    /** By partition: the three topics, and the marks. */
    private final List<List<Deque<Object>>> queues = new ArrayList<>();

    /** Told of what the markers write, in the order in which they do. */
    public interface Says {
        void marks(MarksRecord record);

        /** Returns the record as it is written. */
        byte[] eligible(int partition, boolean dryRun, EligibleRecord record);

        void run(RunRecord record);
    }

    public Markers(Topics topics, Random random, Says says) {
        this.random = random;
        this.says = says;
        for (int p = 0; p < topics.partitions(); p++) {
            queues.add(List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>()));
            markers.add(new Marker(
                    p,
                    new MarkPacks(topics.partitions(), topics::partition, PACK),
                    run -> false,
                    new MemoryStore(),
                    new Box(p),
                    ROWS));
        }
    }

    /** Gives a marker a record of its input, after those that it was given before. */
    public void give(EnumeratedRecord.Input input, int partition, EnumeratedRecord record) {
        queues.get(partition).get(input.ordinal()).add(record);
    }

    /** Lets them mark and decide, until there is nothing more to do. */
    public void run() {
        while (true) {
            List<Runnable> steps = new ArrayList<>();
            for (int p = 0; p < markers.size(); p++) {
                Marker marker = markers.get(p);
                for (Deque<Object> queue : queues.get(p)) {
                    if (!queue.isEmpty()) {
                        steps.add(() -> take(marker, queue.remove()));
                    }
                }
                if (marker.deciding()) {
                    steps.add(() -> marker.decide(1 + random.nextInt(5)));
                }
            }
            if (steps.isEmpty()) {
                return;
            }
            steps.get(random.nextInt(steps.size())).run();
        }
    }

    private static void take(Marker marker, Object record) {
        switch (record) {
            case EnumeratedRecord enumerated -> marker.on(enumerated);
            case MarksRecord marks -> marker.on(marks);
            default -> throw new IllegalStateException("nobody gave it: " + record);
        }
        marker.beforeCommit();
    }

    private final class Box implements Outbox {

        private final int partition;

        Box(int partition) {
            this.partition = partition;
        }

        @Override
        public void marks(MarksRecord record) {
            says.marks(record);
            queues.get(record.to()).get(EnumeratedRecord.Input.values().length).add(record);
        }

        @Override
        public byte[] eligible(boolean dryRun, EligibleRecord record) {
            return says.eligible(partition, dryRun, record);
        }

        @Override
        public void decided(RunRecord.Decided record) {
            says.run(record);
        }

        @Override
        public void failed(RunId run, String why) {
            says.run(new RunRecord.Failed(run, "marker", why));
        }

        @Override
        public void flush() {
            // All is seen at once.
        }
    }

    /** Rows in the order of unsigned bytes. */
    private static final class MemoryStore implements MarkStore {

        private final TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        private byte[] progress;

        @Override
        public byte[] get(byte[] key) {
            return rows.get(key);
        }

        @Override
        public void putAll(List<Entry> entries) {
            entries.forEach(entry -> rows.put(entry.key(), entry.value()));
        }

        @Override
        public void delete(byte[] key) {
            rows.remove(key);
        }

        @Override
        public Cursor from(byte[] key) {
            Iterator<Map.Entry<byte[], byte[]>> snapshot =
                    new TreeMap<>(rows.tailMap(key, true)).entrySet().iterator();
            return new Cursor() {
                @Override
                public boolean hasNext() {
                    return snapshot.hasNext();
                }

                @Override
                public Entry next() {
                    Map.Entry<byte[], byte[]> next = snapshot.next();
                    return new Entry(next.getKey(), next.getValue());
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }

        @Override
        public byte[] progress() {
            return progress;
        }

        @Override
        public void saveProgress(byte[] saved) {
            progress = saved;
        }
    }
}
