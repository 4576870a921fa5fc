package dev.tidemark.marker;

import java.nio.file.Path;

/**
 * How an instance of the marker runs.
 *
 * @param stateDirectory where the state stores live
 * @param threads that tasks run on
 * @param standbys how many other instances keep each task's state ready
 * @param replication of the changelogs; -1 for the cluster's own default
 * @param restarts how many threads that died of an error are replaced before the service gives up
 */
public record MarkerSettings(Path stateDirectory, int threads, int standbys, int replication, int restarts) {

  /** One process, that has the registry for itself, and tells its user of the first error. */
  public static MarkerSettings alone(Path stateDirectory) {
    return new MarkerSettings(stateDirectory, 2, 0, 1, 0);
  }
}
