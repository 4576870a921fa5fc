package dev.tidemark.kafka.run;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All runs that the topic {@code runs} still knows, and when each reached which state. */
public final class RunHistory {

    private final Map<RunId, Entry> entries = new TreeMap<>();
    private Optional<Run> latest = Optional.empty();

    /**
     * A run and its past.
     *
     * @param reached when it first came to each state
     */
    public record Entry(Run run, Map<Run.State, Instant> reached) {

        /** When it was last heard of. */
        public Instant last() {
            return reached.values().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
        }
    }

    private RunHistory() {}

    /** Reads the whole topic, as it is now. */
    public static RunHistory read(Cluster cluster) {
        var history = new RunHistory();
        try (var log = new RunLog(cluster, history::changed)) {
            log.toEnd();
        }
        return history;
    }

    private void changed(Optional<Run> before, Run run, long at) {
        Instant time = Instant.ofEpochMilli(at);
        before.filter(last -> !last.id().equals(run.id()) && (!last.ended() || last.state() == Run.State.WAITING))
                .ifPresent(last -> put(
                        Run.after(before, new RunRecord.Cancelled(last.id(), "ended with the next one, " + run.id()))
                                .orElseThrow(),
                        time));
        put(run, time);
        latest = Optional.of(run);
    }

    private void put(Run run, Instant at) {
        Entry known = entries.get(run.id());
        var reached = new EnumMap<Run.State, Instant>(Run.State.class);
        if (known != null) {
            reached.putAll(known.reached());
        }
        reached.putIfAbsent(run.state(), at);
        entries.put(run.id(), new Entry(run, reached));
    }

    /** From the first to the latest. */
    public List<Entry> all() {
        return new ArrayList<>(entries.values());
    }

    public Optional<Entry> latest() {
        return latest.map(run -> entries.get(run.id()));
    }

    public Optional<Entry> of(RunId run) {
        return Optional.ofNullable(entries.get(run));
    }
}
