package dev.tidemark.bench.collector;

import java.util.Map;

/**
 * The time, memory and requests that one run of a collector took.
 *
 * @param cpuSeconds user and system time of all its processes
 * @param peakKilobytes the largest resident set
 * @param requests to the object storage, by operation; empty for a filesystem
 */
public record Measurement(double wallSeconds, double cpuSeconds, long peakKilobytes, Map<String, Long> requests) {

    public long allRequests() {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }
}
