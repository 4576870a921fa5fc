package dev.tidemark.bench.result;

import dev.tidemark.bench.collector.Measurement;
import java.util.List;
import java.util.Map;

/**
 * The time, memory and requests that a collector took, over all its runs.
 *
 * @param requestsByOperation of the last run
 */
public record Figures(
        String collector,
        int runs,
        Spread wallSeconds,
        Spread cpuSeconds,
        Spread peakMegabytes,
        Spread requests,
        Map<String, Long> requestsByOperation) {

    public static Figures of(String collector, List<Measurement> measurements) {
        return new Figures(
                collector,
                measurements.size(),
                Spread.of(measurements, Measurement::wallSeconds),
                Spread.of(measurements, Measurement::cpuSeconds),
                Spread.of(measurements, each -> each.peakKilobytes() / 1024.0),
                Spread.of(measurements, Measurement::allRequests),
                measurements.getLast().requests());
    }
}
