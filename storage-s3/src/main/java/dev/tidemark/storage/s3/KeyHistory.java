package dev.tidemark.storage.s3;

import java.util.List;
import java.util.Optional;

/**
 * What a bucket has kept of a key. The API lists versions and delete markers apart, so which of a marker and a version
 * of the same second came first is not known; but which one is the latest is.
 *
 * @param versions the newest first
 * @param markers the newest first
 * @param hidden whether the latest is a marker: the key is not there
 */
record KeyHistory(List<Version> versions, List<Marker> markers, boolean hidden) {

    /**
     * A version of an object.
     *
     * @param size bytes
     * @param modified when it was written, in ms since the epoch, as {@link BucketPages#stat} says it
     */
    record Version(String id, long size, long modified) {}

    /** @param modified when it was made, in ms since the epoch, as {@link BucketPages#stat} says it */
    record Marker(String id, long modified) {}

    /**
     * The version that was taken; empty if it is gone.
     *
     * @param taken as the index has it. The id {@code null} is used again and again: it has to be of the same time
     */
    Optional<Version> find(VersionIndex.Entry taken) {
        return versions.stream()
                .filter(version -> version.id().equals(taken.version())
                        && (!version.id().equals(VersionIndex.NULL) || version.modified() == taken.modified()))
                .findFirst();
    }

    /** The markers that a version may be under: the latest one in any case, where that is what hides it. */
    List<Marker> over(Version version) {
        return markers.stream()
                .filter(marker ->
                        marker.modified() >= version.modified() || (hidden && marker.equals(markers.getFirst())))
                .toList();
    }
}
