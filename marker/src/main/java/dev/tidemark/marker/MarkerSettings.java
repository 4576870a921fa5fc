package dev.tidemark.marker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of an instance of the marker.
 *
 * @param stateDirectory where the state stores live
 * @param threads that tasks run on
 * @param standbys how many other instances keep each task's state ready
 * @param replication of the changelogs; -1 for the cluster's own default
 * @param commitInterval how much work a crash may cost, at most; barriers are committed at once
 * @param restarts how many threads that died of an error are replaced within ten minutes, before the service gives up
 */
public record MarkerSettings(
        Path stateDirectory, int threads, int standbys, int replication, Duration commitInterval, int restarts) {

    /** How often an instance commits that others may have to go on for. */
    public static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    /**
     * A run that nobody goes on with if this instance crashes: rows that change again before it ends are stored once.
     */
    private static final Duration COMMIT_INTERVAL_ALONE = Duration.ofSeconds(60);

    /** One process, that has the registry for itself, and tells its user of the first error. */
    public static MarkerSettings alone(Path stateDirectory) {
        return new MarkerSettings(stateDirectory, 2, 0, 1, COMMIT_INTERVAL_ALONE, 0);
    }
}
