package dev.tidemark.report.data;

import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.report.data.ReportData.Past;
import dev.tidemark.report.data.ReportData.Phase;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The times of a run's phases, and of the runs before it. */
final class RunTimes {

    private static final int PAST = 200;

    private RunTimes() {}

    /** The phases of the run, with their times. A phase that is under way has taken as long as it has until now. */
    static List<Phase> phases(RunHistory.Entry entry, Instant now) {
        var phases = new ArrayList<Phase>();
        String phase = "enumerating";
        Instant since = Instant.ofEpochMilli(entry.run().requested().at());
        List<Map.Entry<Run.State, Instant>> reached = entry.reached().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .toList();
        for (Map.Entry<Run.State, Instant> state : reached) {
            String next = switch (state.getKey()) {
                case REQUESTED -> "enumerating";
                case ENUMERATED -> "marking";
                case DECIDED -> entry.run().requested().options().dryRun() ? null : phase;
                case WAITING -> "waiting for approval";
                case SWEEPING -> "sweeping";
                case SWEPT, FAILED, CANCELLED -> null;
            };
            if (next != null && next.equals(phase)) {
                continue;
            }
            phases.add(phase(phase, since, state.getValue(), false));
            since = state.getValue();
            phase = next;
            if (next == null) {
                return phases;
            }
        }
        phases.add(phase(phase, since, now, true));
        return phases;
    }

    /** Clocks differ between machines: no phase takes less than no time. */
    private static Phase phase(String name, Instant from, Instant to, boolean running) {
        return new Phase(name, Math.max(0, Duration.between(from, to).toMillis()), running);
    }

    /** The bytes that each run found and freed, up to this one. */
    static List<Past> growth(List<RunHistory.Entry> runs, RunId upTo) {
        List<Past> past = runs.stream()
                .filter(entry ->
                        entry.run().id().compareTo(upTo) <= 0 && entry.run().enumerated() != null)
                .sorted(Comparator.comparing(entry -> entry.run().id()))
                .map(RunTimes::past)
                .toList();
        return past.subList(Math.max(0, past.size() - PAST), past.size());
    }

    private static Past past(RunHistory.Entry entry) {
        Run run = entry.run();
        Instant at = entry.reached()
                .getOrDefault(
                        Run.State.ENUMERATED,
                        Instant.ofEpochMilli(run.requested().at()));
        return new Past(
                run.id().toString(),
                at.toEpochMilli(),
                run.requested().options().dryRun(),
                run.enumerated().blobs(),
                run.enumerated().bytes(),
                run.totals().eligible().bytes(),
                run.sweep().bytesFreed());
    }
}
